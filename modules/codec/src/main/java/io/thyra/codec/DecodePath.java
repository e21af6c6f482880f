package io.thyra.codec;

import io.thyra.model.GoText;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a decoding stands and what it has found: the two paths that upstream's decoder keeps (one of fields for type
/// errors, one with indexes and keys for strict errors), the first type error, and the strict errors.
/// Owned by one decoding. Source: sigs.k8s.io/json internal/golang/encoding/json/decode.go.
final class DecodePath {
  private static final int STRICT_ERRORS_MAX = 100;

  // Each step is a Layout.Slot (a field), a String (a key) or an Integer (an index).
  private Object[] steps = new Object[16];
  private @Nullable Struct[] structs = new Struct[16];
  private int depth;
  // Inside a type that decodes itself, errors name the struct outside of it.
  private @Nullable Struct outer;
  private int quiet;
  private @Nullable DecodeException saved;
  private @Nullable LinkedHashSet<String> strict;

  void enter(Layout.Slot slot, Struct struct) {
    push(slot, struct);
  }

  void enter(String key) {
    push(key, null);
  }

  /// `index` is boxed only here; the JDK caches the small ones.
  void enter(int index) {
    push(index, null);
  }

  void leave() {
    depth--;
  }

  private void push(Object step, @Nullable Struct struct) {
    if (depth == steps.length) {
      steps = Arrays.copyOf(steps, depth * 2);
      structs = Arrays.copyOf(structs, depth * 2);
    }
    steps[depth] = step;
    structs[depth++] = struct;
  }

  /// Runs nothing itself: between this and [#loud], strict errors are not recorded.
  void hush() {
    quiet++;
  }

  void loud() {
    quiet--;
  }

  /// Enters a type that decodes itself and returns what [#leaveUnion] needs.
  @Nullable Struct enterUnion() {
    Struct before = outer;
    if (outer == null) {
      outer = innermost();
    }
    quiet++;
    return before;
  }

  void leaveUnion(@Nullable Struct before) {
    outer = before;
    quiet--;
    // Its decoder hands its error up at once, while an ordinary type error waits until the end.
    if (saved != null) {
      throw saved;
    }
  }

  private @Nullable Struct innermost() {
    for (int i = depth - 1; i >= 0; i--) {
      if (structs[i] != null) {
        return structs[i];
      }
    }
    return null;
  }

  /// Remembers the first type error; decoding goes on, because another kind of error comes first.
  void mismatch(String json, String goType) {
    if (saved == null) {
      saved = typeError(json, goType);
    }
  }

  void save(DecodeException error) {
    if (saved == null) {
      saved = error;
    }
  }

  DecodeException typeError(String json, String goType) {
    Struct struct = outer != null ? outer : innermost();
    var fields = new ArrayList<String>();
    for (int i = 0; i < depth; i++) {
      if (steps[i] instanceof Layout.Slot slot) {
        fields.add(slot.context());
      }
    }
    String where = struct == null && fields.isEmpty()
        ? "value"
        : "struct field " + (struct == null ? "" : struct.goName()) + "." + String.join(".", fields);
    return new DecodeException("json: cannot unmarshal " + json + " into Go " + where + " of type " + goType);
  }

  void unknown(String name) {
    strict("unknown field ", name);
  }

  void duplicate(String name) {
    strict("duplicate field ", name);
  }

  private void strict(String what, String name) {
    if (quiet > 0) {
      return;
    }
    if (strict == null) {
      strict = new LinkedHashSet<>();
    }
    if (strict.size() < STRICT_ERRORS_MAX) {
      var path = new StringBuilder();
      for (int i = 0; i < depth; i++) {
        switch (steps[i]) {
          case Layout.Slot slot -> dot(path).append(slot.name());
          case Integer index -> path.append('[').append((int) index).append(']');
          case Object key -> dot(path).append(key);
        }
      }
      strict.add(what + GoText.quote(dot(path).append(name).toString()));
    }
  }

  private static StringBuilder dot(StringBuilder path) {
    return path.isEmpty() ? path : path.append('.');
  }

  /// Throws the first type error, if there was one.
  void check() {
    if (saved != null) {
      throw saved;
    }
  }

  List<String> strictErrors() {
    return strict == null ? List.of() : List.copyOf(strict);
  }
}
