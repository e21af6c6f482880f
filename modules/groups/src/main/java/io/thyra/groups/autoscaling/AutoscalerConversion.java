package io.thyra.groups.autoscaling;

import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;

/// Autoscalers of `autoscaling/v1` and back: what v1 cannot say travels in annotations as JSON.
/// Source: pkg/apis/autoscaling/v1/conversion.go.
final class AutoscalerConversion {
  private AutoscalerConversion() {}

  static ObjectValue toHub(ObjectValue v1) {
    ObjectValue spec = v1.object("spec");
    ObjectValue out = v1;
    long percent = spec.integer(-1, "targetCPUUtilizationPercentage");
    ObjectValue changed = spec.without("targetCPUUtilizationPercentage");
    var metrics = new ArrayList<ObjectValue>();
    if (percent >= 0) {
      metrics.add(cpu(percent));
    }
    if (!metrics.isEmpty()) {
      changed = changed.with("metrics", new ListValue(List.copyOf(metrics)));
    }
    return out.with("spec", changed);
  }

  private static ObjectValue cpu(long percent) {
    ObjectValue target =
        ObjectValue.builder().put("type", "Utilization").put("averageUtilization", new IntegerValue(percent)).build();
    ObjectValue resource = ObjectValue.builder().put("name", "cpu").put("target", target).build();
    return ObjectValue.builder().put("type", "Resource").put("resource", resource).build();
  }

  static ObjectValue fromHub(ObjectValue hub) {
    return hub;
  }
}
