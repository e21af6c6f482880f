package io.thyra.groups;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A validation as upstream generates it from marks on the fields of a type. What an update leaves as it was is not judged
/// again. Source: apimachinery pkg/api/validate.
@FunctionalInterface
public interface Declared {
  /// @param old what the object was; null where nothing corresponds to it
  /// @param updates whether this is about an update
  void check(ObjectValue object, @Nullable ObjectValue old, boolean updates, @Nullable FieldPath path, List<FieldError> errors);

  /// A complaint about a format in the words of declared validations, which count bytes.
  static String inBytes(String complaint) {
    return complaint.startsWith("must be no more than ") ? complaint.replace(" characters", " bytes") : complaint;
  }

  /// Whether a field is as it was: nothing, an empty text and an empty list are one, but a struct that is there is something.
  static boolean same(@Nullable Value one, @Nullable Value other) {
    if (one instanceof ObjectValue object && other instanceof ObjectValue before) {
      return Stream.concat(object.names().stream(), before.names().stream()).allMatch(name -> same(object.get(name), before.get(name)));
    }
    if (one instanceof ListValue list && other instanceof ListValue before) {
      return list.size() == before.size() && IntStream.range(0, list.size()).allMatch(i -> same(list.get(i), before.get(i)));
    }
    return Objects.equals(one, other) || isNothing(one) && isNothing(other);
  }

  /// Whether a field is absent or empty; a struct that is there is something.
  static boolean isNothing(@Nullable Value value) {
    return Rules.isEmpty(value) && !(value instanceof ObjectValue);
  }

  /// A type of which each part is checked, in order.
  static Declared type(Declared... parts) {
    return (object, old, updates, path, errors) -> {
      for (Declared part : parts) {
        part.check(object, old, updates, path, errors);
      }
    };
  }

  static DeclaredField field(String name) {
    return new DeclaredField(name);
  }

  /// A type of whose members exactly one is set.
  static Declared union(String... members) {
    String all = Arrays.stream(members).map(member -> "`" + member + "`").collect(Collectors.joining(", "));
    return (object, old, updates, path, errors) -> {
      boolean known = updates && old != null;
      if (known && Arrays.stream(members).allMatch(member -> Checks.isSet(object, member) == Checks.isSet(old, member))) {
        return;
      }
      var set = new ArrayList<String>();
      for (String member : members) {
        if (Checks.isSet(object, member)) {
          set.add(member);
        }
      }
      if (set.isEmpty()) {
        errors.add(FieldError.invalid(path, "", "must specify one of: " + all));
      } else if (set.size() > 1) {
        errors.add(FieldError.invalid(path, "{" + String.join(", ", set) + "}", "must specify exactly one of: " + all));
      }
    };
  }

  /// A new object, from the fields of its root on.
  default Rule onCreate(String field) {
    return (object, _, errors) -> check(object.object(field), null, false, FieldPath.of(field), errors);
  }
}
