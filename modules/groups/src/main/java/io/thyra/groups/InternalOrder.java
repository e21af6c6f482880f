package io.thyra.groups;

import io.thyra.model.BooleanValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where the internal types of the core group differ from those of v1: a few fields stand elsewhere, the deprecated
/// twins are missing, and a pod's security context holds what v1 says beside it; and what those of apps hold by value.
/// Source: pkg/apis/core/types.go, pkg/apis/apps/types.go.
final class InternalOrder {
  private static final String CORE = "io.k8s.api.core.v1.";
  private static final List<String> HOST = List.of("HostNetwork", "HostPID", "HostIPC", "ShareProcessNamespace", "HostUsers");

  /// A field, and the one that it follows.
  private record Move(String field, String after) {}

  private static final Map<String, List<Move>> MOVES =
      Map.of(
          CORE + "PodSpec",
          List.of(
              new Move("SetHostnameAsFQDN", "Subdomain"),
              new Move("PreemptionPolicy", "Priority"),
              new Move("Overhead", "RuntimeClassName")),
          CORE + "PodSecurityContext",
          List.of(new Move("FSGroupChangePolicy", "FSGroup")),
          CORE + "Volume",
          List.of(new Move("Quobyte", "RBD")),
          CORE + "PersistentVolumeSource",
          List.of(new Move("Quobyte", "RBD"), new Move("FlexVolume", "ISCSI")),
          CORE + "PersistentVolumeSpec",
          List.of(new Move("Quobyte", "RBD"), new Move("FlexVolume", "ISCSI")),
          CORE + "PodStatus",
          List.of(new Move("QOSClass", "StartTime")),
          CORE + "ServiceSpec",
          List.of(
              new Move("Ports", "Type"),
              new Move("Selector", "Ports"),
              new Move("ClusterIP", "Selector"),
              new Move("ClusterIPs", "ClusterIP"),
              new Move("IPFamilies", "ClusterIPs"),
              new Move("IPFamilyPolicy", "IPFamilies"),
              new Move("ExternalName", "IPFamilyPolicy"),
              new Move("ExternalIPs", "ExternalName"),
              new Move("LoadBalancerIP", "ExternalIPs"),
              new Move("SessionAffinity", "LoadBalancerIP"),
              new Move("SessionAffinityConfig", "SessionAffinity")));

  private static final Map<String, List<String>> MISSING =
      Map.of(
          CORE + "PodSpec",
          List.of("DeprecatedServiceAccount", "HostNetwork", "HostPID", "HostIPC", "ShareProcessNamespace", "HostUsers"),
          CORE + "PodStatus",
          List.of("PodIP"),
          CORE + "NodeSpec",
          List.of("PodCIDR"));

  private static final String APPS = "io.k8s.api.apps.v1.";
  private static final Map<String, List<String>> HELD =
      Map.of(
          APPS + "RollingUpdateDeployment",
          List.of("maxUnavailable", "maxSurge"),
          APPS + "RollingUpdateDaemonSet",
          List.of("maxUnavailable", "maxSurge"),
          APPS + "RollingUpdateStatefulSetStrategy",
          List.of("partition"));

  private InternalOrder() {}

  /// Whether the internal type holds by value what the versioned one points to.
  static boolean holds(Struct struct, FieldSchema field) {
    return HELD.getOrDefault(struct.name(), List.of()).contains(field.name());
  }

  /// A struct under its Go names, as the internal type of the same name has it.
  static ObjectValue of(String type, ObjectValue named) {
    List<Move> moves = MOVES.getOrDefault(type, List.of());
    List<String> missing = MISSING.getOrDefault(type, List.of());
    if (moves.isEmpty() && missing.isEmpty()) {
      return named;
    }
    var names = new ArrayList<>(named.names());
    names.removeAll(missing);
    for (Move move : moves) {
      if (names.remove(move.field())) {
        names.add(names.indexOf(move.after()) + 1, move.field());
      }
    }
    ObjectValue.Builder out = ObjectValue.builder();
    for (String name : names) {
      Value value = named.get(name);
      if (value != null) {
        out.put(name, type.equals(CORE + "PodSpec") && name.equals("SecurityContext") ? context(named, value) : value);
      }
    }
    return out.build();
  }

  private static Value context(ObjectValue spec, Value context) {
    ObjectValue.Builder out = ObjectValue.builder();
    for (String name : HOST) {
      Value value = spec.get(name);
      out.put(name, value == null ? BooleanValue.FALSE : value);
    }
    if (context instanceof ObjectValue own) {
      own.forEach(out::put);
    }
    return context instanceof NullValue && spec.get("HostNetwork") == null ? context : out.build();
  }
}
