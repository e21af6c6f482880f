package io.thyra.admission;

import io.thyra.model.Authorizer;
import io.thyra.model.BooleanValue;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.NodeIdentity;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.io.IOException;
import java.util.Optional;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/// Keeps each node to its own objects: what the mode Node cannot see, because it is in the object.
/// Source: kubernetes plugin/pkg/admission/noderestriction/admission.go.
final class NodeRestriction implements Plugin {
  // As the caches that upstream asks name what is missing.
  private static final GroupResource POD = new GroupResource("", "pod");
  private static final GroupResource NODE = new GroupResource("", "node");
  private static final String LEASE_NAMESPACE = "kube-node-lease";
  private static final String SERVING_SIGNER = "kubernetes.io/kubelet-serving";
  private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";

  private final Registry registry;
  private final NodeTokenAudiences audiences;

  private final Optional<PodCertificateAccess> certificates;

  /// @param certificates whether nodes may ask for certificates of pods at all
  NodeRestriction(Registry registry, Authorizer authorizer, boolean certificates) {
    this.registry = registry;
    this.certificates = certificates ? Optional.of(new PodCertificateAccess(registry)) : Optional.empty();
    this.audiences = new NodeTokenAudiences(registry, authorizer);
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return attributes.operation() != Operation.CONNECT && NodeIdentity.of(attributes.context().user()).isPresent();
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    String node = NodeIdentity.of(attributes.context().user()).orElseThrow();
    if (node.isEmpty()) {
      throw forbidden(attributes, "could not determine node from user " + GoText.quote(attributes.context().user().name()));
    }
    String resource = attributes.resource().groupResource().toString();
    switch (resource) {
      case "pods" -> pod(node, attributes);
      case "nodes" -> node(node, attributes);
      case "persistentvolumeclaims" -> claim(node, attributes);
      case "serviceaccounts" -> token(node, attributes);
      case "podcertificaterequests.certificates.k8s.io" ->
          certificates
              .orElseThrow(() -> forbidden(attributes, "PodCertificateRequest feature gate is disabled"))
              .check(node, attributes);
      case "leases.coordination.k8s.io" -> lease(node, attributes);
      case "csinodes.storage.k8s.io" -> named(node, attributes, "can only access CSINode with the same name as the requesting node");
      case "resourceslices.resource.k8s.io" -> slice(node, attributes);
      case "certificatesigningrequests.certificates.k8s.io" -> signingRequest(node, attributes);
      default -> {}
    }
    return attributes;
  }

  private static RuntimeException forbidden(AdmissionAttributes attributes, String why) {
    return Refusal.forbidden(attributes, why);
  }

  private static RuntimeException unexpected(AdmissionAttributes attributes) {
    return forbidden(attributes, "unexpected operation " + GoText.quote(attributes.operation().name()));
  }

  private void pod(String node, AdmissionAttributes attributes) {
    switch (attributes.subresource()) {
      case "" -> wholePod(node, attributes);
      case "status" -> podStatus(node, attributes);
      case "eviction" -> eviction(node, attributes);
      default ->
          throw forbidden(
              attributes,
              "unexpected pod subresource " + GoText.quote(attributes.subresource()) + ", only 'status' and 'eviction' are allowed");
    }
  }

  private void wholePod(String node, AdmissionAttributes attributes) {
    switch (attributes.operation()) {
      case CREATE -> mirrorPod(node, attributes);
      case DELETE -> {
        if (!nodeOf(getPod(attributes.namespace(), attributes.name())).equals(node)) {
          throw forbidden(attributes, "node " + GoText.quote(node) + " can only delete pods with spec.nodeName set to itself");
        }
      }
      case UPDATE, CONNECT ->
          throw forbidden(
              attributes,
              "unexpected operation \"" + attributes.operation() + "\", node " + GoText.quote(node) + " can only create and delete mirror pods");
    }
  }

  private static String nodeOf(ObjectValue pod) {
    return pod.string("spec", "nodeName");
  }

  private ObjectValue getPod(String namespace, String name) {
    return registry.peek(Resources.PODS, namespace, name).orElseThrow(() -> Refusal.notFound(POD, name));
  }

