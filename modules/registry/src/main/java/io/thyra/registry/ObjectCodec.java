package io.thyra.registry;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;

/// An object's form in the store: protobuf in its envelope for built-in kinds, JSON for custom ones, in the hub version.
/// Built-in kinds that were stored as JSON are read, too.
final class ObjectCodec {
  private final ResourceDefinition definition;

  ObjectCodec(ResourceDefinition definition) {
    this.definition = definition;
  }

  Buffer encode(ObjectValue object) {
    return Buffer.buffer(JsonWriter.write(object));
  }

  /// The object with the revision of its row as resourceVersion.
  ObjectValue decode(Stored stored) {
    try {
      ObjectValue object =
          Canonical.complete(JsonReader.read(stored.value().getBytes()), definition.hubVersion().struct());
      return Metadata.with(object, "resourceVersion", Long.toString(stored.modRevision()));
    } catch (DecodeException e) {
      throw new Failure.Internal("unable to decode " + stored.key() + ": " + e.text()).toException();
    }
  }
}
