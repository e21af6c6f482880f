package io.thyra.machinery;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupKind;
import io.thyra.model.ListValue;
import io.thyra.model.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What the records of options share: conversion of query values and the rules of common fields.
/// Source: apimachinery pkg/runtime/conversion.go and pkg/apis/meta/v1/validation/validation.go.
final class OptionRules {
  static final int FIELD_MANAGER_BYTES_MAX = 128;

  private OptionRules() {}

  /// Runs a conversion whose complaints are bad requests.
  static <T> T badRequest(Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (SyntaxException e) {
      throw new Failure.BadRequest(e.text()).toException();
    }
  }

  static void requireValid(String kind, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new ApiException(new Failure.Invalid(new GroupKind("meta.k8s.io", kind), "", errors));
    }
  }

  /// Only an absent parameter, `0` and any `false` mean false.
  static boolean bool(Query query, String name) {
    return optionalBool(query, name).orElse(false);
  }

  static Optional<Boolean> optionalBool(Query query, String name) {
    if (!query.has(name)) {
      return Optional.empty();
    }
    String value = query.first(name);
    return Optional.of(!value.equals("0") && !value.equalsIgnoreCase("false"));
  }

  static OptionalLong optionalLong(Query query, String name) {
    return query.has(name) ? OptionalLong.of(GoNumbers.parseInt(query.first(name))) : OptionalLong.empty();
  }

  static List<FieldError> dryRun(List<String> values) {
    if (values.stream().allMatch("All"::equals)) {
      return List.of();
    }
    return List.of(notSupported("dryRun", GoText.json(ListValue.ofStrings(values)), List.of("All")));
  }

  static FieldError notSupported(String field, String printed, List<String> supported) {
    String detail = "supported values: " + String.join(", ", supported.stream().map(GoText::quote).toList());
    return new FieldError(FieldError.Type.NOT_SUPPORTED, field, printed, detail);
  }

  static List<FieldError> fieldValidation(String value) {
    List<String> supported = List.of("", "Ignore", "Strict", "Warn");
    return supported.contains(value)
        ? List.of()
        : List.of(FieldError.notSupported(FieldPath.of("fieldValidation"), value, supported));
  }

  static List<FieldError> fieldManager(String manager, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    if (Texts.bytes(manager) > FIELD_MANAGER_BYTES_MAX) {
      errors.add(FieldError.tooLong(path, FIELD_MANAGER_BYTES_MAX));
    }
    int at = 0;
    for (int i = 0; i < manager.length(); ) {
      int c = manager.codePointAt(i);
      if (!printable(c)) {
        errors.add(FieldError.invalid(path, manager, "invalid character U+%04X (at position %d)".formatted(c, at)));
      }
      at += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      i += Character.charCount(c);
    }
    return errors;
  }

  // Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