  private void mirrorPod(String node, AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    String quoted = GoText.quote(node);
    if (!pod.object("metadata", "annotations").has(MirrorPods.ANNOTATION)) {
      throw forbidden(attributes, "pod does not have \"" + MirrorPods.ANNOTATION + "\" annotation, node " + quoted + " can only create mirror pods");
    }
    if (!nodeOf(pod).equals(node)) {
      throw forbidden(attributes, "node " + quoted + " can only create pods with spec.nodeName set to itself");
    }
    var owners = pod.list("metadata", "ownerReferences").objects();
    if (owners.size() > 1) {
      throw forbidden(attributes, "node " + quoted + " can only create pods with a single owner reference set to itself");
    }
    ObjectValue owner = owners.isEmpty() ? ObjectValue.EMPTY : owners.getFirst();
    if (!owner.string("apiVersion").equals("v1") || !owner.string("kind").equals("Node") || !owner.string("name").equals(node)) {
      throw forbidden(attributes, "node " + quoted + " can only create pods with an owner reference set to itself");
    }
    if (owner.get("controller") != BooleanValue.TRUE) {
      throw forbidden(attributes, "node " + quoted + " can only create pods with a controller owner reference set to itself");
    }
    if (owner.bool("blockOwnerDeletion")) {
      throw forbidden(attributes, "node " + quoted + " must not set blockOwnerDeletion on an owner reference");
    }
    String uid = registry.peek(Resources.NODES, "", node).map(Metadata::uid).orElseThrow(() -> Refusal.notFound(NODE, node));
    if (!owner.string("uid").equals(uid)) {
      throw forbidden(attributes, "node " + node + " UID mismatch: expected " + owner.string("uid") + " got " + uid);
    }
    Optional<String> reference = MirrorPods.findReference(pod.object("spec"));
    if (reference.isPresent()) {
      throw forbidden(attributes, "node " + quoted + " can not create pods that reference " + reference.get());
    }
  }

  private static void podStatus(String node, AdmissionAttributes attributes) {
    if (!Resources.updates(attributes)) {
      throw unexpected(attributes);
    }
    ObjectValue pod = Resources.object(attributes);
    ObjectValue old = Resources.oldObject(attributes);
    String quoted = GoText.quote(node);
    if (!nodeOf(old).equals(node)) {
      throw forbidden(attributes, "node " + quoted + " can only update pod status for pods with spec.nodeName set to itself");
    }
    if (!old.object("metadata", "labels").equals(pod.object("metadata", "labels"))) {
      throw forbidden(attributes, "node " + quoted + " cannot update labels through pod status");
    }
    if (!old.list("status", "resourceClaimStatuses").equals(pod.list("status", "resourceClaimStatuses"))) {
      throw forbidden(attributes, "node " + quoted + " cannot update resource claim statues");
    }
    if (!old.object("status", "extendedResourceClaimStatus").equals(pod.object("status", "extendedResourceClaimStatus"))) {
      throw forbidden(attributes, "node " + quoted + " cannot update extended resource claim status");
    }
  }

  private void eviction(String node, AdmissionAttributes attributes) {
    if (!Resources.creates(attributes)) {
      throw forbidden(attributes, "unexpected operation " + attributes.operation());
    }
    String name = attributes.name().isEmpty() ? Metadata.name(Resources.object(attributes)) : attributes.name();
    if (name.isEmpty()) {
      throw forbidden(attributes, "could not determine pod from request data");
    }
    if (!nodeOf(getPod(attributes.namespace(), name)).equals(node)) {
      throw forbidden(attributes, "node " + node + " can only evict pods with spec.nodeName set to itself");
    }
  }

  private static void claim(String node, AdmissionAttributes attributes) {
    if (!attributes.subresource().equals("status")) {
      throw forbidden(attributes, "may only update PVC status");
    }
    if (!Resources.updates(attributes)) {
      throw unexpected(attributes);
    }
    if (!unchangeable(Resources.object(attributes)).equals(unchangeable(Resources.oldObject(attributes)))) {
      throw forbidden(
          attributes,
          "node " + GoText.quote(node) + " is not allowed to update fields other than status.quantity and status.conditions: ");
    }
  }

  /// What of a claim its node has to leave as it is.
  private static ObjectValue unchangeable(ObjectValue claim) {
    return claim
        .change("metadata", metadata -> metadata.without("resourceVersion").without("managedFields"))
        .change(
            "status",
            status -> status.without("capacity").without("conditions").without("allocatedResourceStatuses").without("allocatedResources"));
  }

