package io.thyra.groups.autoscaling;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.OptionalLong;

/// Autoscalers of `autoscaling/v1` and back, as far as v1 has fields for it: the utilisation of CPU.
/// Source: pkg/apis/autoscaling/v1/conversion.go.
final class AutoscalerConversion {
  private static final long DEFAULT_PERCENT = 80;

  private AutoscalerConversion() {}

  static ObjectValue toHub(ObjectValue v1) {
    ObjectValue spec = v1.object("spec");
    long percent = spec.integer(DEFAULT_PERCENT, "targetCPUUtilizationPercentage");
    ObjectValue target = ObjectValue.builder().put("type", "Utilization").put("averageUtilization", percent).build();
    ObjectValue metric = metric(ObjectValue.builder().put("name", "cpu").put("target", target).build());
    ObjectValue out = v1.with("spec", spec.without("targetCPUUtilizationPercentage").with("metrics", ListValue.of(metric)));
    return out.change(
        "status",
        status -> {
          long current = status.integer(-1, "currentCPUUtilizationPercentage");
          ObjectValue plain = status.without("currentCPUUtilizationPercentage");
          if (current < 0) {
            return plain;
          }
          ObjectValue value = ObjectValue.builder().put("averageUtilization", current).build();
          ObjectValue cpu = ObjectValue.builder().put("name", "cpu").put("current", value).build();
          return plain.with("currentMetrics", ListValue.of(metric(cpu)));
        });
  }

  private static ObjectValue metric(ObjectValue resource) {
    return ObjectValue.builder().put("type", "Resource").put("resource", resource).build();
  }

  static ObjectValue fromHub(ObjectValue hub) {
    ObjectValue spec = hub.object("spec").without("metrics").without("behavior");
    OptionalLong target = utilization(hub.list("spec", "metrics"), "target");
    ObjectValue out = hub.with("spec", target.isPresent() ? spec.with("targetCPUUtilizationPercentage", target.getAsLong()) : spec);
    OptionalLong current = utilization(hub.list("status", "currentMetrics"), "current");
    return out.change(
        "status",
        status -> {
          ObjectValue plain = status.without("currentMetrics").without("conditions");
          return current.isPresent() ? plain.with("currentCPUUtilizationPercentage", current.getAsLong()) : plain;
        });
  }

  private static OptionalLong utilization(ListValue metrics, String field) {
    return metrics.objects().stream()
        .filter(m -> m.string("type").equals("Resource") && m.string("resource", "name").equals("cpu"))
        .map(m -> m.object("resource", field))
        .filter(value -> value.has("averageUtilization"))
        .mapToLong(value -> value.integer(0, "averageUtilization"))
        .findFirst();
  }
}
