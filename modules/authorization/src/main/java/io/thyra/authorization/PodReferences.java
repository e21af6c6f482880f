package io.thyra.authorization;

import io.thyra.machinery.PodSecrets;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What a pod or a volume names that the node which runs or mounts it must read.
/// Source: kubernetes pkg/api/v1/pod/util.go, pkg/api/v1/persistentvolume/util.go, plugin/pkg/auth/authorizer/node/graph.go.
final class PodReferences {
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final List<String> CONTAINERS = List.of("initContainers", "containers", "ephemeralContainers");
  // Sources of volumes whose reference to a secret falls back to the namespace of the claim, and those where it does not.
  private static final List<String> CLAIM_NAMESPACE = List.of("cephfs", "flexVolume", "rbd", "scaleIO", "iscsi");
  private static final List<String> OWN_NAMESPACE = List.of("cinder", "storageos");
  // Those of a CSI volume that a kubelet uses.
  private static final List<String> KUBELET_SECRETS = List.of("nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef");

  private PodReferences() {}

  /// The objects that a pod gives its node access to, itself first.
  static Set<NodeGraph.Vertex> ofPod(ObjectValue pod) {
    String namespace = pod.string("metadata", "namespace");
    var found = new HashSet<NodeGraph.Vertex>();
    found.add(new NodeGraph.Vertex(NodeGraph.Type.POD, namespace, pod.string("metadata", "name")));
    // A node makes mirror pods itself, and must not give itself rights by one.
    if (pod.object("metadata", "annotations").has(MIRROR)) {
      return found;
    }
    ObjectValue spec = pod.object("spec");
    add(found, NodeGraph.Type.SERVICE_ACCOUNT, namespace, spec.string("serviceAccountName"));
    PodSecrets.of(spec).forEach(name -> add(found, NodeGraph.Type.SECRET, namespace, name));
    visitConfigMaps(spec, name -> add(found, NodeGraph.Type.CONFIG_MAP, namespace, name));
    for (ObjectValue volume : spec.list("volumes").objects()) {
      if (volume.has("persistentVolumeClaim")) {
        add(found, NodeGraph.Type.CLAIM, namespace, volume.string("persistentVolumeClaim", "claimName"));
      } else if (volume.has("ephemeral")) {
        add(found, NodeGraph.Type.CLAIM, namespace, pod.string("metadata", "name") + "-" + volume.string("name"));
      }
    }
    for (ObjectValue claim : spec.list("resourceClaims").objects()) {
      add(found, NodeGraph.Type.RESOURCE_CLAIM, namespace, resourceClaim(pod, claim));
    }
    add(found, NodeGraph.Type.RESOURCE_CLAIM, namespace, pod.string("status", "extendedResourceClaimStatus", "resourceClaimName"));
    return found;
  }

  private static void add(Set<NodeGraph.Vertex> found, NodeGraph.Type type, String namespace, String name) {
    if (!name.isEmpty()) {
      found.add(new NodeGraph.Vertex(type, namespace, name));
    }
  }

  /// The name of a claim that a pod names itself or that was made for it; empty when there is none yet, or none is needed.
  private static String resourceClaim(ObjectValue pod, ObjectValue claim) {
    String own = claim.string("resourceClaimName");
    if (!own.isEmpty() || !claim.has("resourceClaimTemplateName")) {
      return own;
    }
    for (ObjectValue status : pod.list("status", "resourceClaimStatuses").objects()) {
      if (status.string("name").equals(claim.string("name"))) {
        return status.string("resourceClaimName");
      }
    }
    return "";
  }

  private static void visitConfigMaps(ObjectValue spec, Consumer<String> visitor) {
    for (ObjectValue container : containers(spec)) {
      container.list("envFrom").objects().forEach(from -> visitor.accept(from.string("configMapRef", "name")));
      container.list("env").objects().forEach(env -> visitor.accept(env.string("valueFrom", "configMapKeyRef", "name")));
    }
    for (ObjectValue volume : spec.list("volumes").objects()) {
      visitor.accept(volume.string("configMap", "name"));
      volume.list("projected", "sources").objects().forEach(source -> visitor.accept(source.string("configMap", "name")));
    }
  }

  private static List<ObjectValue> containers(ObjectValue spec) {
    var found = new ArrayList<ObjectValue>();
    CONTAINERS.forEach(list -> found.addAll(spec.list(list).objects()));
    return found;
  }

  /// The secrets that a node needs to mount a volume.
  static Set<NodeGraph.Vertex> secretsOfVolume(ObjectValue volume) {
    ObjectValue spec = volume.object("spec");
    String claimNamespace = spec.string("claimRef", "namespace");
    var found = new HashSet<NodeGraph.Vertex>();
    if (spec.get("azureFile") instanceof ObjectValue file) {
      String namespace = file.string("secretNamespace");
      add(found, NodeGraph.Type.SECRET, namespace.isEmpty() ? claimNamespace : namespace, file.string("secretName"));
    }
    for (String sort : CLAIM_NAMESPACE) {
      ObjectValue reference = spec.object(sort, "secretRef");
      String namespace = reference.string("namespace");
      add(found, NodeGraph.Type.SECRET, namespace.isEmpty() ? claimNamespace : namespace, reference.string("name"));
    }
    for (String sort : OWN_NAMESPACE) {
      ObjectValue reference = spec.object(sort, "secretRef");
      add(found, NodeGraph.Type.SECRET, reference.string("namespace"), reference.string("name"));
    }
    for (String field : KUBELET_SECRETS) {
      ObjectValue reference = spec.object("csi", field);
      add(found, NodeGraph.Type.SECRET, reference.string("namespace"), reference.string("name"));
    }
    return found;
  }
}
