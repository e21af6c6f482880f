package io.thyra.cel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An object whose fields are results of expressions, each computed at its first use; what has no value says so each time.
/// For one thread. Source: apiserver pkg/cel/lazy/lazy.go.
public final class LazyFields implements CelMap {
  private final String typeName;
  private final Function<String, @Nullable Evaluation> fields;
  private final Map<String, Evaluation> known = new HashMap<>();

  /// @param typeName the name of the type with which the variable is declared
  /// @param fields evaluates the field of a name; null when there is none
  public LazyFields(String typeName, Function<String, @Nullable Evaluation> fields) {
    this.typeName = typeName;
    this.fields = fields;
  }

  @Override
  public @Nullable Object find(Object key) {
    Evaluation evaluation = known.get(key);
    if (evaluation == null) {
      evaluation = fields.apply((String) key);
      if (evaluation == null) {
        return null;
      }
      known.put((String) key, evaluation);
    }
    return evaluation.valueOrThrow();
  }

  @Override
  public int size() {
    return known.size();
  }

  @Override
  public Iterable<Object> keys() {
    return List.copyOf(known.keySet());
  }

  @Override
  public String typeName() {
    return typeName;
  }
}
