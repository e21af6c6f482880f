package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.model.GroupVersion;
import io.thyra.schema.ResourceSchema;
import io.thyra.schema.Schemas;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The group versions that `--runtime-config` leaves served: GA ones unless switched off, others when switched on.
/// Source: apiserver pkg/server/resourceconfig.
final class ServedVersions {
  private ServedVersions() {}

  static Set<GroupVersion> of(Schemas schemas, Map<String, String> switches) {
    var known = new HashSet<GroupVersion>();
    var served = new HashSet<GroupVersion>();
    for (ResourceSchema resource : schemas.resources()) {
      GroupVersion version = resource.resource().groupVersion();
      known.add(version);
      if (resource.servedByDefault()) {
        served.add(version);
      }
    }
    applyClasses(known, served, switches);
    switches.forEach((key, value) -> applyOne(known, served, key, isOn(key, value)));
    return served;
  }

  private static void applyClasses(Set<GroupVersion> known, Set<GroupVersion> served, Map<String, String> switches) {
    for (String name : new String[] {"api/all", "api/ga", "api/beta", "api/alpha"}) {
      if (!switches.containsKey(name)) {
        continue;
      }
      boolean on = isOn(name, switches.get(name));
      for (GroupVersion version : known) {
        String stage = version.version().contains("alpha") ? "api/alpha" : version.version().contains("beta") ? "api/beta" : "api/ga";
        if (name.equals("api/all") || name.equals(stage)) {
          set(served, version, on);
        }
      }
    }
  }

  private static void applyOne(Set<GroupVersion> known, Set<GroupVersion> served, String key, boolean on) {
    if (key.equals("api/all") || key.equals("api/ga") || key.equals("api/beta") || key.equals("api/alpha")) {
      return;
    }
    String[] parts = key.split("/");
    GroupVersion version =
        key.equals("v1") || key.startsWith("api/v1") ? new GroupVersion("", "v1") : parts.length > 1 ? new GroupVersion(parts[0], parts[1]) : new GroupVersion("", key);
    if (!known.contains(version)) {
      throw new ConfigException("unknown api groups " + version.group());
    }
    set(served, version, on);
  }

  private static void set(Set<GroupVersion> served, GroupVersion version, boolean on) {
    if (on) {
      served.add(version);
    } else {
      served.remove(version);
    }
  }

  private static boolean isOn(String key, String value) {
    return switch (value) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw new ConfigException("runtime-config invalid value " + key + "=" + value);
    };
  }
}
