package io.thyra.groups;

import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.IntegerValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Counts that may be shares: `5` or `"25%"`. Source: pkg/apis/apps/validation/validation.go.
public final class IntOrPercent {
  private IntOrPercent() {}

  /// Neither negative nor anything but a percentage; an absent one is the number 0.
  public static void positive(@Nullable Value value, FieldPath path, List<FieldError> errors) {
    if (value instanceof StringValue(String text)) {
      Rules.checkFormat(text, path, errors, Words::percent);
    } else if (value instanceof IntegerValue(long number)) {
      Rules.checkNotNegative(number, path, errors);
    }
  }

  public static void atMost100(@Nullable Value value, FieldPath path, List<FieldError> errors) {
    if (value != null && findPercent(value).orElse(0) > 100) {
      errors.add(FieldError.invalid(path, value, "must not be greater than 100%"));
    }
  }

  /// The number or the percentage; texts that are neither count as 0.
  public static long value(@Nullable Value value) {
    if (value instanceof IntegerValue(long number)) {
      return number;
    }
    if (value instanceof StringValue(String text)) {
      return findPercent(value).orElseGet(() -> parse(text));
    }
    return 0;
  }

  private static OptionalInt findPercent(Value value) {
    return value instanceof StringValue(String text) && Words.percent(text).isEmpty()
        ? OptionalInt.of(parse(text.substring(0, text.length() - 1)))
        : OptionalInt.empty();
  }

  private static int parse(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
