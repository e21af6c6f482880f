package io.thyra.registry;

import io.thyra.cache.CachedObject;
import io.thyra.cache.ResourceCache;
import io.thyra.model.BooleanValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.storage.Storage;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/// The objects of one resource as rows of the store: hub trees in, hub trees out. Direct style: waits for the store.
final class ObjectRows {
  /// A row and the object in it, whose resourceVersion is the row's revision.
  record Row(Stored stored, ObjectValue object) {}

  /// An object's bytes as the store has them.
  record Encoded(Buffer value) {}

  private final ResourceDefinition definition;
  private final ObjectCodec codec;
  private final Storage storage;
  private final ResourceCache cache;
  private final Trees trees;

  ObjectRows(ResourceDefinition definition, ObjectCodec codec, Storage storage, ResourceCache cache, Trees trees) {
    this.trees = trees;
    this.definition = definition;
    this.codec = codec;
    this.storage = storage;
    this.cache = cache;
  }

  String key(String namespace, String name) {
    return definition.key(namespace, name);
  }

  ObjectValue decode(Stored stored) {
    return codec.decode(stored);
  }

  /// [#decode] of an object that is probably asked for again. The definitions of custom objects can change under their
  /// bytes, so those are decoded each time.
  ObjectValue keptTree(Stored stored) {
    Optional<ObjectValue> kept = definition.protobuf() ? trees.find(stored) : Optional.empty();
    if (kept.isPresent()) {
      return kept.get();
    }
    ObjectValue tree = decode(stored);
    if (definition.protobuf()) {
      trees.keep(stored, tree);
    }
    return tree;
  }

  Row row(Stored stored) {
    return new Row(stored, keptTree(stored));
  }

  Optional<Row> find(String key) {
    return storage.get(key).await().map(this::row);
  }

  /// The row as the cache knows it, which may be older than the store's; the store's own where the cache has none.
  Optional<Row> findCached(String key) {
    Optional<CachedObject> cached = cache.snapshot().find(key);
    return cached.isPresent() ? cached.map(c -> row(c.stored())) : find(key);
  }

  Encoded encode(ObjectValue object) {
    return new Encoded(codec.encode(Metadata.with(object, "resourceVersion", NullValue.NULL)));
  }

  /// The object as it will be read: protobuf has no empty lists, which come back as null where they are printed at all, and
  /// nothing remembers what was sent empty.
  ObjectValue asStored(ObjectValue object) {
    return definition.protobuf() && hasEmptyList(object) ? codec.read(codec.encode(object).getBytes()) : object;
  }

  private static boolean hasEmptyList(Value value) {
    return switch (value) {
      case ListValue list -> {
        for (int i = 0; i < list.size(); i++) {
          if (hasEmptyList(list.get(i))) {
            yield true;
          }
        }
        yield list.isEmpty();
      }
      case ObjectValue object -> {
        for (int i = 0; i < object.size(); i++) {
          if (hasEmptyList(object.valueAt(i))) {
            yield true;
          }
        }
        yield !object.emptied().isEmpty();
      }
      case StringValue _, NumberValue _, BooleanValue _, NullValue _ -> false;
    };
  }

  /// Writes an object that is [#asStored].
  WriteResult put(String key, long expectedRevision, ObjectValue object) {
    return put(key, expectedRevision, encode(object), object);
  }

  /// Writes an object that is [#asStored] and encoded already; whoever is told of the write is given its tree.
  WriteResult put(String key, long expectedRevision, Encoded encoded, ObjectValue object) {
    if (!definition.protobuf()) {
      return put(key, expectedRevision, encoded);
    }
    trees.write(encoded.value(), object);
    try {
      return put(key, expectedRevision, encoded);
    } finally {
      trees.written(encoded.value());
    }
  }

  WriteResult put(String key, long expectedRevision, Encoded encoded) {
    return storage.put(key, expectedRevision, encoded.value(), definition.timeToLive()).await();
  }

  WriteResult delete(String key, long expectedRevision) {
    return storage.delete(key, expectedRevision).await();
  }
}
