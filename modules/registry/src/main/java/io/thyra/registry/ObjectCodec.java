package io.thyra.registry;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.codec.ProtobufWriter;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
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
    byte[] bytes =
        definition.protobuf()
            ? ProtobufWriter.write(object, definition.hubVersion().struct())
            : JsonWriter.write(SortedNames.of(object));
    // Upstream's JSON encoder ends what it stores with a newline.
    return definition.protobuf() ? Buffer.buffer(bytes) : Buffer.buffer(bytes.length + 1).appendBytes(bytes).appendByte((byte) '\n');
  }

  /// The object with the revision of its row as resourceVersion.
  ObjectValue decode(Stored stored) {
    byte[] bytes = stored.value().getBytes();
    try {
      return Metadata.with(read(bytes), "resourceVersion", Long.toString(stored.modRevision()));
    } catch (DecodeException e) {
      throw new Failure.Internal("unable to decode " + stored.key() + ": " + e.text()).toException();
    }
  }

  ObjectValue read(byte[] bytes) {
    return definition.reading().apply(decode(bytes));
  }

  private ObjectValue decode(byte[] bytes) {
    Struct type = definition.hubVersion().struct();
    if (definition.protobuf() && ProtobufEnvelope.recognizes(bytes)) {
      return ProtobufReader.read(ProtobufEnvelope.read(bytes), type);
    }
    Value tree = JsonReader.read(bytes);
    if (definition.protobuf()) {
      return Canonical.complete(tree, type);
    }
    if (tree instanceof ObjectValue object) {
      return object;
    }
    throw new DecodeException("no object");
  }
}
