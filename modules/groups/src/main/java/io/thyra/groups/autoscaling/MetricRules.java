package io.thyra.groups.autoscaling;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.Rule;
import io.thyra.groups.Rules;
import io.thyra.groups.core.Quantities;
import io.thyra.groups.core.TemplateRules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an autoscaler scales by. Source: pkg/apis/autoscaling/validation/validation.go.
final class MetricRules {
  /// A source of metrics: its field and its rules.
  private interface Source {
    void check(ObjectValue source, boolean anyVersion, FieldPath path, List<FieldError> errors);
  }

  private static final String[] TYPES = {"ContainerResource", "External", "Object", "Pods", "Resource"};
  private static final String AVERAGE = "averageValue";
  private static final String UTILIZATION = "averageUtilization";

  // The order in which upstream looks for them; of several the first is checked.
  private static final Map<String, Source> SOURCES = new LinkedHashMap<>();

  static {
    SOURCES.put("object", MetricRules::object);
    SOURCES.put("external", (source, _, path, errors) -> external(source, path, errors));
    SOURCES.put("pods", (source, _, path, errors) -> pods(source, path, errors));
    SOURCES.put("resource", (source, _, path, errors) -> resource(source, path, errors));
    SOURCES.put("containerResource", (source, _, path, errors) -> container(source, path, errors));
  }

  private MetricRules() {}

  /// @param anyVersion whether described objects may have versions that are none, as stored ones have
  static void check(ObjectValue spec, boolean anyVersion, FieldPath path, List<FieldError> errors) {
    boolean wakes = false;
    List<ObjectValue> metrics = spec.list("metrics").objects();
    for (int i = 0; i < metrics.size(); i++) {
      metric(metrics.get(i), anyVersion, path.index(i), errors);
      wakes |= List.of("Object", "External").contains(metrics.get(i).string("type"));
    }
    if (isSet(spec, "minReplicas") && number(spec, "minReplicas") == 0 && !wakes) {
      errors.add(
          FieldError.forbidden(path, "must specify at least one Object or External metric to support scaling to zero replicas"));
    }
  }

  private static void metric(ObjectValue metric, boolean anyVersion, FieldPath path, List<FieldError> errors) {
    String type = metric.string("type");
    if (type.isEmpty()) {
      errors.add(FieldError.required(path.child("type"), "must specify a metric source type"));
    }
    Checks.oneOf(type, path.child("type"), errors, TYPES);
    List<String> present = new ArrayList<>();
    SOURCES.forEach(
        (field, source) -> {
          if (metric.get(field) instanceof ObjectValue given) {
            present.add(field);
            if (present.size() == 1) {
              source.check(given, anyVersion, path.child(field), errors);
            }
          }
        });
    String expected = List.of(TYPES).contains(type) ? Character.toLowerCase(type.charAt(0)) + type.substring(1) : "";
    if (expected.isEmpty()) {
      Checks.oneOf(type, path.child("type"), errors, TYPES);
    } else if (!isSet(metric, expected)) {
      errors.add(FieldError.required(path.child(expected), "must populate information for the given metric source"));
    }
    if (present.size() != 1) {
      present.stream()
          .filter(field -> !field.equals(expected))
          .forEach(field -> errors.add(FieldError.forbidden(path.child(field), "must populate the given metric source only")));
    }
  }

  private static void object(ObjectValue source, boolean anyVersion, FieldPath path, List<FieldError> errors) {
    AutoscalerRules.reference(source.object("describedObject"), anyVersion, true, path.child("describedObject"), errors);
    identifier(source, path, errors);
    ObjectValue target = target(source, path, errors);
    if (!isSet(target, "value") && !isSet(target, AVERAGE)) {
      errors.add(FieldError.required(path.child("target", AVERAGE), "must set either a target value or averageValue"));
    }
  }

