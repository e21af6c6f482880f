package io.thyra.groups;

import io.thyra.model.BooleanValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The words that validations are said in. Each makes a [Rule] about a field of the object that the rule is given;
/// texts are upstream's.
/// Source: apimachinery pkg/api/validate, pkg/util/validation, pkg/apis/core/validation.
public final class Rules {
  public static final String IMMUTABLE = "field is immutable";
  public static final String NOT_NEGATIVE = "must be greater than or equal to 0";

  private Rules() {}

  /// All of the rules, one after the other.
  public static Rule all(Rule... rules) {
    return (object, path, errors) -> {
      for (Rule rule : rules) {
        rule.check(object, path, errors);
      }
    };
  }

  /// A rule that holds only for objects of a sort.
  public static Rule when(Predicate<ObjectValue> condition, Rule... rules) {
    Rule then = all(rules);
    return (object, path, errors) -> {
      if (condition.test(object)) {
        then.check(object, path, errors);
      }
    };
  }

  public static Rule required(String field) {
    return required(field, "");
  }

  /// The field may be neither absent nor empty.
  public static Rule required(String field, String detail) {
    return (object, path, errors) -> {
      if (isEmpty(object.get(field))) {
        errors.add(FieldError.required(FieldPath.child(path, field), detail));
      }
    };
  }

  public static Rule forbidden(String field, String detail) {
    return (object, path, errors) -> {
      if (!isEmpty(object.get(field))) {
        errors.add(FieldError.forbidden(FieldPath.child(path, field), detail));
      }
    };
  }

  /// A text that is one of a few words; an absent or empty one is required.
  public static Rule oneOf(String field, String... words) {
    return required(field).and(maybeOneOf(field, words));
  }

  /// A text that is absent, empty or one of a few words. The words are told in alphabetical order.
  public static Rule maybeOneOf(String field, String... words) {
    List<String> sorted = Arrays.stream(words).sorted().toList();
    return (object, path, errors) -> {
      String word = object.string(field);
      if (!word.isEmpty() && !sorted.contains(word)) {
        errors.add(FieldError.notSupported(FieldPath.child(path, field), word, sorted));
      }
    };
  }

  /// A text that is one of a few words, the empty one refused as unsupported too.
  public static Rule strictlyOneOf(String field, String... words) {
    List<String> sorted = Arrays.stream(words).sorted().toList();
    return (object, path, errors) -> {
      String word = object.string(field);
      if (!sorted.contains(word)) {
        errors.add(FieldError.notSupported(FieldPath.child(path, field), word, sorted));
      }
    };
  }

  public static Rule notNegative(String field) {
    return (object, path, errors) -> {
      if (object.get(field) instanceof IntegerValue(long number)) {
        checkNotNegative(number, FieldPath.child(path, field), errors);
      }
    };
  }

  public static void checkNotNegative(long number, FieldPath path, List<FieldError> errors) {
    if (number < 0) {
      errors.add(FieldError.invalid(path, number, NOT_NEGATIVE));
    }
  }

  public static Rule positive(String field) {
    return (object, path, errors) -> {
      if (object.get(field) instanceof IntegerValue(long number) && number <= 0) {
        errors.add(FieldError.invalid(FieldPath.child(path, field), number, "must be greater than 0"));
      }
    };
  }

  /// A number between two bounds, both allowed, when there is one.
  public static Rule inRange(String field, long min, long max) {
    return (object, path, errors) -> {
      if (object.get(field) instanceof IntegerValue(long number) && (number < min || number > max)) {
        errors.add(FieldError.invalid(FieldPath.child(path, field), number, inRange(min, max)));
      }
    };
  }

  public static String inRange(long min, long max) {
    return "must be between " + min + " and " + max + ", inclusive";
  }

  /// A text whose form is checked when it is there; each complaint is one error.
  public static Rule formatted(String field, Function<String, List<String>> format) {
    return (object, path, errors) -> {
      String text = object.string(field);
      if (!text.isEmpty()) {
        checkFormat(text, FieldPath.child(path, field), errors, format);
      }
    };
  }

  public static void checkFormat(String text, FieldPath path, List<FieldError> errors, Function<String, List<String>> format) {
    for (String complaint : format.apply(text)) {
      errors.add(FieldError.invalid(path, text, complaint));
    }
  }

