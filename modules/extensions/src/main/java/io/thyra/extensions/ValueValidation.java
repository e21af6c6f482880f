package io.thyra.extensions;

import com.google.re2j.PatternSyntaxException;
import io.thyra.machinery.GoPrint;
import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether a value keeps the rules of its schema, and upstream's complaints where it does not. Pure.
/// Source: kube-openapi pkg/validation/validate and pkg/validation/errors, apiextensions-apiserver
/// pkg/apiserver/validation/validation.go and ratcheting.go.
final class ValueValidation {
  private static final double JSON_INTEGER_MAX = (double) (1L << 53) - 1;
  private static final double EPSILON = 1e-9;

  private ValueValidation() {}

  /// One complaint: its full text, by which equal ones are told once, and the field error that it becomes.
  ///
  /// @param name where, as the validator prints it; empty for complaints that tell it in their text alone
  private record Problem(String text, String name, FieldError.Type type, @Nullable String value, String detail) {
    FieldError error(@Nullable FieldPath base) {
      String field = name.startsWith(".") ? name.substring(1) : name;
      FieldPath path = field.isEmpty() ? base : FieldPath.child(base, field);
      return new FieldError(type, FieldPath.text(path), value, detail);
    }
  }

  /// What a part of a schema says. `matches` counts what was right; the alternative with the most tells its complaints.
  private static final class Result {
    private final List<Problem> problems = new ArrayList<>();
    private int matches;

    boolean valid() {
      return problems.isEmpty();
    }

    void add(Problem problem) {
      if (problems.stream().noneMatch(p -> p.text().equals(problem.text()))) {
        problems.add(problem);
      }
    }

    Result merge(@Nullable Result other) {
      if (other != null) {
        other.problems.forEach(this::add);
        matches += other.matches;
      }
      return this;
    }
  }

  /// The complaints about a value.
  ///
  /// @param base where the value is, null for the object itself
  /// @param correlated the value and what it was, null where there was nothing
  static List<FieldError> validate(
      @Nullable FieldPath base, Value value, StructuralSchema schema, @Nullable Correlated correlated) {
    Result result = ratcheted(value, schema, "", correlated);
    return result.problems.stream().map(p -> p.error(base)).toList();
  }

  private static Result ratcheted(Value value, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    Result result = node(value, schema, path, correlated);
    if (!result.valid() && correlated != null && correlated.unchanged()) {
      var forgiven = new Result();
      forgiven.matches = result.matches;
      return forgiven;
    }
    return result;
  }

  private static Result node(Value value, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    var result = new Result();
    String format = Formats.effective(schema);
    if (value.isNull()) {
      return result.merge(type(value, schema, format, path)).merge(common(value, schema, path));
    }
    if (!schema.types().isEmpty() || !format.isEmpty()) {
      result.merge(type(value, schema, format, path)).matches++;
    }
    result.merge(junctors(value, schema, path, correlated)).matches++;
    if (value instanceof StringValue(String text)) {
      result.merge(string(text, schema, path)).matches++;
      if (Formats.isKnown(format)) {
        result.merge(format(text, format, path)).matches++;
      }
    }
    if (value instanceof NumberValue number) {
      result.merge(number(number, schema, format, path)).matches++;
    }
    if (value instanceof ListValue list) {
      result.merge(list(list, schema, path, correlated)).matches++;
    }
    result.merge(common(value, schema, path)).matches++;
    if (value instanceof ObjectValue object) {
      result.merge(object(object, schema, path, correlated)).matches++;
    }
    result.matches++;
    return result;
  }

  private static Result type(Value value, StructuralSchema schema, String format, String path) {
    var result = new Result();
    List<String> types = schema.types();
    String wanted = String.join(",", types);
    if (value.isNull()) {
      if (!types.isEmpty() && !schema.nullable) {
        result.add(wrongType(path, wanted, "null"));
        return result;
      }
      result.matches++;
      return result;
    }
    String is = jsonType(value);
    boolean wholeFloat = value instanceof DecimalValue d && isInteger(d.doubleValue()) && types.contains("integer");
    boolean integerForNumber = is.equals("integer") && types.contains("number");
    boolean text = value instanceof StringValue || value instanceof ListValue;
    boolean fits = types.contains(is) || wholeFloat || integerForNumber;
    if (!text && !format.isEmpty()) {
      String valueFormat = is.equals("integer") ? "int64" : is.equals("number") ? "float64" : "";
      if (!fits && !valueFormat.equals(format)) {
        result.add(wrongType(path, format, valueFormat));
        return result;
      }
    }
    boolean numeric = types.contains("number") || types.contains("integer");
    if (!(text && !numeric && !format.isEmpty()) && !fits && !types.isEmpty()) {
      result.add(wrongType(path, wanted, is));
      return result;
    }
    result.matches++;
    return result;
  }

