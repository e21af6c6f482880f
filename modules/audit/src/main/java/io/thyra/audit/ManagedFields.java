package io.thyra.audit;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;

/// Takes the managed fields out of objects, of the items of lists, and of the objects in the rows of tables.
/// Source: apiserver pkg/audit/request.go.
final class ManagedFields {
  private ManagedFields() {}

  static Value strip(Value value) {
    if (!(value instanceof ObjectValue object)) {
      return value;
    }
    ObjectValue bare = one(object);
    if (object.has("items")) {
      bare = bare.with("items", object.list("items").mapObjects(ManagedFields::one));
    }
    if (object.string("kind").equals("Table")) {
      bare = bare.with("rows", object.list("rows").mapObjects(row -> row.has("object") ? row.change("object", ManagedFields::one) : row));
    }
    return bare;
  }

  private static ObjectValue one(ObjectValue object) {
    return object.object("metadata").has("managedFields") ? object.withoutAt("metadata", "managedFields") : object;
  }
}
