package io.thyra.machinery;

import io.thyra.machinery.JsonPathNode.Array;
import io.thyra.machinery.JsonPathNode.Constant;
import io.thyra.machinery.JsonPathNode.Field;
import io.thyra.machinery.JsonPathNode.Filter;
import io.thyra.machinery.JsonPathNode.Identifier;
import io.thyra.machinery.JsonPathNode.Recursive;
import io.thyra.machinery.JsonPathNode.Steps;
import io.thyra.machinery.JsonPathNode.Union;
import io.thyra.machinery.JsonPathNode.Wildcard;
import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// A JSON path in the dialect of kubectl, as printer columns and selectable fields use it. Absent keys find nothing.
/// Immutable. Source: client-go util/jsonpath.
public final class JsonPath {
  private final List<JsonPathNode> parts;

  private JsonPath(List<JsonPathNode> parts) {
    this.parts = List.copyOf(parts);
  }

  /// A template, in which paths stand in braces.
  ///
  /// @throws SyntaxException with upstream's complaint
  public static JsonPath parse(String template) {
    return new JsonPath(new JsonPathParser(template).parse());
  }

  /// A path without braces, such as `.spec.replicas`.
  ///
  /// @throws SyntaxException with upstream's complaint
  public static JsonPath ofPath(String path) {
    return parse("{" + path + "}");
  }

  /// The rule for the paths that a CustomResourceDefinition names.
  /// Source: apiextensions pkg/apis/apiextensions/validation/validation.go.
  public static List<FieldError> validateSimple(String path, FieldPath field) {
    if (path.isEmpty()) {
      return List.of(FieldError.invalid(field, path, "must not be empty"));
    }
    return path.startsWith(".")
        ? List.of()
        : List.of(FieldError.invalid(field, path, "must be a simple json path starting with ."));
  }

  /// What the first part of the template finds, in document order.
  ///
  /// @throws SyntaxException when the document does not have the structure that the path asks for
  public List<Value> find(Value root) {
    return parts.isEmpty() ? List.of() : walk(List.of(root), parts.getFirst());
  }

  /// The first thing found; empty also where the path does not fit the document.
  public Optional<Value> findFirst(Value root) {
    try {
      return find(root).stream().findFirst();
    } catch (SyntaxException _) {
      return Optional.empty();
    }
  }

  /// A found value as text: structures as JSON with sorted names, null as `<no value>`.
  public static String print(Value value) {
    return switch (value) {
      case ObjectValue _, ListValue _ -> GoText.json(sorted(value));
      case NullValue _ -> "<no value>";
      default -> GoPrint.value(value);
    };
  }

  private static Value sorted(Value value) {
    return switch (value) {
      case ObjectValue object -> {
        var out = ObjectValue.builder(Math.max(1, object.size()));
        for (String name : new TreeSet<>(object.names())) {
          out.put(name, sorted(child(object, name)));
        }
        yield out.build();
      }
      case ListValue list -> list.map(JsonPath::sorted);
      default -> value;
    };
  }

  private static Value child(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? NullValue.NULL : value;
  }

  private static List<Value> walk(List<Value> input, JsonPathNode node) {
    return switch (node) {
      case Steps steps -> {
        List<Value> current = input;
        for (JsonPathNode step : steps.nodes()) {
          current = walk(current, step);
        }
        yield current;
      }
      case Constant(Value value, boolean text) ->
          text ? List.of(value) : input.stream().map(_ -> value).toList();
      case Field field -> fields(input, field.name());
      case Array array -> items(input, array);
      case Wildcard _ -> children(input);
      case Recursive _ -> descendants(input);
      case Filter filter -> filtered(input, filter);
      case Union union -> {
        var found = new ArrayList<Value>();
        union.branches().forEach(branch -> found.addAll(walk(input, branch)));
        yield found;
      }
      case Identifier identifier -> throw new SyntaxException("unrecognized identifier " + identifier.name());
    };
  }

  private static List<Value> fields(List<Value> input, String name) {
    var found = new ArrayList<Value>();
    for (Value value : input) {
      if (value instanceof ObjectValue object && object.has(name)) {
        found.add(child(object, name));
      }
    }
    return found;
  }