  private static String jsonType(Value value) {
    return switch (value) {
      case ObjectValue _ -> "object";
      case ListValue _ -> "array";
      case StringValue _ -> "string";
      case IntegerValue _ -> "integer";
      case DecimalValue _ -> "number";
      case BooleanValue _ -> "boolean";
      case NullValue _ -> "null";
    };
  }

  private static Problem wrongType(String path, String wanted, String data) {
    String text = path + " in body must be of type " + wanted + ": " + GoText.quote(data);
    return new Problem(text, path, FieldError.Type.TYPE_INVALID, GoText.quote(data), text);
  }

  /// A complaint with the value at fault.
  private static Problem invalid(String path, String value, String text) {
    return new Problem(text, path, FieldError.Type.INVALID, value, text);
  }

  /// A complaint without a place of its own.
  private static Problem composite(String text) {
    return new Problem(text, "", FieldError.Type.INVALID, "\"\"", text);
  }

  private static Result junctors(Value value, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    var main = new Result();
    if (!schema.anyOf.isEmpty()) {
      anyOf(main, value, schema, path, correlated);
    }
    if (!schema.oneOf.isEmpty()) {
      oneOf(main, value, schema, path, correlated);
    }
    if (!schema.allOf.isEmpty()) {
      int validated = 0;
      for (StructuralSchema each : schema.allOf) {
        Result result = node(value, each, path, correlated);
        validated += result.valid() ? 1 : 0;
        main.merge(result);
      }
      if (validated != schema.allOf.size()) {
        main.add(
            composite(GoText.quote(path) + " must validate all the schemas (allOf)" + (validated == 0 ? ". None validated" : "")));
      }
    }
    if (schema.not != null && node(value, schema.not, path, correlated).valid()) {
      main.add(composite(GoText.quote(path) + " must not validate the schema (not)"));
    }
    main.matches++;
    return main;
  }

  private static void anyOf(Result main, Value value, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    Result best = null;
    for (StructuralSchema each : schema.anyOf) {
      Result result = node(value, each, path, correlated);
      if (result.valid()) {
        main.merge(result);
        return;
      }
      if (best == null || result.matches > best.matches) {
        best = result;
      }
    }
    main.add(composite(GoText.quote(path) + " must validate at least one schema (anyOf)"));
    main.merge(best);
  }

  private static void oneOf(Result main, Value value, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    Result best = null;
    Result first = null;
    int validated = 0;
    for (StructuralSchema each : schema.oneOf) {
      Result result = node(value, each, path, correlated);
      if (result.valid()) {
        validated++;
        best = null;
        first = first == null ? result : first;
      } else if (validated == 0 && (best == null || result.matches > best.matches)) {
        best = result;
      }
    }
    if (validated == 1) {
      main.merge(first);
      return;
    }
    String found = validated == 0 ? "Found none valid" : "Found " + validated + " valid alternatives";
    main.add(composite(GoText.quote(path) + " must validate one and only one schema (oneOf). " + found));
    main.merge(best);
  }

  private static @Nullable Result string(String text, StructuralSchema schema, String path) {
    var result = new Result();
    int length = text.codePointCount(0, text.length());
    if (schema.maxLength != null && length > schema.maxLength) {
      String words = path + " in body should be at most " + schema.maxLength + " chars long";
      int max = (int) Math.clamp(schema.maxLength, -1L, Integer.MAX_VALUE);
      FieldError error = FieldError.tooLong(null, max);
      result.add(new Problem(words, path, error.type(), null, error.detail()));
    } else if (schema.minLength != null && length < schema.minLength) {
      result.add(invalid(path, GoText.quote(text), path + " in body should be at least " + schema.minLength + " chars long"));
    } else if (!schema.pattern.isEmpty()) {
      String pattern = schema.pattern;
      boolean matches;
      try {
        matches = schema.regex().matcher(text).find();
      } catch (PatternSyntaxException e) {
        matches = false;
        pattern = pattern + ", but pattern is invalid: " + Patterns.complaint(e);
      }
      if (!matches) {
        result.add(invalid(path, GoText.quote(text), path + " in body should match '" + pattern + "'"));
      }
    }
    return result;
  }

  private static @Nullable Result format(String text, String format, String path) {
    if (Formats.matches(format, text)) {
      return null;
    }
    var result = new Result();
    result.add(wrongType(path, format, text));
    return result;
  }

