package io.thyra.groups.autoscaling;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The JSON that the annotations of an autoscaler in `autoscaling/v1` hold: metrics in the flat form of that version,
/// behavior under the Go names of the internal type. What cannot be read is left alone, as if it was not there.
/// Source: pkg/apis/autoscaling/v1/conversion.go, api autoscaling/v1/types.go.
final class AutoscalerAnnotations {
  /// What a field holds.
  private enum Form {
    TEXT,
    NUMBER,
    QUANTITY,
    OBJECT
  }

  /// A field of a metric in both versions.
  ///
  /// @param value whether v1 writes its zero too
  private record Field(String v1, Form form, boolean value, String... v2) {}

  /// A kind of metric: the field that holds it, and its fields in the order of v1.
  private record Kind(String field, List<Field> fields) {}

  /// All kinds of metrics, wanted or measured.
  ///
  /// @param place where v2 has the values: `target` or `current`
  record MetricForm(String place, List<Kind> kinds) {}

  private static final Field METRIC_NAME = new Field("metricName", Form.TEXT, true, "metric", "name");
  private static final Field SELECTOR = new Field("selector", Form.OBJECT, false, "metric", "selector");
  private static final Field METRIC_SELECTOR = new Field("metricSelector", Form.OBJECT, false, "metric", "selector");
  private static final Field NAME = new Field("name", Form.TEXT, true, "name");
  private static final Field CONTAINER = new Field("container", Form.TEXT, true, "container");
  private static final Field REFERENCE = new Field("target", Form.OBJECT, true, "describedObject");

  /// The metrics that are wanted.
  static final MetricForm SPEC = form("target", "target", false);

  /// The metrics that were measured.
  static final MetricForm STATUS = form("current", "current", true);

  private AutoscalerAnnotations() {}

  private static MetricForm form(String place, String prefix, boolean status) {
    String average = prefix + "AverageValue";
    Field averageValue = new Field(average, Form.QUANTITY, status, place, "averageValue");
    Field utilization = new Field(prefix + "AverageUtilization", Form.NUMBER, false, place, "averageUtilization");
    return new MetricForm(
        place,
        List.of(
            new Kind(
                "object",
                List.of(
                    REFERENCE,
                    METRIC_NAME,
                    new Field(prefix + "Value", Form.QUANTITY, true, place, "value"),
                    SELECTOR,
                    new Field("averageValue", Form.QUANTITY, false, place, "averageValue"))),
            new Kind(
                "pods", List.of(METRIC_NAME, new Field(average, Form.QUANTITY, true, place, "averageValue"), SELECTOR)),
            new Kind("resource", List.of(NAME, utilization, averageValue)),
            new Kind("containerResource", List.of(NAME, utilization, averageValue, CONTAINER)),
            new Kind(
                "external",
                List.of(
                    METRIC_NAME,
                    METRIC_SELECTOR,
                    new Field(prefix + "Value", Form.QUANTITY, status, place, "value"),
                    new Field(average, Form.QUANTITY, false, place, "averageValue")))));
  }

  // ---------------------------------------------------------------- writing

  /// Metrics of v2 as v1 writes them.
  static String metrics(List<ObjectValue> metrics, MetricForm form) {
    var out = new ArrayList<Value>();
    for (ObjectValue metric : metrics) {
      var flat = ObjectValue.builder().put("type", metric.string("type"));
      for (Kind kind : form.kinds()) {
        if (metric.get(kind.field()) instanceof ObjectValue source) {
          flat.put(kind.field(), flat(source, kind));
        }
      }
      out.add(flat.build());
    }
    return json(new ListValue(out));
  }

  private static ObjectValue flat(ObjectValue source, Kind kind) {
    var out = ObjectValue.builder();
    for (Field field : kind.fields()) {
      Value value = source.at(field.v2());
      if (value != null && value != NullValue.NULL) {
        out.put(field.v1(), value);
      } else if (field.value()) {
        out.put(field.v1(), zero(field));
      }
    }
    return out.build();
  }

  private static Value zero(Field field) {
    return switch (field.form()) {
      case TEXT -> StringValue.EMPTY;
      case NUMBER -> IntegerValue.ZERO;
      case QUANTITY -> new StringValue("0");
      case OBJECT -> ObjectValue.builder().put("kind", "").put("name", "").build();
    };
  }

