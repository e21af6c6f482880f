package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.registry.Registry;
import java.util.Optional;

/// A node may ask for certificates of the pods that run on it. What may only be late to arrive here is no refusal, so that the node
/// tries again. Source: plugin/pkg/admission/noderestriction/admission.go, admitPodCertificateRequest.
record PodCertificateAccess(Registry registry) {
  private static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");
  private static final String MIRROR = "kubernetes.io/config.mirror";

  void check(String node, AdmissionAttributes attributes) {
    if (attributes.operation() != Operation.CREATE) {
      throw Refusal.forbidden(attributes, "unexpected operation " + attributes.operation().name());
    }
    if (!attributes.subresource().isEmpty()) {
      throw Refusal.forbidden(attributes, "unexpected subresource " + attributes.subresource());
    }
    ObjectValue spec = Resources.object(attributes).object("spec");
    checkNode(node, spec, attributes);
    checkPod(spec, attributes);
  }

  private void checkNode(String node, ObjectValue spec, AdmissionAttributes attributes) {
    String name = spec.string("nodeName");
    if (!name.equals(node)) {
      throw Refusal.forbidden(
          attributes, "PodCertificateRequest.Spec.NodeName=" + GoText.quote(name) + ", which is not the requesting node " + GoText.quote(node));
    }
    ObjectValue found =
        registry
            .peek(Resources.NODES, "", name)
            .orElseThrow(() -> missing("node " + GoText.quote(name), "node " + GoText.quote(name)));
    String uid = found.string("metadata", "uid");
    if (!uid.equals(spec.string("nodeUID"))) {
      throw Refusal.plain(
          about(spec, attributes) + " names node UID " + GoText.quote(spec.string("nodeUID")) + ", inconsistent with the running node ("
              + GoText.quote(uid) + ")");
    }
  }

  private static RuntimeException missing(String what, String object) {
    return Refusal.plain("while retrieving " + what + " named in the PodCertificateRequest: " + object + " not found");
  }

  private static String pod(ObjectValue spec, AdmissionAttributes attributes) {
    return GoText.quote(attributes.namespace() + "/" + spec.string("podName"));
  }

  private static String about(ObjectValue spec, AdmissionAttributes attributes) {
    return "PodCertificateRequest for pod " + pod(spec, attributes);
  }

  private void checkPod(ObjectValue spec, AdmissionAttributes attributes) {
    String name = spec.string("podName");
    String shown = pod(spec, attributes);
    ObjectValue found =
        registry
            .peek(Resources.PODS, attributes.namespace(), name)
            .orElseThrow(() -> missing("pod " + shown, "pod " + GoText.quote(name)));
    String uid = found.string("metadata", "uid");
    if (!uid.equals(spec.string("podUID"))) {
      throw Refusal.plain(
          about(spec, attributes) + " contains pod UID (" + GoText.quote(spec.string("podUID")) + ") which differs from running pod "
              + GoText.quote(uid));
    }
    if (!found.string("spec", "nodeName").equals(spec.string("nodeName"))) {
      throw Refusal.forbidden(
          attributes,
          "pod " + shown + " is not running on node " + GoText.quote(spec.string("nodeName")) + " named in the PodCertificateRequest");
    }
    if (found.object("metadata", "annotations").has(MIRROR)) {
      throw Refusal.forbidden(attributes, "pod " + shown + " is a mirror pod");
    }
    checkAccount(spec, found.string("spec", "serviceAccountName"), attributes);
  }

  private void checkAccount(ObjectValue spec, String running, AdmissionAttributes attributes) {
    String name = spec.string("serviceAccountName");
    if (!name.equals(running)) {
      throw Refusal.forbidden(
          attributes,
          about(spec, attributes) + " contains serviceAccountName (" + GoText.quote(name) + ") that differs from running pod ("
              + GoText.quote(running) + ")");
    }
    Optional<ObjectValue> account = registry.peek(ACCOUNTS, attributes.namespace(), name);
    String shown = GoText.quote(attributes.namespace() + "/" + name);
    String uid =
        account
            .orElseThrow(() -> missing("service account " + shown, "serviceaccount " + GoText.quote(name)))
            .string("metadata", "uid");
    if (!uid.equals(spec.string("serviceAccountUID"))) {
      throw Refusal.plain(
          about(spec, attributes) + " names service account UID " + GoText.quote(spec.string("serviceAccountUID"))
              + ", which differs from the running service account (" + GoText.quote(uid) + ")");
    }
  }
}