  private static void node(String node, AdmissionAttributes attributes) {
    String quoted = GoText.quote(node);
    if (!attributes.name().equals(node)) {
      throw forbidden(attributes, "node " + quoted + " is not allowed to modify node " + GoText.quote(attributes.name()));
    }
    ObjectValue object = Resources.object(attributes);
    if (Resources.creates(attributes)) {
      if (object.object("spec").has("configSource")) {
        throw forbidden(attributes, "node " + quoted + " is not allowed to create pods with a non-nil configSource");
      }
      var labels = NodeLabels.forbiddenChanges(object, ObjectValue.EMPTY);
      if (!labels.isEmpty()) {
        throw forbidden(attributes, "node " + quoted + " is not allowed to set the following labels: " + String.join(", ", labels));
      }
    }
    if (Resources.updates(attributes)) {
      ObjectValue old = Resources.oldObject(attributes);
      if (object.object("spec").has("configSource") && !object.object("spec", "configSource").equals(old.object("spec", "configSource"))) {
        throw forbidden(attributes, "node " + quoted + " is not allowed to update configSource to a new non-nil configSource");
      }
      if (!object.list("spec", "taints").equals(old.list("spec", "taints"))) {
        throw forbidden(attributes, "node " + quoted + " is not allowed to modify taints");
      }
      if (!object.list("metadata", "ownerReferences").equals(old.list("metadata", "ownerReferences"))) {
        throw forbidden(attributes, "node " + quoted + " is not allowed to modify ownerReferences");
      }
      var labels = NodeLabels.forbiddenChanges(object, old);
      if (!labels.isEmpty()) {
        throw forbidden(attributes, "is not allowed to modify labels: " + String.join(", ", labels));
      }
    }
  }

  /// A token that a node asks for is bound to a pod that runs there.
  private void token(String node, AdmissionAttributes attributes) {
    if (!Resources.creates(attributes) || !attributes.subresource().equals("token")) {
      return;
    }
    ObjectValue request = Resources.object(attributes);
    ObjectValue bound = request.object("spec", "boundObjectRef");
    String name = bound.string("name");
    if (!bound.string("apiVersion").equals("v1") || !bound.string("kind").equals("Pod") || name.isEmpty()) {
      throw forbidden(attributes, "node requested token not bound to a pod");
    }
    String uid = bound.string("uid");
    if (uid.isEmpty()) {
      throw forbidden(attributes, "node requested token with a pod binding without a uid");
    }
    ObjectValue pod = getPod(attributes.namespace(), name);
    if (!Metadata.uid(pod).equals(uid)) {
      throw forbidden(
          attributes,
          "the UID in the bound object reference ("
              + uid
              + ") does not match the UID in record. The object might have been deleted and then recreated");
    }
    if (!nodeOf(pod).equals(node)) {
      throw forbidden(attributes, "node requested token bound to a pod scheduled on a different node");
    }
    audiences
        .findProblem(attributes, request.list("spec", "audiences").strings(), pod)
        .ifPresent(
            problem -> {
              throw forbidden(attributes, problem);
            });
  }

  private static void lease(String node, AdmissionAttributes attributes) {
    if (!attributes.namespace().equals(LEASE_NAMESPACE)) {
      throw forbidden(attributes, "can only access leases in the \"" + LEASE_NAMESPACE + "\" system namespace");
    }
    named(node, attributes, "can only access node lease with the same name as the requesting node");
  }

  private static void named(String node, AdmissionAttributes attributes, String why) {
    String name = Resources.creates(attributes) ? Metadata.name(Resources.object(attributes)) : attributes.name();
    if (!name.equals(node)) {
      throw forbidden(attributes, why);
    }
  }

  private static void slice(String node, AdmissionAttributes attributes) {
    boolean deletes = attributes.operation() == Operation.DELETE;
    if (!deletes && !Resources.creates(attributes)) {
      return;
    }
    ObjectValue slice = deletes ? Resources.oldObject(attributes) : Resources.object(attributes);
    if (!nodeOf(slice).equals(node)) {
      throw forbidden(attributes, "can only " + (deletes ? "delete" : "create") + " ResourceSlice with the same NodeName as the requesting node");
    }
  }

  private static void signingRequest(String node, AdmissionAttributes attributes) {
    ObjectValue spec = Resources.object(attributes).object("spec");
    String signer = spec.string("signerName");
    if (!Resources.creates(attributes) || !signer.equals(SERVING_SIGNER) && !signer.equals(CLIENT_SIGNER)) {
      return;
    }
    PKCS10CertificationRequest parsed;
    try {
      parsed = CertificateSubjectRestriction.parse(spec.string("request"));
    } catch (IOException | IllegalArgumentException e) {
      throw forbidden(attributes, "unable to parse csr: " + e.getMessage());
    }
    var names = parsed.getSubject().getRDNs(BCStyle.CN);
    // Of several the last counts, as in Go.
    String name = names.length == 0 ? "" : IETFUtils.valueToString(names[names.length - 1].getFirst().getValue());
    if (!name.equals("system:node:" + node)) {
      throw forbidden(attributes, "can only create a node CSR with CN=system:node:" + node);
    }
  }
}
