package io.thyra.machinery;

import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The secrets that a pod names. Source: kubernetes pkg/api/v1/pod/util.go, pkg/api/pod/util.go.
public final class PodSecrets {
  private static final List<String> CONTAINERS = List.of("initContainers", "containers", "ephemeralContainers");
  // Where a volume of a sort names its secret; those of `projected` stand one level deeper.
  private static final Map<String, List<String>> VOLUMES =
      Map.ofEntries(
          Map.entry("azureFile", List.of("secretName")),
          Map.entry("cephfs", List.of("secretRef", "name")),
          Map.entry("cinder", List.of("secretRef", "name")),
          Map.entry("flexVolume", List.of("secretRef", "name")),
          Map.entry("rbd", List.of("secretRef", "name")),
          Map.entry("secret", List.of("secretName")),
          Map.entry("scaleIO", List.of("secretRef", "name")),
          Map.entry("iscsi", List.of("secretRef", "name")),
          Map.entry("storageos", List.of("secretRef", "name")),
          Map.entry("csi", List.of("nodePublishSecretRef", "name")));

  private PodSecrets() {}

  /// @param spec of a pod or of a template of pods
  public static Set<String> of(ObjectValue spec) {
    var found = new TreeSet<String>();
    spec.list("imagePullSecrets").objects().forEach(reference -> found.add(reference.string("name")));
    for (String list : CONTAINERS) {
      for (ObjectValue container : spec.list(list).objects()) {
        container.list("envFrom").objects().forEach(from -> found.add(from.string("secretRef", "name")));
        container.list("env").objects().forEach(env -> found.add(env.string("valueFrom", "secretKeyRef", "name")));
      }
    }
    for (ObjectValue volume : spec.list("volumes").objects()) {
      VOLUMES.forEach((sort, path) -> found.add(volume.object(sort).string(path.toArray(String[]::new))));
      volume.list("projected", "sources").objects().forEach(source -> found.add(source.string("secret", "name")));
    }
    found.remove("");
    return found;
  }
}
