package io.thyra.model;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One violated rule of a field, in the forms of upstream's field.Error.
/// `value` is the offending value as upstream prints it (already quoted where it is a string), null for the types that
/// print none. Source: apimachinery pkg/util/validation/field/errors.go.
public record FieldError(Type type, String field, @Nullable String value, String detail) {
  /// The kind of violation, with the reason of its cause and the words that its message begins with.
  public enum Type {
    NOT_FOUND("FieldValueNotFound", "Not found"),
    REQUIRED("FieldValueRequired", "Required value"),
    DUPLICATE("FieldValueDuplicate", "Duplicate value"),
    INVALID("FieldValueInvalid", "Invalid value"),
    NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
    FORBIDDEN("FieldValueForbidden", "Forbidden"),
    TOO_LONG("FieldValueTooLong", "Too long"),
    TOO_MANY("FieldValueTooMany", "Too many"),
    INTERNAL("InternalError", "Internal error"),
    TYPE_INVALID("FieldValueTypeInvalid", "Invalid value");

    private final String reason;
    private final String words;

    Type(String reason, String words) {
      this.reason = reason;
      this.words = words;
    }

    public String reason() {
      return reason;
    }

    public String words() {
      return words;
    }
  }

  public FieldError {
    Objects.requireNonNull(type);
    Objects.requireNonNull(field);
    Objects.requireNonNull(detail);
  }

  public static FieldError required(@Nullable FieldPath path, String detail) {
    return new FieldError(Type.REQUIRED, FieldPath.text(path), null, detail);
  }

  public static FieldError forbidden(@Nullable FieldPath path, String detail) {
    return new FieldError(Type.FORBIDDEN, FieldPath.text(path), null, detail);
  }

  public static FieldError internal(@Nullable FieldPath path, String detail) {
    return new FieldError(Type.INTERNAL, FieldPath.text(path), null, detail);
  }

  public static FieldError invalid(@Nullable FieldPath path, Value value, String detail) {
    return new FieldError(Type.INVALID, FieldPath.text(path), GoText.of(value), detail);
  }

  public static FieldError invalid(@Nullable FieldPath path, String value, String detail) {
    return new FieldError(Type.INVALID, FieldPath.text(path), GoText.quote(value), detail);
  }

  public static FieldError invalid(@Nullable FieldPath path, long value, String detail) {
    return new FieldError(Type.INVALID, FieldPath.text(path), Long.toString(value), detail);
  }

  /// An invalid value whose print is given as it is: a Go struct dump, a raw JSON document.
  public static FieldError invalidPrinted(@Nullable FieldPath path, String printed, String detail) {
    return new FieldError(Type.INVALID, FieldPath.text(path), printed, detail);
  }

  public static FieldError typeInvalid(@Nullable FieldPath path, String printed, String detail) {
    return new FieldError(Type.TYPE_INVALID, FieldPath.text(path), printed, detail);
  }

  public static FieldError duplicate(@Nullable FieldPath path, String value) {
    return new FieldError(Type.DUPLICATE, FieldPath.text(path), GoText.quote(value), "");
  }

  public static FieldError duplicatePrinted(@Nullable FieldPath path, String printed) {
    return new FieldError(Type.DUPLICATE, FieldPath.text(path), printed, "");
  }

  public static FieldError notFound(@Nullable FieldPath path, String value) {
    return new FieldError(Type.NOT_FOUND, FieldPath.text(path), GoText.quote(value), "");
  }

  /// An unsupported value; the supported ones are printed in the given order, which upstream sorts for most enums.
  public static FieldError notSupported(@Nullable FieldPath path, String value, List<String> supported) {
    String detail =
        supported.isEmpty() ? "" : "supported values: " + supported.stream().map(GoText::quote).collect(Collectors.joining(", "));
    return new FieldError(Type.NOT_SUPPORTED, FieldPath.text(path), GoText.quote(value), detail);
  }

  /// A value that is too long; bytes of any value are not printed.
  public static FieldError tooLong(@Nullable FieldPath path, int bytesMax) {
    return new FieldError(
        Type.TOO_LONG, FieldPath.text(path), null, bytesMax >= 0 ? "may not be more than " + bytesMax + " bytes" : "value is too long");
  }

  public static FieldError tooMany(@Nullable FieldPath path, int count, int max) {
    String detail = max >= 0 ? "must have at most " + max + (max == 1 ? " item" : " items") : "has too many items";
    return new FieldError(Type.TOO_MANY, FieldPath.text(path), count >= 0 ? Integer.toString(count) : null, detail);
  }

  /// The message of this error's cause: everything but the field.
  public String message() {
    var out = new StringBuilder(type.words());
    if (value != null) {
      out.append(": ").append(value);
    }
    if (!detail.isEmpty()) {
      out.append(": ").append(detail);
    }
    return out.toString();
  }

  /// The error as it stands in a Status message.
  @Override
  public String toString() {
    return field + ": " + message();
  }
}