  public static Rule maxLength(String field, int bytesMax) {
    return (object, path, errors) -> {
      if (object.string(field).getBytes(java.nio.charset.StandardCharsets.UTF_8).length > bytesMax) {
        errors.add(FieldError.tooLong(FieldPath.child(path, field), bytesMax));
      }
    };
  }

  public static Rule maxItems(String field, int max) {
    return (object, path, errors) -> {
      int count = object.list(field).size();
      if (count > max) {
        errors.add(FieldError.tooMany(FieldPath.child(path, field), count, max));
      }
    };
  }

  /// The rule of a struct that may be absent.
  public static Rule in(String field, Rule... rules) {
    Rule rule = all(rules);
    return (object, path, errors) -> {
      if (object.get(field) instanceof ObjectValue child) {
        rule.check(child, FieldPath.child(path, field), errors);
      }
    };
  }

  /// The rule of each struct in a list.
  public static Rule each(String field, Rule... rules) {
    Rule rule = all(rules);
    return (object, path, errors) -> {
      List<Value> items = object.list(field).items();
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof ObjectValue item) {
          rule.check(item, FieldPath.child(path, field).index(i), errors);
        }
      }
    };
  }

  /// The rule of each value in a list.
  public static Rule eachValue(String field, ValueRule rule) {
    return (object, path, errors) -> {
      List<Value> items = object.list(field).items();
      for (int i = 0; i < items.size(); i++) {
        rule.check(items.get(i), FieldPath.child(path, field).index(i), errors);
      }
    };
  }

  /// A list whose items are one of a few words.
  public static Rule eachOneOf(String field, String... words) {
    List<String> sorted = Arrays.stream(words).sorted().toList();
    return eachValue(
        field,
        (value, path, errors) -> {
          if (value instanceof StringValue(String word) && !sorted.contains(word)) {
            errors.add(FieldError.notSupported(path, word, sorted));
          }
        });
  }

  /// A list of structs in which the values of one field are there once.
  public static Rule unique(String field, String keyField) {
    return (object, path, errors) -> {
      Set<String> seen = new HashSet<>();
      List<ObjectValue> items = object.list(field).objects();
      for (int i = 0; i < items.size(); i++) {
        String key = items.get(i).string(keyField);
        if (!seen.add(key)) {
          errors.add(FieldError.duplicate(FieldPath.child(path, field).index(i).child(keyField), key));
        }
      }
    };
  }

  /// Each key of a map.
  public static Rule keys(String field, Function<String, List<String>> format) {
    return (object, path, errors) ->
        object
            .object(field)
            .names()
            .forEach(
                key -> format.apply(key).forEach(complaint -> errors.add(FieldError.invalid(FieldPath.child(path, field), key, complaint))));
  }

  /// The field keeps the value it was created with.
  public static UpdateRule immutable(String... fieldPath) {
    return immutable(IMMUTABLE, fieldPath);
  }

  public static UpdateRule immutable(String detail, String[] fieldPath) {
    return (object, old, path, errors) -> {
      Value now = object.at(fieldPath);
      if (!Objects.equals(now, old.at(fieldPath))) {
        FieldPath at = descend(path, fieldPath);
        errors.add(now == null ? FieldError.invalidPrinted(at, "null", detail) : FieldError.invalid(at, now, detail));
      }
    };
  }

  /// A path of names below an optional parent.
  public static FieldPath descend(@Nullable FieldPath parent, String... names) {
    FieldPath path = FieldPath.child(parent, names[0]);
    return names.length == 1 ? path : path.child(Arrays.copyOfRange(names, 1, names.length));
  }

  /// Whether Go would call the value empty: absent, null, "", 0, false, {} or [].
  public static boolean isEmpty(@Nullable Value value) {
    return switch (value) {
      case null -> true;
      case NullValue _ -> true;
      case StringValue(String text) -> text.isEmpty();
      case IntegerValue(long number) -> number == 0;
      case BooleanValue truth -> !truth.value();
      case ListValue list -> list.isEmpty();
      case ObjectValue object -> object.isEmpty();
      case io.thyra.model.DecimalValue _ -> false;
    };
  }

  /// Words as upstream lists them in a sentence.
  public static String quoted(List<String> words) {
    return String.join(", ", words.stream().map(GoText::quote).toList());
  }
}
