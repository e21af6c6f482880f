package io.thyra.admission;

import io.thyra.machinery.PodSecrets;
import io.thyra.model.ObjectValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Pods that a kubelet shows of what it runs by its own files. They may name nothing that is stored in the API, or a node
/// could reach it through them. Source: kubernetes pkg/api/pod/util.go HasAPIObjectReference.
final class MirrorPods {
  static final String ANNOTATION = "kubernetes.io/config.mirror";

  // Volumes that name no object.
  private static final Set<String> PLAIN_VOLUMES =
      Set.of(
          "awsElasticBlockStore",
          "azureDisk",
          "cephfs",
          "cinder",
          "downwardAPI",
          "emptyDir",
          "fc",
          "flexVolume",
          "flocker",
          "gcePersistentDisk",
          "gitRepo",
          "hostPath",
          "image",
          "iscsi",
          "nfs",
          "photonPersistentDisk",
          "portworxVolume",
          "quobyte",
          "rbd",
          "scaleIO",
          "storageos",
          "vsphereVolume");
  private static final Map<String, String> VOLUMES =
      Map.of(
          "configMap", "configmaps (via configmap volumes)",
          "secret", "secrets (via secret volumes)",
          "csi", "csidrivers (via CSI volumes)",
          "glusterfs", "endpoints (via glusterFS volumes)",
          "persistentVolumeClaim", "persistentvolumeclaims",
          "ephemeral", "persistentvolumeclaims (via ephemeral volumes)",
          "azureFile", "secrets (via azureFile volumes)");
  private static final Map<String, String> PROJECTED =
      Map.of(
          "configMap", "configmaps (via projected volumes)",
          "secret", "secrets (via projected volumes)",
          "serviceAccountToken", "serviceaccounts (via projected volumes)",
          "clusterTrustBundle", "clustertrustbundles",
          "podCertificate", "podcertificates");

  private MirrorPods() {}

  /// What sort of object a pod names.
  static Optional<String> findReference(ObjectValue spec) {
    if (!spec.string("serviceAccountName").isEmpty()) {
      return Optional.of("serviceaccounts");
    }
    if (!PodSecrets.of(spec).isEmpty()) {
      return Optional.of("secrets");
    }
    if (namesConfigMap(spec)) {
      return Optional.of("configmaps");
    }
    if (!spec.list("resourceClaims").isEmpty()) {
      return Optional.of("resourceclaims");
    }
    return spec.list("volumes").objects().stream().flatMap(volume -> ofVolume(volume).stream()).findFirst();
  }

  private static boolean namesConfigMap(ObjectValue spec) {
    return PodContainers.all(spec).stream().anyMatch(placed -> containerNamesConfigMap(placed.container()))
        || spec.list("volumes").objects().stream()
            .anyMatch(
                volume ->
                    !volume.string("configMap", "name").isEmpty()
                        || volume.list("projected", "sources").objects().stream().anyMatch(s -> !s.string("configMap", "name").isEmpty()));
  }

  private static boolean containerNamesConfigMap(ObjectValue container) {
    return container.list("envFrom").objects().stream().anyMatch(e -> !e.string("configMapRef", "name").isEmpty())
        || container.list("env").objects().stream().anyMatch(e -> !e.string("valueFrom", "configMapKeyRef", "name").isEmpty());
  }

  private static Optional<String> ofVolume(ObjectValue volume) {
    if (volume.names().stream().anyMatch(PLAIN_VOLUMES::contains)) {
      return Optional.empty();
    }
    if (volume.has("projected")) {
      return volume.list("projected", "sources").objects().stream()
          .flatMap(source -> source.names().stream().filter(PROJECTED::containsKey).map(PROJECTED::get))
          .findFirst();
    }
    return volume.names().stream().filter(VOLUMES::containsKey).map(VOLUMES::get).findFirst();
  }
}
