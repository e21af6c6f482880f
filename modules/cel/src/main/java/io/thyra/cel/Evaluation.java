package io.thyra.cel;

import io.thyra.model.NullValue;
import io.thyra.model.Value;
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
