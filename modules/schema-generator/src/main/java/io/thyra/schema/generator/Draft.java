package io.thyra.schema.generator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A type while it is put together.
final class Draft {
  final String name;
  boolean atomic;
  /// Whether it is registered although Go gives it neither kind nor apiVersion: WatchEvent.
  boolean bare;
  /// The `group/version/Kind` under which it is registered, none for types that are parts of others.
  List<String> kinds = new ArrayList<>();
  List<Field> fields = new ArrayList<>();
  String description = "";

  Draft(String name) {
    this.name = name;
  }

  String packageName() {
    return name.substring(0, name.lastIndexOf('.'));
  }

  String simpleName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  @Nullable Field find(String field) {
    for (Field candidate : fields) {
      if (candidate.name.equals(field)) {
        return candidate;
      }
    }
    return null;
  }

  /// A field while it is put together; its name is the JSON name, for inline fields the Go name.
  static final class Field {
    String name;
    String goName;
    String goType = "";
    int number;
    DraftShape shape;
    boolean required;
    boolean pointer;
    boolean omitEmpty;
    boolean inline;
    String listType = "atomic";
    List<String> mapKeys = List.of();
    boolean mapAtomic;
    /// Whether the field's struct is granular although its type is atomic.
    boolean granular;
    @Nullable String mergeKey;
    String strategy = "";
    @Nullable String defaultJson;
    List<String> enumValues = List.of();
    String description = "";

    Field(String name, int number, DraftShape shape) {
      this.name = name;
      this.number = number;
      this.shape = shape;
      this.goName = Rules.goName(name);
    }

    Field copy(DraftShape newShape) {
      var copy = new Field(name, number, newShape);
      copy.goName = goName;
      copy.goType = goType;
      copy.required = required;
      copy.pointer = pointer;
      copy.omitEmpty = omitEmpty;
      copy.inline = inline;
      copy.listType = listType;
      copy.mapKeys = mapKeys;
      copy.mapAtomic = mapAtomic;
      copy.granular = granular;
      copy.mergeKey = mergeKey;
      copy.strategy = strategy;
      copy.defaultJson = defaultJson;
      copy.enumValues = enumValues;
      copy.description = description;
      return copy;
    }
  }
}