  private static Result number(NumberValue value, StructuralSchema schema, String format, String path) {
    // Ranges are those of the one type that is named, formats count only for their own type.
    String type = schema.types().size() == 1 ? schema.types().getFirst() : "";
    String own =
        type.equals("integer") && (format.equals("int32") || format.equals("int64"))
                || type.equals("number") && (format.equals("float") || format.equals("double"))
            ? format
            : "";
    String rangeType = type.equals("integer") || type.equals("number") ? type : "";
    var result = new Result();
    outOfRange(result, exact(value), rangeType, own, "Checked", path);
    double data = value.doubleValue();
    if (schema.multipleOf != null) {
      double factor = schema.multipleOf;
      boolean fits = !outOfRange(result, BigDecimal.valueOf(factor), rangeType, own, "MultipleOf", path);
      multiple(result, fits && value instanceof IntegerValue i ? i : null, value, data, factor, path);
    }
    if (schema.minimum != null) {
      double limit = schema.minimum;
      boolean fits = !outOfRange(result, BigDecimal.valueOf(limit), rangeType, own, "Minimum boundary", path);
      boolean exclusive = schema.exclusiveMinimum;
      boolean broken =
          fits && value instanceof IntegerValue(long number)
              ? exclusive ? number <= (long) limit : number < (long) limit
              : exclusive ? data <= limit : data < limit;
      if (broken) {
        String words = exclusive ? " in body should be greater than " : " in body should be greater than or equal to ";
        result.add(invalid(path, printed(value), path + words + limit(limit, fits && value instanceof IntegerValue)));
      }
    }
    if (schema.maximum != null) {
      double limit = schema.maximum;
      boolean fits = !outOfRange(result, BigDecimal.valueOf(limit), rangeType, own, "Maximum boundary", path);
      boolean exclusive = schema.exclusiveMaximum;
      boolean broken =
          fits && value instanceof IntegerValue(long number)
              ? exclusive ? number >= (long) limit : number > (long) limit
              : exclusive ? data >= limit : data > limit;
      if (broken) {
        String words = exclusive ? " in body should be less than " : " in body should be less than or equal to ";
        result.add(invalid(path, printed(value), path + words + limit(limit, fits && value instanceof IntegerValue)));
      }
    }
    result.matches++;
    return result;
  }

  private static String limit(double limit, boolean whole) {
    return whole ? Long.toString((long) limit) : go(limit);
  }

  private static void multiple(
      Result result, @Nullable IntegerValue integer, NumberValue value, double data, double factor, String path) {
    if (integer != null) {
      long whole = (long) factor;
      if (whole <= 0) {
        String text = "factor MultipleOf declared for " + path + " must be positive: " + whole;
        result.add(invalid(path, Long.toString(whole), text));
      } else if (integer.value() % whole != 0) {
        result.add(invalid(path, printed(value), path + " in body should be a multiple of " + whole));
      }
      return;
    }
    if (factor <= 0) {
      result.add(invalid(path, go(factor), "factor MultipleOf declared for " + path + " must be positive: " + go(factor)));
    } else if (!isInteger(factor < 1 ? 1 / factor * data : data / factor)) {
      result.add(invalid(path, go(data), path + " in body should be a multiple of " + go(factor)));
    }
  }

  private static BigDecimal exact(NumberValue value) {
    return value instanceof IntegerValue(long number) ? BigDecimal.valueOf(number) : BigDecimal.valueOf(value.doubleValue());
  }

  /// Complains when a number is none of its type and format.
  private static boolean outOfRange(Result result, BigDecimal number, String type, String format, String what, String path) {
    boolean fits =
        switch (type) {
          case "integer" -> {
            boolean narrow = format.equals("int32");
            BigDecimal min = BigDecimal.valueOf(narrow ? Integer.MIN_VALUE : Long.MIN_VALUE);
            BigDecimal max = BigDecimal.valueOf(narrow ? Integer.MAX_VALUE : Long.MAX_VALUE);
            yield number.stripTrailingZeros().scale() <= 0 && number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
          }
          default -> !format.equals("float") || !Float.isInfinite(number.floatValue());
        };
    if (!fits) {
      String form = format.isEmpty() ? " (default format)" : " with format " + format;
      result.add(composite(what + " value must be of type " + type + form + " in " + path));
    }
    return !fits;
  }

  private static boolean isInteger(double number) {
    if (Double.isNaN(number) || Math.abs(number) > JSON_INTEGER_MAX) {
      return false;
    }
    double whole = (double) (long) number;
    if (number == whole) {
      return true;
    }
    if (number < 0 || whole == 0) {
      return false;
    }
    return (number - whole) / (number + whole) < EPSILON;
  }

