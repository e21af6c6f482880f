package io.thyra.discovery;

import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionResource;
import io.thyra.schema.ResourceSchema;
import java.util.Map;
import java.util.Set;

/// Which built-in resources `--runtime-config` turns on and off. The most particular entry decides: the resource, its group
/// version, its level of stability, everything; else the resource's own default.
/// Source: apiserver pkg/server/resourceconfig/helpers.go.
///
/// @param features the feature gates that are on; a resource whose gate is off is not served whatever the entries say
public record RuntimeConfig(Map<String, String> entries, Set<String> features) {
  public static final RuntimeConfig DEFAULT = new RuntimeConfig(Map.of());

  // Source: pkg/registry/*/rest.
  private static final Map<GroupResource, String> GATES =
      Map.of(
          new GroupResource("certificates.k8s.io", "clustertrustbundles"), "ClusterTrustBundle",
          new GroupResource("certificates.k8s.io", "podcertificaterequests"), "PodCertificateRequest",
          new GroupResource("scheduling.k8s.io", "podgroups"), "GenericWorkload",
          new GroupResource("scheduling.k8s.io", "workloads"), "GenericWorkload",
          new GroupResource("storagemigration.k8s.io", "storageversionmigrations"), "StorageVersionMigrator");

  public RuntimeConfig {
    entries = Map.copyOf(entries);
    features = Set.copyOf(features);
  }

  public RuntimeConfig(Map<String, String> entries) {
    this(entries, Set.of());
  }

  /// Whether the feature gate of a resource is off.
  public boolean isOff(GroupResource resource) {
    String gate = GATES.get(resource);
    return gate != null && !features.contains(gate);
  }

  public boolean serves(ResourceSchema schema) {
    GroupVersionResource resource = schema.resource();
    if (isOff(resource.groupResource())) {
      return false;
    }
    String groupVersion = resource.group().isEmpty() ? resource.version() : resource.group() + "/" + resource.version();
    String core = resource.group().isEmpty() ? "api/" + resource.version() : groupVersion;
    for (String key : new String[] {groupVersion + "/" + resource.resource(), groupVersion, core, level(resource.version()), "api/all"}) {
      String value = entries.get(key);
      if (value != null) {
        return value.isEmpty() || value.equalsIgnoreCase("true");
      }
    }
    return schema.servedByDefault();
  }

  private static String level(String version) {
    return version.contains("alpha") ? "api/alpha" : version.contains("beta") ? "api/beta" : "api/ga";
  }
}
