package io.thyra.discovery;

import io.thyra.model.GroupVersionResource;
import io.thyra.schema.ResourceSchema;
import java.util.Map;

/// Which built-in resources `--runtime-config` turns on and off. The most particular entry decides: the resource, its group
/// version, its level of stability, everything; else the resource's own default.
/// Source: apiserver pkg/server/resourceconfig/helpers.go.
public record RuntimeConfig(Map<String, String> entries) {
  public static final RuntimeConfig DEFAULT = new RuntimeConfig(Map.of());

  public RuntimeConfig {
    entries = Map.copyOf(entries);
  }

  public boolean serves(ResourceSchema schema) {
    GroupVersionResource resource = schema.resource();
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