  /// Behavior as the internal type prints it.
  static String behavior(ObjectValue behavior) {
    var out = ObjectValue.builder();
    for (String field : List.of("scaleUp", "scaleDown")) {
      Value rules = behavior.get(field) instanceof ObjectValue some ? rules(some) : NullValue.NULL;
      out.put(goName(field), rules);
    }
    return json(out.build());
  }

  private static ObjectValue rules(ObjectValue rules) {
    var out = ObjectValue.builder();
    for (String field : List.of("stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance")) {
      Value value = rules.get(field);
      if (value instanceof ListValue policies) {
        value =
            policies.mapObjects(
                policy ->
                    ObjectValue.builder()
                        .put("Type", policy.string("type"))
                        .put("Value", policy.integer(0, "value"))
                        .put("PeriodSeconds", policy.integer(0, "periodSeconds"))
                        .build());
      }
      out.put(goName(field), value == null ? NullValue.NULL : value);
    }
    return out.build();
  }

  static String conditions(ListValue conditions) {
    return json(
        conditions.mapObjects(
            condition -> {
              var out = ObjectValue.builder().put("type", condition.string("type")).put("status", condition.string("status"));
              Value time = condition.get("lastTransitionTime");
              out.put("lastTransitionTime", time == null ? NullValue.NULL : time);
              for (String field : List.of("reason", "message")) {
                if (!condition.string(field).isEmpty()) {
                  out.put(field, condition.string(field));
                }
              }
              return out.build();
            }));
  }

  private static String goName(String field) {
    return Character.toUpperCase(field.charAt(0)) + field.substring(1);
  }

  private static String json(Value value) {
    return new String(JsonWriter.write(value), StandardCharsets.UTF_8);
  }

  // ---------------------------------------------------------------- reading

  /// The metrics of an annotation in the form of v2; empty when there is none or it cannot be read.
  static Optional<List<ObjectValue>> findMetrics(@Nullable Value annotation, MetricForm form) {
    return findList(annotation)
        .flatMap(
            list -> {
              var out = new ArrayList<ObjectValue>();
              for (Value item : list.items()) {
                Optional<ObjectValue> metric = item instanceof ObjectValue flat ? findMetric(flat, form) : Optional.empty();
                if (metric.isEmpty()) {
                  return Optional.empty();
                }
                out.add(metric.get());
              }
              return Optional.of(out);
            });
  }

  private static Optional<ObjectValue> findMetric(ObjectValue flat, MetricForm form) {
    if (!(flat.get("type") instanceof StringValue) && flat.has("type")) {
      return Optional.empty();
    }
    ObjectValue out = ObjectValue.builder().put("type", flat.string("type")).build();
    for (Kind kind : form.kinds()) {
      Value given = flat.get(kind.field());
      if (given == null || given == NullValue.NULL) {
        continue;
      }
      Optional<ObjectValue> source = given instanceof ObjectValue object ? findSource(object, kind) : Optional.empty();
      if (source.isEmpty()) {
        return Optional.empty();
      }
      out = out.with(kind.field(), form == SPEC ? typed(source.get(), kind.field()) : source.get());
    }
    return Optional.of(out);
  }

  private static Optional<ObjectValue> findSource(ObjectValue flat, Kind kind) {
    ObjectValue out = ObjectValue.EMPTY;
    for (Field field : kind.fields()) {
      Value value = flat.get(field.v1());
      if (value == null || value == NullValue.NULL) {
        value = field.value() ? zero(field) : null;
      } else if (field.form() == Form.QUANTITY) {
        value = quantity(value);
        if (value == null) {
          return Optional.empty();
        }
      } else if (!matches(value, field.form())) {
        return Optional.empty();
      }
      out = value == null ? out : out.withAt(value, field.v2());
    }
    return Optional.of(out);
  }

  private static boolean matches(Value value, Form form) {
    return switch (form) {
      case TEXT -> value instanceof StringValue;
      case NUMBER -> value instanceof IntegerValue(long number) && number == (int) number;
      case QUANTITY, OBJECT -> value instanceof ObjectValue;
    };
  }

  private static @Nullable Value quantity(Value value) {
    String text = value instanceof StringValue(String given) ? given : value instanceof IntegerValue ? value.toString() : "";
    return Quantity.isQuantity(text) ? new StringValue(Quantity.canonical(text)) : null;
  }