  private static String go(double number) {
    return GoPrint.value(DecimalValue.of(number));
  }

  private static String printed(Value value) {
    return value instanceof DecimalValue decimal ? go(decimal.doubleValue()) : GoText.of(Printed.sorted(value));
  }

  private static Result list(ListValue list, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    var result = new Result();
    if (schema.items != null) {
      for (int i = 0; i < list.size(); i++) {
        Correlated item = correlated == null ? null : correlated.item(i);
        result.merge(ratcheted(list.get(i), schema.items, path + "[" + i + "]", item));
      }
    }
    String size = Integer.toString(list.size());
    if (schema.minItems != null && list.size() < schema.minItems) {
      result.add(invalid(path, size, path + " in body should have at least " + schema.minItems + " items"));
    }
    if (schema.maxItems != null && list.size() > schema.maxItems) {
      result.add(tooMany(path, list.size(), schema.maxItems, " items"));
    }
    if (schema.uniqueItems && list.stream().distinct().count() != list.size()) {
      result.add(invalid(path, "\"\"", path + " in body shouldn't contain duplicates"));
    }
    result.matches++;
    return result;
  }

  private static Problem tooMany(String path, int count, long max, String what) {
    FieldError error = FieldError.tooMany(null, count, (int) Math.clamp(max, -1L, Integer.MAX_VALUE));
    return new Problem(path + " in body should have at most " + max + what, path, error.type(), error.value(), error.detail());
  }

  private static Result object(ObjectValue object, StructuralSchema schema, String path, @Nullable Correlated correlated) {
    var result = new Result();
    int size = object.size();
    if (schema.minProperties != null && size < schema.minProperties) {
      String words = path + " in body should have at least " + schema.minProperties + " properties";
      result.add(invalid(path, Integer.toString(size), words));
    }
    if (schema.maxProperties != null && size > schema.maxProperties) {
      result.add(tooMany(path, size, schema.maxProperties, " properties"));
    }
    for (String name : object.names().stream().sorted().toList()) {
      if (schema.properties.containsKey(name)) {
        continue;
      }
      if (schema.hasAdditional && !schema.allowsAdditional) {
        result.add(invalid(path, GoText.quote(name), path + "." + name + " in body is a forbidden property"));
      } else if (schema.additional != null) {
        result.merge(field(object, name, schema.additional, path + "." + name, path, correlated));
      }
    }
    for (Map.Entry<String, StructuralSchema> property : schema.properties.entrySet()) {
      String name = property.getKey();
      if (object.has(name)) {
        result.merge(field(object, name, property.getValue(), path.isEmpty() ? name : path + "." + name, path, correlated));
      }
    }
    for (String name : schema.required) {
      if (!object.has(name)) {
        String where = path + "." + name;
        result.add(new Problem(where + " in body is required", where, FieldError.Type.REQUIRED, null, ""));
      }
    }
    return result;
  }

  private static Result field(
      ObjectValue object, String name, StructuralSchema schema, String where, String parent, @Nullable Correlated correlated) {
    Value value = object.get(name);
    boolean type = parent.isEmpty() && (name.equals("kind") || name.equals("apiVersion"));
    Correlated child = correlated == null || type ? null : correlated.field(name);
    return ratcheted(value == null ? NullValue.NULL : value, schema, where, child);
  }

  private static @Nullable Result common(Value value, StructuralSchema schema, String path) {
    if (schema.enumValues.isEmpty() || schema.enumValues.stream().anyMatch(allowed -> equal(value, allowed))) {
      return null;
    }
    var names = new ArrayList<String>();
    for (Value allowed : schema.enumValues) {
      names.add(allowed instanceof StringValue(String text) ? text : GoText.json(Printed.sorted(allowed)));
    }
    String detail = FieldError.notSupported(null, "", names).detail();
    String words = path + " in body should be one of " + GoPrint.value(new ListValue(schema.enumValues));
    var result = new Result();
    result.add(new Problem(words, path, FieldError.Type.NOT_SUPPORTED, printed(value), detail));
    return result;
  }

  /// Equality after Go's conversion to the type of the allowed value.
  private static boolean equal(Value value, Value allowed) {
    if (allowed.isNull() || value.isNull()) {
      return false;
    }
    return switch (allowed) {
      case IntegerValue(long wanted) when value instanceof DecimalValue decimal -> (long) decimal.doubleValue() == wanted;
      case DecimalValue wanted when value instanceof NumberValue number -> number.doubleValue() == wanted.doubleValue();
      default -> value.equals(allowed);
    };
  }
}
