package io.thyra.cel;

import com.google.common.primitives.UnsignedLong;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A map that an expression made. Keys that are equal as numbers are one key.
final class LiteralMap implements CelMap {
  private final Map<Object, Object> entries;

  LiteralMap(Map<Object, Object> entries) {
    this.entries = entries;
  }

  /// A key as it is looked up: whole numbers of any type are alike.
  static Object key(Object key) {
    return switch (key) {
      case UnsignedLong u when u.longValue() >= 0 -> u.longValue();
      case Double d when d == Math.rint(d) && Math.abs(d) < 0x1p63 -> (long) (double) d;
      default -> key;
    };
  }

  LiteralMap with(Object key, Object value) {
    var more = new LinkedHashMap<>(entries);
    if (more.putIfAbsent(key(key), value) != null) {
      throw new EvaluationException("insert failed: key " + CelValues.print(key) + " already exists");
    }
    return new LiteralMap(more);
  }

  @Override
  public @Nullable Object find(Object key) {
    return entries.get(key(key));
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public Iterable<Object> keys() {
    return entries.keySet();
  }
}
