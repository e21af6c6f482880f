package io.thyra.groups;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The marks of one field: first those that end the validation of the field, each of which is looked at, then the others. Built
/// at start-up by one thread, then only read.
public final class DeclaredField implements Declared {
  private interface Guard {
    /// Whether nothing more is to be said about the field.
    boolean ends(@Nullable Value value, boolean updates, FieldPath path, List<FieldError> errors);
  }

  private interface Step {
    void check(Value value, @Nullable Value old, boolean updates, FieldPath path, List<FieldError> errors);
  }

  private final String name;
  private final List<Guard> guards = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private boolean off;

  DeclaredField(String name) {
    this.name = name;
  }

  @Override
  public void check(
      ObjectValue object, @Nullable ObjectValue old, boolean updates, @Nullable FieldPath path, List<FieldError> errors) {
    Value value = object.get(name);
    Value before = old == null ? null : old.get(name);
    if (updates && old != null && Declared.same(value, before)) {
      return;
    }
    FieldPath at = FieldPath.child(path, name);
    if (off) {
      if (!Declared.isNothing(value) || value instanceof IntegerValue) {
        errors.add(FieldError.forbidden(at, ""));
      }
      return;
    }
    boolean ended = false;
    for (Guard guard : guards) {
      ended |= guard.ends(value, updates, at, errors);
    }
    if (!ended && value != null) {
      for (Step step : steps) {
        step.check(value, before, updates, at, errors);
      }
    }
  }

  private DeclaredField guard(Guard guard) {
    guards.add(guard);
    return this;
  }

  private DeclaredField step(Step step) {
    steps.add(step);
    return this;
  }

  public DeclaredField immutable() {
    return guard(
        (_, updates, path, errors) -> {
          if (updates) {
            errors.add(FieldError.invalidPrinted(path, "null", Rules.IMMUTABLE));
          }
          return updates;
        });
  }

  /// Neither absent nor empty.
  public DeclaredField required() {
    return guard((value, _, path, errors) -> misses(Rules.isEmpty(value), path, errors));
  }

  /// Not absent.
  public DeclaredField present() {
    return guard((value, _, path, errors) -> misses(!Checks.isSet(value), path, errors));
  }

  private static boolean misses(boolean missing, FieldPath path, List<FieldError> errors) {
    if (missing) {
      errors.add(FieldError.required(path, ""));
    }
    return missing;
  }

  /// Absent or empty, or as the other marks say.
  public DeclaredField optional() {
    return guard((value, _, _, _) -> Declared.isNothing(value));
  }

  /// Absent, or as the other marks say: a pointer to an empty value counts.
  public DeclaredField maybe() {
    return guard((value, _, _, _) -> !Checks.isSet(value));
  }

  /// Not to be set while a feature is off, and then nothing more is said of it.
  public DeclaredField onlyWith(boolean feature) {
    off = !feature;
    return this;
  }

  public DeclaredField maxItems(int max) {
    return guard(
        (value, _, path, errors) -> {
          boolean many = value instanceof ListValue list && list.size() > max;
          if (many) {
            errors.add(FieldError.tooMany(path, ((ListValue) value).size(), max));
          }
          return many;
        });
  }

  public DeclaredField min(long min) {
    return step(
        (value, _, _, path, errors) -> {
          if (value instanceof IntegerValue(long number) && number < min) {
            errors.add(FieldError.invalid(path, number, "must be greater than or equal to " + min));
          }
        });
  }

  public DeclaredField max(long max) {
    return step(
        (value, _, _, path, errors) -> {
          if (value instanceof IntegerValue(long number) && number > max) {
            errors.add(FieldError.invalid(path, number, "must be less than or equal to " + max));
          }
        });
  }

  public DeclaredField maxBytes(int max) {
    return step(
        (value, _, _, path, errors) -> {
          if (text(value).getBytes(java.nio.charset.StandardCharsets.UTF_8).length > max) {
            errors.add(FieldError.tooLong(path, max));
          }
        });
  }

  public DeclaredField format(Function<String, List<String>> format) {
    // Where the formats count characters, these count bytes.
    return step(
        (value, _, _, path, errors) ->
            Rules.checkFormat(text(value), path, errors, text -> format.apply(text).stream().map(Declared::inBytes).toList()));
  }

  public DeclaredField oneOf(String... words) {
    List<String> sorted = Stream.of(words).sorted().toList();
    return step(
        (value, _, _, path, errors) -> {
          if (!sorted.contains(text(value))) {
            errors.add(FieldError.notSupported(path, text(value), sorted));
          }
        });
  }

  /// A rule that is none of these.
  public DeclaredField rule(ValueRule rule) {
    return step((value, _, _, path, errors) -> rule.check(value, path, errors));
  }

  public DeclaredField then(Declared type) {
    return step(
        (value, old, updates, path, errors) -> {
          if (value instanceof ObjectValue object) {
            type.check(object, old instanceof ObjectValue before ? before : null, updates, path, errors);
          }
        });
  }

  /// A list whose items are told apart by a field.
  public DeclaredField eachBy(String key, Declared type) {
    return step(
        (value, old, updates, path, errors) -> {
          List<ObjectValue> items = ((ListValue) value).objects();
          unique(items, key, path, errors);
          for (int i = 0; i < items.size(); i++) {
            ObjectValue item = items.get(i);
            ObjectValue before = find(old, key, item.string(key));
            if (!updates || before == null || !Declared.same(item, before)) {
              type.check(item, before, updates, path.index(i), errors);
            }
          }
        });
  }

  /// A list in which a key is there once, and no more is said.
  public DeclaredField uniqueBy(String key) {
    return step((value, _, _, path, errors) -> unique(((ListValue) value).objects(), key, path, errors));
  }

  /// A list whose items are judged anew whenever it changes.
  public DeclaredField each(Declared type) {
    return step(
        (value, _, updates, path, errors) -> {
          List<ObjectValue> items = ((ListValue) value).objects();
          for (int i = 0; i < items.size(); i++) {
            type.check(items.get(i), null, updates, path.index(i), errors);
          }
        });
  }

  private static void unique(List<ObjectValue> items, String key, FieldPath path, List<FieldError> errors) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      if (!seen.add(items.get(i).string(key))) {
        errors.add(FieldError.duplicatePrinted(path.index(i), GoText.of(items.get(i))));
      }
    }
  }

  private static @Nullable ObjectValue find(@Nullable Value items, String key, String wanted) {
    return items instanceof ListValue list
        ? list.objects().stream().filter(item -> item.string(key).equals(wanted)).findFirst().orElse(null)
        : null;
  }

  private static String text(Value value) {
    return value instanceof io.thyra.model.StringValue(String text) ? text : "";
  }
}
