package io.thyra.codec;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A document as it was read, with what a tree of distinct names cannot hold: names that an object had twice.
/// In the tree the last of them counts.
public final class JsonDocument {
  /// The members of an object that repeats a name, all of them, in the order of the document.
  record Members(String[] names, Value[] values) {}

  private static final int STRICT_ERRORS_MAX = 100;

  private final Value root;
  private final @Nullable Map<ObjectValue, Members> repeating;

  JsonDocument(Value root, @Nullable IdentityHashMap<ObjectValue, Members> repeating) {
    this.root = root;
    this.repeating = repeating;
  }

  /// A tree that was not read from text.
  public static JsonDocument of(Value root) {
    return new JsonDocument(root, null);
  }

  public Value root() {
    return root;
  }

  public boolean hasDuplicates() {
    return repeating != null;
  }

  /// The members of an object that repeats a name, null for any other object.
  @Nullable Members members(ObjectValue object) {
    return repeating == null ? null : repeating.get(object);
  }

  /// The texts `duplicate field "spec.a"` for a document without a schema, in the order of the document, each once,
  /// a hundred at most.
  public List<String> duplicates() {
    if (repeating == null) {
      return List.of();
    }
    var found = new LinkedHashSet<String>();
    collect(root, "", found);
    return List.copyOf(found);
  }

  private void collect(Value value, String path, Set<String> found) {
    if (found.size() >= STRICT_ERRORS_MAX) {
      return;
    }
    switch (value) {
      case ObjectValue object -> {
        Members members = members(object);
        var seen = new HashSet<String>();
        var names = members == null ? object.names().toArray(String[]::new) : members.names();
        for (int i = 0; i < names.length; i++) {
          String name = names[i];
          String below = path.isEmpty() ? name : path + "." + name;
          if (!seen.add(name) && found.size() < STRICT_ERRORS_MAX) {
            found.add("duplicate field " + io.thyra.model.GoText.quote(below));
          }
          collect(members == null ? object.valueAt(i) : members.values()[i], below, found);
        }
      }
      case ListValue list -> {
        var items = new ArrayList<>(list.items());
        for (int i = 0; i < items.size(); i++) {
          collect(items.get(i), path + "[" + i + "]", found);
        }
      }
      default -> {}
    }
  }
}
