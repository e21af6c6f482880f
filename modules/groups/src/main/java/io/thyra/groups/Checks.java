package io.thyra.groups;

import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.SelectorValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What rules that are code ask and say about single fields; the counterpart of [Rules] for logic that a table cannot
/// hold. Texts are upstream's. Source: pkg/apis/core/validation, apimachinery pkg/apis/meta/v1/validation.
public final class Checks {
  private Checks() {}

  /// Whether a field that is a pointer in Go points at something.
  public static boolean isSet(ObjectValue object, String field) {
    return isSet(object.get(field));
  }

  public static boolean isSet(@Nullable Value value) {
    return value != null && value != NullValue.NULL;
  }

  /// An integer, 0 where it is absent.
  public static long number(ObjectValue object, String... path) {
    return object.integer(0, path);
  }

  public static void notNegative(ObjectValue object, @Nullable FieldPath path, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      if (object.get(field) instanceof IntegerValue(long number)) {
        Rules.checkNotNegative(number, FieldPath.child(path, field), errors);
      }
    }
  }

  public static void required(ObjectValue object, String field, String detail, @Nullable FieldPath path, List<FieldError> errors) {
    if (Rules.isEmpty(object.get(field))) {
      errors.add(FieldError.required(FieldPath.child(path, field), detail));
    }
  }

  /// A text that must be there, and then have a form.
  public static void named(
      ObjectValue object, String field, @Nullable FieldPath path, List<FieldError> errors, Function<String, List<String>> format) {
    String text = object.string(field);
    if (text.isEmpty()) {
      errors.add(FieldError.required(FieldPath.child(path, field), ""));
    } else {
      Rules.checkFormat(text, FieldPath.child(path, field), errors, format);
    }
  }

  /// An unsupported value with the supported ones as given.
  public static void oneOf(String word, FieldPath path, List<FieldError> errors, String... words) {
    if (!List.of(words).contains(word)) {
      errors.add(FieldError.notSupported(path, word, List.of(words)));
    }
  }

  /// An unsupported value that is no string.
  public static FieldError notSupportedPrinted(FieldPath path, String printed, String... words) {
    String told = List.of(words).stream().map(GoText::quote).collect(Collectors.joining(", "));
    return new FieldError(FieldError.Type.NOT_SUPPORTED, path.toString(), printed, "supported values: " + told);
  }

  /// An invalid value that upstream does not show.
  public static FieldError invalidUnshown(FieldPath path, String detail) {
    return new FieldError(FieldError.Type.INVALID, path.toString(), null, detail);
  }

  /// An invalid value; nil prints as null.
  public static FieldError invalid(@Nullable FieldPath path, @Nullable Value value, String detail) {
    return FieldError.invalid(path, value == null ? NullValue.NULL : value, detail);
  }

  public static void immutable(
      ObjectValue object, ObjectValue old, @Nullable FieldPath path, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      errors.addAll(ObjectMetaValidation.immutable(object.get(field), old.get(field), FieldPath.child(path, field)));
    }
  }

  /// Whether two values mean the same to upstream, which takes nothing, null and an empty list or map for one another.
  public static boolean sameMeaning(@Nullable Value one, @Nullable Value other) {
    return Objects.equals(one, other) || Objects.equals(meaning(one), meaning(other));
  }

  private static Value meaning(@Nullable Value value) {
    return switch (value) {
      case null -> NullValue.NULL;
      case ObjectValue object -> {
        var kept = ObjectValue.builder();
        object.forEach(
            (name, inner) -> {
              Value meant = meaning(inner);
              if (meant != NullValue.NULL) {
                kept.put(name, meant);
              }
            });
        ObjectValue built = kept.build();
        yield built.isEmpty() ? NullValue.NULL : built;
      }
      case ListValue list -> list.isEmpty() ? NullValue.NULL : list.map(Checks::meaning);
      default -> value;
    };
  }

  /// A map as Go holds it: null when there is none, empty when it was sent empty.
  public static Value map(ObjectValue object, String field) {
    Value value = object.get(field);
    return value != null ? value : object.saidEmpty(field) ? ObjectValue.EMPTY : NullValue.NULL;
  }

  /// A list as Go holds it: null when there is none, empty when it was sent empty.
  public static Value list(ObjectValue object, String field) {
    Value value = object.get(field);
    return value != null ? value : object.saidEmpty(field) ? ListValue.EMPTY : NullValue.NULL;
  }

  /// Fields that keep the value they were created with, printed as Go holds them.
  ///
  /// @param type the type of the objects
  public static void immutable(
      Struct type, ObjectValue object, ObjectValue old, @Nullable FieldPath path, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      immutable(type, object, old, field, FieldPath.child(path, field), errors);
    }
  }

  /// The same for a field that errors call otherwise.
  public static void immutable(
      Struct type, ObjectValue object, ObjectValue old, String field, FieldPath told, List<FieldError> errors) {
    FieldSchema schema = type.field(field);
    boolean same =
        schema == null
            ? Objects.equals(object.get(field), old.get(field))
            : GoStruct.same(schema.shape(), object.get(field), old.get(field));
    if (!same) {
      errors.add(FieldError.invalidPrinted(told, GoText.of(GoStruct.field(type, object, field)), Rules.IMMUTABLE));
    }
  }

  /// A label selector in a field; an absent one breaks nothing.
  public static void selector(
      ObjectValue object, String field, boolean allowInvalidValues, @Nullable FieldPath path, List<FieldError> errors) {
    errors.addAll(SelectorValidation.labelSelector(object.get(field), allowInvalidValues, FieldPath.child(path, field)));
  }

  /// Whether a stored selector has label values that are none, which later writes then keep.
  public static boolean hasInvalidValues(@Nullable Value selector) {
    FieldPath path = FieldPath.of("selector");
    return SelectorValidation.labelSelector(selector, false, path).size() > SelectorValidation.labelSelector(selector, true, path).size();
  }

  /// A selector that demands nothing.
  public static boolean isEmptySelector(ObjectValue selector) {
    return selector.object("matchLabels").isEmpty() && selector.list("matchExpressions").isEmpty();
  }

  /// The selector to match with; empty when it means nothing.
  public static Optional<LabelSelector> findSelector(@Nullable Value selector) {
    try {
      return Optional.of(LabelSelector.fromObject(selector == NullValue.NULL ? null : selector));
    } catch (IllegalArgumentException | io.thyra.machinery.SyntaxException _) {
      return Optional.empty();
    }
  }

  /// The status of a condition of one type, empty when there is none.
  public static String condition(ObjectValue status, String type) {
    for (ObjectValue condition : status.list("conditions").objects()) {
      if (condition.string("type").equals(type)) {
        return condition.string("status");
      }
    }
    return "";
  }

  public static boolean isTrue(ObjectValue status, String type) {
    return status.list("conditions").objects().stream()
        .anyMatch(c -> c.string("type").equals(type) && c.string("status").equals("True"));
  }
}