  private static void external(ObjectValue source, FieldPath path, List<FieldError> errors) {
    identifier(source, path, errors);
    ObjectValue target = target(source, path, errors);
    if (!isSet(target, "value") && !isSet(target, AVERAGE)) {
      errors.add(
          FieldError.required(path.child("target", AVERAGE), "must set either a target value for metric or a per-pod target"));
    }
    if (isSet(target, "value") && isSet(target, AVERAGE)) {
      errors.add(
          FieldError.forbidden(path.child("target", "value"), "may not set both a target value for metric and a per-pod target"));
    }
  }

  private static void pods(ObjectValue source, FieldPath path, List<FieldError> errors) {
    identifier(source, path, errors);
    if (!isSet(target(source, path, errors), AVERAGE)) {
      errors.add(FieldError.required(path.child("target", AVERAGE), "must specify a positive target averageValue"));
    }
  }

  private static void container(ObjectValue source, FieldPath path, List<FieldError> errors) {
    if (source.string("name").isEmpty()) {
      errors.add(FieldError.required(path.child("name"), "must specify a resource name"));
    } else {
      TemplateRules.containerResource(source.string("name"), path.child("name"), errors);
    }
    String container = source.string("container");
    if (container.isEmpty()) {
      errors.add(FieldError.required(path.child("container"), "must specify a container"));
    } else {
      Rules.checkFormat(container, path.child("container"), errors, Names::dns1123Label);
    }
    share(target(source, path, errors), path.child("target"), errors);
  }

  private static void resource(ObjectValue source, FieldPath path, List<FieldError> errors) {
    Checks.required(source, "name", "must specify a resource name", path, errors);
    share(target(source, path, errors), path.child("target"), errors);
  }

  private static void share(ObjectValue target, FieldPath path, List<FieldError> errors) {
    if (!isSet(target, UTILIZATION) && !isSet(target, AVERAGE)) {
      errors.add(FieldError.required(path.child(UTILIZATION), "must set either a target raw value or a target utilization"));
    }
    if (isSet(target, UTILIZATION) && isSet(target, AVERAGE)) {
      errors.add(FieldError.forbidden(path.child(AVERAGE), "may not set both a target raw value and a target utilization"));
    }
  }

  private static void identifier(ObjectValue source, FieldPath path, List<FieldError> errors) {
    String name = source.string("metric", "name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child("metric", "name"), "must specify a metric name"));
    } else {
      Rules.checkFormat(name, path.child("metric", "name"), errors, Names::pathSegmentName);
    }
  }

  private static ObjectValue target(ObjectValue source, FieldPath parent, List<FieldError> errors) {
    ObjectValue target = source.object("target");
    FieldPath path = parent.child("target");
    String type = target.string("type");
    if (type.isEmpty()) {
      errors.add(FieldError.required(path.child("type"), "must specify a metric target type"));
    }
    if (!List.of("Utilization", "Value", "AverageValue").contains(type)) {
      errors.add(FieldError.invalid(path.child("type"), type, "must be either Utilization, Value, or AverageValue"));
    }
    for (String field : List.of("value", AVERAGE)) {
      if (isSet(target, field) && Quantities.of(target.get(field)).signum() <= 0) {
        errors.add(Checks.invalid(path.child(field), target.get(field), "must be positive"));
      }
    }
    if (isSet(target, UTILIZATION) && number(target, UTILIZATION) < 1) {
      errors.add(FieldError.invalid(path.child(UTILIZATION), number(target, UTILIZATION), "must be greater than 0"));
    }
    return target;
  }

  /// A quantity that is not below zero.
  static Rule notNegative(String field) {
    return (object, path, errors) -> quantity(object, field, path, errors);
  }

  private static void quantity(ObjectValue object, String field, @Nullable FieldPath path, List<FieldError> errors) {
    if (isSet(object, field) && Quantities.of(object.get(field)).signum() < 0) {
      errors.add(Checks.invalid(FieldPath.child(path, field), object.get(field), Rules.NOT_NEGATIVE));
    }
  }
}
