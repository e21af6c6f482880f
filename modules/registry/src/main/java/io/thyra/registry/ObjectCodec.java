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
/// Built-in kinds that were stored as JSON or in another of their versions, by an older server, are read, too.
final class ObjectCodec {
  private final ResourceDefinition definition;
  private final Conversion conversion;

  ObjectCodec(ResourceDefinition definition) {
    this.definition = definition;
    this.conversion = new Conversion(definition);
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
    if (definition.protobuf() && ProtobufEnvelope.recognizes(bytes)) {
      ProtobufEnvelope envelope = ProtobufEnvelope.read(bytes);
      Struct stored = definition.storedTypes().get(envelope.apiVersion());
      if (stored != null) {
        return ProtobufReader.read(envelope, stored);
      }
      VersionedType version = version(envelope.apiVersion());
      return conversion.toHub(ProtobufReader.read(envelope, version.struct()), version);
    }
    Value tree = JsonReader.read(bytes);
    if (definition.protobuf()) {
      String apiVersion = tree instanceof ObjectValue object ? object.string("apiVersion") : "";
      Struct stored = definition.storedTypes().get(apiVersion);
      if (stored != null) {
        return Canonical.complete(tree, stored);
      }
      VersionedType version = version(apiVersion);
      return conversion.toHub(Canonical.complete(tree, version.struct()), version);
    }
    if (tree instanceof ObjectValue object) {
      return object;
    }
    throw new DecodeException("no object");
  }

  private VersionedType version(String apiVersion) {
    VersionedType hub = definition.hubVersion();
    if (hub.kind().apiVersion().equals(apiVersion)) {
      return hub;
    }
    return definition.versions().stream().filter(each -> each.kind().apiVersion().equals(apiVersion)).findFirst().orElse(hub);
  }
}
