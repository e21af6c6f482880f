package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Drops the fields that a schema does not know. One run each.
/// Source: apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go.
final class Pruning {
  static final Set<String> META_FIELDS = Set.of("apiVersion", "kind", "metadata");

  private final List<String> unknown = new ArrayList<>();

  /// What is left, and the paths of what was dropped, sorted.
  record Pruned(ObjectValue object, List<String> unknown) {}

  /// The object of a resource without what its schema does not know.
  static Pruned resource(ObjectValue object, StructuralSchema schema) {
    var pruning = new Pruning();
    ObjectValue pruned = pruning.object(object, schema.asResource(), "");
    Collections.sort(pruning.unknown);
    return new Pruned(pruned, List.copyOf(pruning.unknown));
  }

  /// Any value without what its schema does not know.
  static Value value(Value value, StructuralSchema schema) {
    return new Pruning().prune(value, schema, "");
  }

  private Value prune(Value value, @Nullable StructuralSchema schema, String path) {
    return switch (value) {
      case ObjectValue object -> object(object, schema, path);
      case ListValue list -> list(list, schema, path);
      default -> value;
    };
  }

  private ObjectValue object(ObjectValue object, @Nullable StructuralSchema schema, String path) {
    boolean preserves = schema != null && schema.preserves();
    var out = ObjectValue.builder(object.size());
    boolean changed = false;
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      Value before = object.valueAt(i);
      if (schema != null && schema.embedded && META_FIELDS.contains(name)) {
        out.put(name, before);
        continue;
      }
      StructuralSchema declared = schema == null ? null : schema.properties.get(name);
      String below = path.isEmpty() ? name : path + "." + name;
      if (declared != null || schema != null && schema.hasAdditional) {
        Value after = prune(before, declared != null ? declared : schema.additional, below);
        changed |= after != before;
        out.put(name, after);
      } else if (preserves) {
        out.put(name, before);
      } else {
        changed = true;
        if (schema == null || !META_FIELDS.contains(name) || !path.isEmpty()) {
          unknown.add(below);
        }
      }
    }
    return changed ? out.build() : object;
  }

  private ListValue list(ListValue list, @Nullable StructuralSchema schema, String path) {
    int[] index = {0};
    boolean preserves = schema != null && schema.preserves();
    StructuralSchema items = schema == null ? null : schema.items;
    return list.map(
        item -> {
          String below = path + "[" + index[0]++ + "]";
          if (preserves) {
            return skip(item, items, below);
          }
          return prune(item, items, below);
        });
  }

  /// What lies below a list that preserves what is unknown: only declared fields are looked into.
  private Value skip(Value value, @Nullable StructuralSchema schema, String path) {
    if (schema == null) {
      return value;
    }
    return switch (value) {
      case ObjectValue object -> {
        ObjectValue changed = object;
        for (int i = 0; i < object.size(); i++) {
          String name = object.nameAt(i);
          if (schema.embedded && META_FIELDS.contains(name)) {
            continue;
          }
          StructuralSchema declared = schema.properties.get(name);
          if (declared != null || schema.hasAdditional) {
            Value after = prune(object.valueAt(i), declared != null ? declared : schema.additional, path + "." + name);
            changed = changed.with(name, after);
          }
        }
        yield changed;
      }
      case ListValue list -> {
        int[] index = {0};
        yield list.map(item -> skip(item, schema.items, path + "[" + index[0]++ + "]"));
      }
      default -> value;
    };
  }
}