  private static List<Value> items(List<Value> input, Array array) {
    var found = new ArrayList<Value>();
    for (Value value : input) {
      if (value instanceof NullValue) {
        continue;
      }
      if (!(value instanceof ListValue list)) {
        throw new SyntaxException(GoPrint.typeName(value) + " is not array or slice");
      }
      addSlice(found, list, array);
    }
    return found;
  }

  private static void addSlice(List<Value> found, ListValue list, Array array) {
    long size = list.size();
    long from = array.from().orElse(0);
    from = from < 0 ? from + size : from;
    long to = array.derived() ? array.from().orElse(0) + 1 : array.to().orElse(size);
    if (to < 0 || to == 0 && array.derived()) {
      to += size;
    }
    if (from == to) {
      return;
    }
    if (from >= size || from < 0) {
      throw new SyntaxException("array index out of bounds: index " + from + ", length " + size);
    }
    if (to > size || to < 0) {
      throw new SyntaxException("array index out of bounds: index " + (to - 1) + ", length " + size);
    }
    if (from > to) {
      throw new SyntaxException("starting index " + from + " is greater than ending index " + to);
    }
    long step = array.step().orElse(1);
    if (step <= 0) {
      throw new SyntaxException("step must be > 0");
    }
    for (long i = from; i < to; i += step) {
      found.add(list.get((int) i));
    }
  }

  private static List<Value> children(List<Value> input) {
    var found = new ArrayList<Value>();
    for (Value value : input) {
      if (value instanceof ObjectValue object) {
        object.names().forEach(name -> found.add(child(object, name)));
      } else if (value instanceof ListValue list) {
        found.addAll(list.items());
      } else if (value instanceof StringValue(String text)) {
        // Go walks the bytes of a string.
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
          found.add(new IntegerValue(b & 0xff));
        }
      }
    }
    return found;
  }

  private static List<Value> descendants(List<Value> input) {
    var found = new ArrayList<Value>();
    for (Value value : input) {
      List<Value> children = value instanceof StringValue ? List.of() : children(List.of(value));
      if (!children.isEmpty()) {
        found.add(value);
        found.addAll(descendants(children));
      }
    }
    return found;
  }

  private static List<Value> filtered(List<Value> input, Filter filter) {
    var found = new ArrayList<Value>();
    for (Value value : input) {
      if (!(value instanceof ListValue list)) {
        throw new SyntaxException(GoPrint.value(value) + " is not array or slice and cannot be filtered");
      }
      for (Value item : list) {
        if (passes(item, filter)) {
          found.add(item);
        }
      }
    }
    return found;
  }

  private static boolean passes(Value item, Filter filter) {
    if (filter.operator().equals("exists")) {
      try {
        return !walk(List.of(item), filter.left()).isEmpty();
      } catch (SyntaxException _) {
        return false;
      }
    }
    Optional<Value> left = single(walk(List.of(item), filter.left()));
    Optional<Value> right = left.isEmpty() ? left : single(walk(List.of(item), filter.right()));
    if (left.isEmpty() || right.isEmpty()) {
      return false;
    }
    String operator = filter.operator();
    if (!List.of("<", ">", "==", "!=", "<=", ">=").contains(operator)) {
      throw new SyntaxException("unrecognized filter operator " + operator);
    }
    int order = compare(left.get(), right.get(), operator);
    return switch (operator) {
      case "<" -> order < 0;
      case ">" -> order > 0;
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<=" -> order <= 0;
      default -> order >= 0;
    };
  }

  private static Optional<Value> single(List<Value> found) {
    if (found.size() > 1) {
      throw new SyntaxException("can only compare one element at a time");
    }
    return found.stream().findFirst();
  }

  private static int compare(Value left, Value right, String operator) {
    if (left instanceof IntegerValue(long a) && right instanceof IntegerValue(long b)) {
      return Long.compare(a, b);
    }
    if (left instanceof DecimalValue a && right instanceof DecimalValue b) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    if (left instanceof StringValue(String a) && right instanceof StringValue(String b)) {
      return a.compareTo(b);
    }
    boolean equality = operator.equals("==") || operator.equals("!=");
    if (equality && left instanceof BooleanValue a && right instanceof BooleanValue b) {
      return a.compareTo(b);
    }
    boolean basic = !(left instanceof ObjectValue) && !(left instanceof ListValue) && !left.isNull();
    throw new SyntaxException(basic ? "incompatible types for comparison" : "invalid type for comparison");
  }
}