  // v1 leaves out what kind of target it is.
  private static ObjectValue typed(ObjectValue source, String kind) {
    ObjectValue target = source.object("target");
    String type =
        switch (kind) {
          case "resource", "containerResource" -> target.has("averageUtilization") ? "Utilization" : "AverageValue";
          case "external" -> target.has("value") ? "Value" : "AverageValue";
          case "object" -> target.has("averageValue") ? "AverageValue" : "Value";
          default -> "AverageValue";
        };
    ObjectValue kept =
        kind.equals("object") && target.has("averageValue") && Quantity.parse(target.string("value")).isZero()
            ? target.without("value")
            : target;
    ObjectValue.Builder out = ObjectValue.builder().put("type", type);
    for (String field : List.of("value", "averageValue", "averageUtilization")) {
      Value value = kept.get(field);
      if (value != null) {
        out.put(field, value);
      }
    }
    return source.with("target", out.build());
  }

  /// The behavior of an annotation; empty when it says nothing or cannot be read.
  static Optional<ObjectValue> findBehavior(@Nullable Value annotation) {
    if (!(findJson(annotation).orElse(NullValue.NULL) instanceof ObjectValue given)) {
      return Optional.empty();
    }
    ObjectValue out = ObjectValue.EMPTY;
    for (String field : List.of("scaleUp", "scaleDown")) {
      Value rules = ignoringCase(given, field);
      if (rules instanceof ObjectValue some) {
        Optional<ObjectValue> read = findRules(some);
        if (read.isEmpty()) {
          return Optional.empty();
        }
        out = out.with(field, read.get());
      } else if (rules != NullValue.NULL) {
        return Optional.empty();
      }
    }
    return out.isEmpty() ? Optional.empty() : Optional.of(out);
  }

  private static Optional<ObjectValue> findRules(ObjectValue given) {
    ObjectValue out = ObjectValue.EMPTY;
    Value window = ignoringCase(given, "stabilizationWindowSeconds");
    Value select = ignoringCase(given, "selectPolicy");
    Value policies = ignoringCase(given, "policies");
    Value tolerance = ignoringCase(given, "tolerance");
    if (window != NullValue.NULL) {
      if (!matches(window, Form.NUMBER)) {
        return Optional.empty();
      }
      out = out.with("stabilizationWindowSeconds", window);
    }
    if (select != NullValue.NULL) {
      if (!matches(select, Form.TEXT)) {
        return Optional.empty();
      }
      out = out.with("selectPolicy", select);
    }
    if (policies instanceof ListValue list) {
      out =
          out.with(
              "policies",
              list.mapObjects(
                  policy ->
                      ObjectValue.of("type", ignoringCase(policy, "type") instanceof StringValue text ? text : StringValue.EMPTY)
                          .with("value", ignoringCase(policy, "value") instanceof IntegerValue number ? number : IntegerValue.ZERO)
                          .with(
                              "periodSeconds",
                              ignoringCase(policy, "periodSeconds") instanceof IntegerValue number ? number : IntegerValue.ZERO)));
    }
    if (tolerance != NullValue.NULL) {
      Value read = quantity(tolerance);
      if (read == null) {
        return Optional.empty();
      }
      out = out.with("tolerance", read);
    }
    return Optional.of(out);
  }

  // Go finds the fields of a type without JSON names by any case.
  private static Value ignoringCase(ObjectValue object, String name) {
    for (String own : object.names()) {
      Value value = object.get(own);
      if (own.equalsIgnoreCase(name) && value != null) {
        return value;
      }
    }
    return NullValue.NULL;
  }

  static Optional<ListValue> findConditions(@Nullable Value annotation) {
    return findList(annotation)
        .filter(list -> list.objects().size() == list.size())
        .filter(list -> list.objects().stream().allMatch(AutoscalerAnnotations::isCondition));
  }

  private static boolean isCondition(ObjectValue condition) {
    return List.of("type", "status", "lastTransitionTime", "reason", "message").stream()
        .map(condition::get)
        .allMatch(value -> value == null || value == NullValue.NULL || value instanceof StringValue);
  }

  private static Optional<ListValue> findList(@Nullable Value annotation) {
    return switch (findJson(annotation).orElse(StringValue.EMPTY)) {
      case ListValue list -> Optional.of(list);
      case NullValue _ -> Optional.of(ListValue.EMPTY);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> findJson(@Nullable Value annotation) {
    if (!(annotation instanceof StringValue(String text))) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonReader.read(text));
    } catch (DecodeException _) {
      return Optional.empty();
    }
  }
}
