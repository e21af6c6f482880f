package io.thyra.groups.autoscaling;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Autoscalers of `autoscaling/v1` and back. What v1 has no fields for (all metrics but the utilisation of CPU, their
/// current values, behavior and conditions) travels in annotations, which a client of v1 sees and may send.
/// Source: pkg/apis/autoscaling/v1/conversion.go, pkg/apis/autoscaling/helpers.go.
final class AutoscalerConversion {
  private static final String ALPHA = "autoscaling.alpha.kubernetes.io/";
  private static final String METRICS = ALPHA + "metrics";
  private static final String CURRENT_METRICS = ALPHA + "current-metrics";
  private static final String CONDITIONS = ALPHA + "conditions";
  private static final String BEHAVIOR = ALPHA + "behavior";
  private static final List<String> ANNOTATIONS =
      List.of(METRICS, BEHAVIOR, ALPHA + "scale-down-tolerance", ALPHA + "scale-up-tolerance", CURRENT_METRICS, CONDITIONS);
  private static final long DEFAULT_PERCENT = 80;

  private AutoscalerConversion() {}

  static ObjectValue toHub(ObjectValue v1) {
    ObjectValue annotations = v1.object("metadata", "annotations");
    ObjectValue spec = v1.object("spec");
    var metrics = new ArrayList<ObjectValue>();
    AutoscalerAnnotations.findMetrics(annotations.get(METRICS), AutoscalerAnnotations.SPEC).ifPresent(metrics::addAll);
    OptionalLong percent = findInteger(spec, "targetCPUUtilizationPercentage");
    percent.ifPresent(value -> metrics.add(cpu(value)));
    if (metrics.isEmpty()) {
      metrics.add(cpu(DEFAULT_PERCENT));
    }
    spec = spec.without("targetCPUUtilizationPercentage").with("metrics", new ListValue(List.copyOf(metrics)));
    Optional<ObjectValue> behavior = AutoscalerAnnotations.findBehavior(annotations.get(BEHAVIOR));
    spec = behavior.isPresent() ? spec.with("behavior", behavior.get()) : spec;
    ObjectValue out = v1.with("spec", spec);
    ObjectValue status = v1.object("status");
    OptionalLong current = findInteger(status, "currentCPUUtilizationPercentage");
    ObjectValue changed = status.without("currentCPUUtilizationPercentage");
    Optional<List<ObjectValue>> measured =
        AutoscalerAnnotations.findMetrics(annotations.get(CURRENT_METRICS), AutoscalerAnnotations.STATUS);
    if (measured.isPresent()) {
      changed = changed.with("currentMetrics", new ListValue(List.copyOf(measured.get())));
    } else if (current.isPresent()) {
      ObjectValue value = ObjectValue.builder().put("averageUtilization", current.getAsLong()).build();
      ObjectValue cpu = ObjectValue.builder().put("name", "cpu").put("current", value).build();
      changed = changed.with("currentMetrics", ListValue.of(resource(cpu)));
    }
    Optional<ListValue> conditions = AutoscalerAnnotations.findConditions(annotations.get(CONDITIONS));
    changed = conditions.isPresent() ? changed.with("conditions", conditions.get()) : changed;
    out = changed.equals(status) ? out : out.with("status", changed);
    return withoutAnnotations(out);
  }

  static ObjectValue fromHub(ObjectValue hub) {
    ListValue metrics = hub.list("spec", "metrics");
    ListValue measured = hub.list("status", "currentMetrics");
    ListValue conditions = hub.list("status", "conditions");
    ObjectValue spec = hub.object("spec").without("metrics").without("behavior");
    Optional<ObjectValue> target = metrics.objects().stream().filter(AutoscalerConversion::isCpuTarget).findFirst();
    if (target.isPresent()) {
      spec = spec.with("targetCPUUtilizationPercentage", target.get().object("resource", "target").integer(0, "averageUtilization"));
    }
    OptionalLong current = current(measured);
    ObjectValue out =
        hub.with("spec", spec)
            .change(
                "status",
                status -> {
                  ObjectValue plain = status.without("currentMetrics").without("conditions");
                  return current.isPresent() ? plain.with("currentCPUUtilizationPercentage", current.getAsLong()) : plain;
                });
    out = withoutAnnotations(out);
    List<ObjectValue> others = metrics.objects().stream().filter(metric -> !isCpuTarget(metric)).toList();
    if (!others.isEmpty()) {
      out = annotated(out, METRICS, AutoscalerAnnotations.metrics(others, AutoscalerAnnotations.SPEC));
    }
    if (!measured.isEmpty()) {
      out = annotated(out, CURRENT_METRICS, AutoscalerAnnotations.metrics(measured.objects(), AutoscalerAnnotations.STATUS));
    }
    if (hub.at("spec", "behavior") instanceof ObjectValue behavior) {
      out = annotated(out, BEHAVIOR, AutoscalerAnnotations.behavior(behavior));
    }
    return conditions.isEmpty() ? out : annotated(out, CONDITIONS, AutoscalerAnnotations.conditions(conditions));
  }

  private static boolean isCpuTarget(ObjectValue metric) {
    return metric.string("type").equals("Resource")
        && metric.string("resource", "name").equals("cpu")
        && findInteger(metric.object("resource", "target"), "averageUtilization").isPresent();
  }

  // The last of them counts.
  private static OptionalLong current(ListValue measured) {
    return measured.objects().stream()
        .filter(m -> m.string("type").equals("Resource") && m.string("resource", "name").equals("cpu"))
        .map(m -> findInteger(m.object("resource", "current"), "averageUtilization"))
        .filter(OptionalLong::isPresent)
        .reduce((_, last) -> last)
        .orElse(OptionalLong.empty());
  }

  private static ObjectValue cpu(long percent) {
    ObjectValue target = ObjectValue.builder().put("type", "Utilization").put("averageUtilization", percent).build();
    return resource(ObjectValue.builder().put("name", "cpu").put("target", target).build());
  }

  private static ObjectValue resource(ObjectValue resource) {
    return ObjectValue.builder().put("type", "Resource").put("resource", resource).build();
  }

  private static OptionalLong findInteger(ObjectValue object, String field) {
    return object.get(field) instanceof io.thyra.model.IntegerValue(long number) ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private static ObjectValue annotated(ObjectValue object, String name, String value) {
    ObjectValue metadata = object.object("metadata");
    ObjectValue annotations = metadata.object("annotations").with(name, value).toBuilder().buildSorted();
    return object.with("metadata", metadata.with("annotations", annotations));
  }

  private static ObjectValue withoutAnnotations(ObjectValue object) {
    ObjectValue metadata = object.object("metadata");
    ObjectValue annotations = metadata.object("annotations");
    ObjectValue kept = annotations;
    for (String name : ANNOTATIONS) {
      kept = kept.without(name);
    }
    if (kept.size() == annotations.size()) {
      return object;
    }
    return object.with("metadata", kept.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", kept));
  }
}
