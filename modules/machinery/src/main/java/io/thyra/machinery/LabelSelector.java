package io.thyra.machinery;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A selector over labels: all of its requirements must hold. Requirements are kept sorted by key. Immutable.
/// Source: apimachinery pkg/labels/selector.go.
public final class LabelSelector {
  /// Selects every object.
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of(), true);

  /// Selects no object; what an absent metav1.LabelSelector means.
  public static final LabelSelector NOTHING = new LabelSelector(List.of(), false);

  private final List<Requirement> requirements;
  private final boolean selectable;

  private LabelSelector(List<Requirement> requirements, boolean selectable) {
    this.requirements = requirements;
    this.selectable = selectable;
  }

  /// How a requirement relates a label to its values, with upstream's word for it.
  public enum Operator {
    IN("in"),
    NOT_IN("notin"),
    EQUALS("="),
    DOUBLE_EQUALS("=="),
    NOT_EQUALS("!="),
    GREATER_THAN("gt"),
    LESS_THAN("lt"),
    EXISTS("exists"),
    DOES_NOT_EXIST("!");

    private final String word;

    Operator(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// One condition on one label.
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    /// A requirement that obeys upstream's rules; the exception lists every rule that is broken.
    public static Requirement of(String key, Operator operator, List<String> values) {
      var errors = new ArrayList<FieldError>();
      List<String> keyErrors = Names.qualifiedName(key);
      if (!keyErrors.isEmpty()) {
        errors.add(FieldError.invalid(FieldPath.of("key"), key, String.join("; ", keyErrors)));
      }
      FieldPath path = FieldPath.of("values");
      checkValues(operator, values, path, errors);
      for (int i = 0; i < values.size(); i++) {
        List<String> valueErrors = Names.labelValue(values.get(i));
        if (!valueErrors.isEmpty()) {
          errors.add(FieldError.invalid(path.index(i).key(key), values.get(i), String.join("; ", valueErrors)));
        }
      }
      if (!errors.isEmpty()) {
        throw new SyntaxException(aggregate(errors));
      }
      return new Requirement(key, operator, values);
    }

    private static void checkValues(Operator operator, List<String> values, FieldPath path, List<FieldError> errors) {
      // Go prints an empty list of values that came from nowhere as null.
      Value printed = values.isEmpty() ? NullValue.NULL : ListValue.ofStrings(values);
      switch (operator) {
        case IN, NOT_IN -> {
          if (values.isEmpty()) {
            errors.add(FieldError.invalid(path, printed, "for 'in', 'notin' operators, values set can't be empty"));
          }
        }
        case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> {
          if (values.size() != 1) {
            errors.add(FieldError.invalid(path, printed, "exact-match compatibility requires one single value"));
          }
        }
        case EXISTS, DOES_NOT_EXIST -> {
          if (!values.isEmpty()) {
            errors.add(FieldError.invalid(path, printed, "values set must be empty for exists and does not exist"));
          }
        }
        case GREATER_THAN, LESS_THAN -> {
          if (values.size() != 1) {
            errors.add(FieldError.invalid(path, printed, "for 'Gt', 'Lt' operators, exactly one value is required"));
          }
          for (int i = 0; i < values.size(); i++) {
            if (integer(values.get(i)).isEmpty()) {
              errors.add(
                  FieldError.invalid(path.index(i), values.get(i), "for 'Gt', 'Lt' operators, the value must be an integer"));
            }
          }
        }
      }
    }

    private static String aggregate(List<FieldError> errors) {
      List<String> texts = errors.stream().map(FieldError::toString).distinct().toList();
      return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    }

    private static Optional<Long> integer(String text) {
      try {
        return Optional.of(GoNumbers.parseInt(text));
      } catch (SyntaxException _) {
        return Optional.empty();
      }
    }

    /// Whether a label with this value, null for none, satisfies the requirement.
    public boolean matches(@Nullable String label) {
      return switch (operator) {
        case IN, EQUALS, DOUBLE_EQUALS -> label != null && values.contains(label);
        case NOT_IN, NOT_EQUALS -> label == null || !values.contains(label);
        case EXISTS -> label != null;
        case DOES_NOT_EXIST -> label == null;
        case GREATER_THAN, LESS_THAN -> label != null && compares(label);
      };
    }

    private boolean compares(String label) {
      Optional<Long> left = integer(label);
      Optional<Long> right = values.size() == 1 ? integer(values.getFirst()) : Optional.empty();
      if (left.isEmpty() || right.isEmpty()) {
        return false;
      }
      int order = Long.compare(left.get(), right.get());
      return operator == Operator.GREATER_THAN ? order > 0 : order < 0;
    }

    @Override
    public String toString() {
      String joined = values.stream().sorted().collect(Collectors.joining(","));
      return switch (operator) {
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
        case IN -> key + " in (" + joined + ")";
        case NOT_IN -> key + " notin (" + joined + ")";
        case GREATER_THAN -> key + ">" + joined;
        case LESS_THAN -> key + "<" + joined;
        case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> key + operator.word() + joined;
      };
    }
  }

  /// The selector of a query string such as `x in (foo,,baz),y,!z`.
  public static LabelSelector parse(String text) {
    return of(new LabelSelectorParser(text).parse());
  }

  public static LabelSelector of(List<Requirement> requirements) {
    if (requirements.isEmpty()) {
      return EVERYTHING;
    }
    var sorted = new ArrayList<>(requirements);
    sorted.sort(Comparator.comparing(Requirement::key));
    return new LabelSelector(List.copyOf(sorted), true);
  }

  /// The selector of a plain map of labels, unchecked: every label must have its value.
  public static LabelSelector ofLabels(ObjectValue labels) {
    var requirements = new ArrayList<Requirement>();
    for (int i = 0; i < labels.size(); i++) {
      requirements.add(new Requirement(labels.nameAt(i), Operator.EQUALS, List.of(text(labels.valueAt(i)))));
    }
    return of(requirements);
  }

  /// The selector of a metav1.LabelSelector; null selects nothing, an empty one everything.
  /// Source: apimachinery pkg/apis/meta/v1/helpers.go.
  public static LabelSelector fromObject(@Nullable Value selector) {
    if (!(selector instanceof ObjectValue object)) {
      return NOTHING;
    }
    var requirements = new ArrayList<Requirement>();
    ObjectValue labels = object.object("matchLabels");
    for (int i = 0; i < labels.size(); i++) {
      requirements.add(Requirement.of(labels.nameAt(i), Operator.EQUALS, List.of(text(labels.valueAt(i)))));
    }
    for (ObjectValue expression : object.list("matchExpressions").objects()) {
      String word = expression.string("operator");
      Operator operator =
          switch (word) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> throw new SyntaxException(GoText.quote(word) + " is not a valid label selector operator");
          };
      requirements.add(Requirement.of(expression.string("key"), operator, expression.list("values").strings()));
    }
    return of(requirements);
  }

  private static String text(Value value) {
    return value instanceof StringValue(String text) ? text : "";
  }

  public List<Requirement> requirements() {
    return requirements;
  }

  /// The selector that also demands other requirements.
  public LabelSelector and(List<Requirement> more) {
    if (!selectable) {
      return this;
    }
    var all = new ArrayList<>(requirements);
    all.addAll(more);
    return of(all);
  }

  /// Whether it selects everything.
  public boolean isEmpty() {
    return selectable && requirements.isEmpty();
  }

  /// Whether it can select nothing at all.
  public boolean isNothing() {
    return !selectable;
  }

  /// Whether labels, looked up by key with null for absent, are selected.
  public boolean matches(Function<String, @Nullable String> labels) {
    if (!selectable) {
      return false;
    }
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels.apply(requirement.key()))) {
        return false;
      }
    }
    return true;
  }

  public boolean matches(ObjectValue labels) {
    return matches(key -> labels.get(key) instanceof StringValue(String text) ? text : null);
  }

  /// The one value that the first requirement on a label demands, if it demands exactly one.
  public Optional<String> exactValue(String key) {
    for (Requirement requirement : requirements) {
      if (requirement.key().equals(key)) {
        return switch (requirement.operator()) {
          case IN, EQUALS, DOUBLE_EQUALS ->
              requirement.values().size() == 1 ? Optional.of(requirement.values().getFirst()) : Optional.empty();
          case NOT_IN, NOT_EQUALS, EXISTS, DOES_NOT_EXIST, GREATER_THAN, LESS_THAN -> Optional.empty();
        };
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LabelSelector that
        && selectable == that.selectable
        && requirements.equals(that.requirements);
  }

  @Override
  public int hashCode() {
    return requirements.hashCode();
  }

  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
