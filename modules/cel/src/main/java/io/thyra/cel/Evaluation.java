package io.thyra.cel;

import io.thyra.model.NullValue;
import io.thyra.model.Value;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The outcome of one evaluation and what it cost.
public final class Evaluation {
  private final @Nullable Object value;
  private final @Nullable EvaluationException error;
  private final long cost;

  Evaluation(@Nullable Object value, @Nullable EvaluationException error, long cost) {
    this.value = value;
    this.error = error;
    this.cost = cost;
  }

  /// An outcome without a value.
  public static Evaluation failed(String message, long cost) {
    return new Evaluation(null, new EvaluationException(message), cost);
  }

  /// The cost in units of about 50 ns, up to where it ended.
  public long cost() {
    return cost;
  }

  /// Why there is no value, in cel-go's words; empty when there is one.
  public Optional<EvaluationException> error() {
    return Optional.ofNullable(error);
  }

  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  public boolean isNull() {
    return value == NullValue.NULL;
  }

  /// The value when it is a text.
  public Optional<String> text() {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /// The value as JSON; empty for what has no such form.
  public Optional<Value> json() {
    return value == null ? Optional.empty() : CelValues.toJson(value);
  }

  /// Why an object that an expression made is none: the types of its parts must be named as their places are.
  /// Source: apiserver pkg/cel/mutation/dynamic/objects.go.
  public Optional<String> findTypeProblem() {
    return value instanceof StructValue object ? findTypeProblem(object, object.typeName()) : Optional.empty();
  }

  private static Optional<String> findTypeProblem(Object value, String wanted) {
    switch (value) {
      case StructValue(String name, var fields) -> {
        if (!name.equals(wanted)) {
          String words = "unexpected type name \"%s\", expected \"%s\", which matches field name path from root Object type";
          return Optional.of(words.formatted(name, wanted));
        }
        for (var field : fields.entrySet()) {
          Optional<String> problem = findTypeProblem(field.getValue(), wanted + "." + field.getKey());
          if (problem.isPresent()) {
            return problem;
          }
        }
      }
      case List<?> list -> {
        for (Object item : list) {
          Optional<String> problem = findTypeProblem(item, wanted);
          if (problem.isPresent()) {
            return problem;
          }
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  /// The items of a value that is a list, each as an outcome.
  public List<Evaluation> items() {
    return value instanceof List<?> list
        ? list.stream().map(item -> new Evaluation(item, null, 0)).toList()
        : List.of();
  }

  /// The field of an object that an expression made; empty when it was not set.
  public Optional<Evaluation> field(String name) {
    Object found = value instanceof StructValue object ? object.fields().get(name) : null;
    return Optional.ofNullable(found).map(item -> new Evaluation(item, null, 0));
  }

  /// The name of the type of the value.
  public String typeName() {
    return value == null ? "" : CelValues.typeName(value);
  }

  /// The value as it prints.
  public String print() {
    return value == null ? "" : CelValues.print(value);
  }

  Object valueOrThrow() {
    if (error != null) {
      throw error;
    }
    return Objects.requireNonNull(value);
  }
}
