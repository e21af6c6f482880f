package io.thyra.groups.autoscaling;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.core.CoreColumns;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.ArrayList;
import java.util.List;

/// `autoscaling/v2`, and `v1` on top of it.
public final class AutoscalingGroup {
  private AutoscalingGroup() {}

  public static void declare(Group group) {
    group.resource(
        "horizontalpodautoscalers",
        r -> {
          r.columns(AutoscalingGroup::columns).converts("v1", AutoscalerConversion::toHub, AutoscalerConversion::fromHub);
          AutoscalerRules.declare(r);
        });
  }

  private static TableColumns columns(Columns columns) {
    String spec = "autoscaling.v2.HorizontalPodAutoscalerSpec";
    return columns
        .text(
            "Reference",
            columns.doc(spec, "scaleTargetRef"),
            o -> o.string("spec", "scaleTargetRef", "kind") + "/" + o.string("spec", "scaleTargetRef", "name"))
        .text("Targets", columns.doc(spec, "metrics"), AutoscalingGroup::targets)
        .text("MinPods", columns.doc(spec, "minReplicas"), o -> Cells.plain(o.at("spec", "minReplicas"), Cells.UNSET))
        .cell("MaxPods", "string", columns.doc(spec, "maxReplicas"), (o, _) -> number(o, "spec", "maxReplicas"))
        .cell(
            "Replicas",
            "string",
            columns.doc("autoscaling.v2.HorizontalPodAutoscalerStatus", "currentReplicas"),
            (o, _) -> number(o, "status", "currentReplicas"))
        .age()
        .build();
  }

  private static io.thyra.model.Value number(ObjectValue object, String... path) {
    return io.thyra.model.Value.of(CoreColumns.count(path).applyAsLong(object));
  }

  private static String targets(ObjectValue autoscaler) {
    List<ObjectValue> specs = autoscaler.list("spec", "metrics").objects();
    List<ObjectValue> statuses = autoscaler.list("status", "currentMetrics").objects();
    if (specs.isEmpty()) {
      return Cells.NONE;
    }
    var out = new ArrayList<String>();
    for (int i = 0; i < specs.size(); i++) {
      out.add(target(specs.get(i), i < statuses.size() ? statuses.get(i) : ObjectValue.EMPTY));
    }
    return out.size() > 2
        ? String.join(", ", out.subList(0, 2)) + " + " + (out.size() - 2) + " more..."
        : String.join(", ", out);
  }

  private static String target(ObjectValue spec, ObjectValue status) {
    return switch (spec.string("type")) {
      case "External" -> external(spec.object("external"), status, "external");
      case "Object" -> external(spec.object("object"), status, "object");
      case "Pods" -> amount(status, "pods", "averageValue", "0") + "/" + spec.string("pods", "target", "averageValue");
      case "Resource" -> resource(spec.object("resource"), status, "resource");
      case "ContainerResource" -> resource(spec.object("containerResource"), status, "containerResource");
      default -> "<unknown type>";
    };
  }

  private static String external(ObjectValue metric, ObjectValue status, String field) {
    ObjectValue target = metric.object("target");
    if (target.has("averageValue")) {
      return amount(status, field, "averageValue", Cells.UNKNOWN) + "/" + target.string("averageValue") + " (avg)";
    }
    String wanted = target.string("value");
    return amount(status, field, "value", "0") + "/" + (wanted.isEmpty() ? "<nil>" : wanted);
  }

  private static String resource(ObjectValue metric, ObjectValue status, String field) {
    ObjectValue target = metric.object("target");
    String name = metric.string("name");
    if (target.has("averageValue")) {
      return name + ": " + amount(status, field, "averageValue", "0") + "/" + target.string("averageValue");
    }
    return name
        + ": "
        + percent(status.object(field, "current"), Cells.UNKNOWN)
        + "/"
        + percent(target, "<auto>");
  }

  private static String percent(ObjectValue value, String absent) {
    return value.has("averageUtilization") ? value.integer(0, "averageUtilization") + "%" : absent;
  }

  // What a status that is there and says nothing prints: a quantity by value prints 0.
  private static String amount(ObjectValue status, String metric, String field, String silent) {
    if (!status.has(metric)) {
      return Cells.UNKNOWN;
    }
    String text = status.string(metric, "current", field);
    return text.isEmpty() ? silent : text;
  }
}
