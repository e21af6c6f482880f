package io.thyra.registry;

import io.thyra.cache.CachedObject;
import io.thyra.cache.EncodingKey;
import io.thyra.codec.EncodedMessage;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufPrinter;
import io.thyra.codec.ProtobufWriter;
import io.thyra.model.ObjectValue;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The forms in which one resource's objects are answered: JSON and protobuf of each served version. Each is made of the
/// stored bytes at first demand, and what costs more to make than to copy is kept with the object, unless it is converted
/// outside.
public final class Forms {
  /// The version whose objects are answered as they are stored; null when none is.
  private final @Nullable VersionedType asStored;

  /// How the bytes of an object in that version begin; an older server may have left others.
  private final byte[] storedHead;

  private final Conversion conversion;
  private final ObjectCodec codec;
  private final ResourceDefinition definition;
  private final boolean custom;
  private final Map<VersionedType, EncodingKey> json = new LinkedHashMap<>();
  private final Map<VersionedType, EncodingKey> protobuf = new LinkedHashMap<>();

  Forms(ResourceDefinition definition, ObjectCodec codec) {
    this.asStored = definition.protobuf() && definition.readsAsStored() ? definition.hubVersion() : null;
    this.storedHead = ProtobufEnvelope.head(definition.hub().apiVersion(), definition.hub().kind());
    this.conversion = new Conversion(definition);
    this.codec = codec;
    this.definition = definition;
    this.custom = !definition.protobuf();
    for (VersionedType version : definition.versions()) {
      json.put(version, new EncodingKey("json", version.kind().apiVersion()));
      protobuf.put(version, new EncodingKey("protobuf", version.kind().apiVersion()));
    }
  }

  /// Compact JSON of the whole object, `kind` and `apiVersion` first, without a newline.
  public byte[] json(CachedObject object, VersionedType version) {
    return definition.convertsOutside(version)
        ? printJson(object, version)
        : object.encoded(Objects.requireNonNull(json.get(version)), o -> printJson(o, version));
  }

  /// The bare message of the object, as it stands in lists and, in an envelope, alone.
  public EncodedMessage protobuf(CachedObject object, VersionedType version) {
    byte[] stored = asStored(object, version);
    if (stored != null) {
      return ProtobufPrinter.stamped(stored, version.struct(), revision(object));
    }
    return EncodedMessage.of(
        object.encoded(
            Objects.requireNonNull(protobuf.get(version)), o -> ProtobufWriter.writeMessage(tree(o, version), version.struct())));
  }

  private byte[] printJson(CachedObject object, VersionedType version) {
    byte[] stored = asStored(object, version);
    return stored == null
        ? JsonWriter.write(tree(object, version))
        : ProtobufPrinter.json(stored, version.struct(), revision(object));
  }

  /// The enveloped message of an object that is answered just as it is stored, but for its resourceVersion.
  private byte @Nullable [] asStored(CachedObject object, VersionedType version) {
    if (version != asStored) {
      return null;
    }
    byte[] bytes = object.value().getBytes();
    boolean begins = bytes.length >= storedHead.length && Arrays.equals(bytes, 0, storedHead.length, storedHead, 0, storedHead.length);
    return begins ? bytes : null;
  }

  private static String revision(CachedObject object) {
    return Long.toString(object.modRevision());
  }

  /// The object in a served version.
  public ObjectValue tree(CachedObject object, VersionedType version) {
    return printed(fromHub(codec.decode(object.stored()), version));
  }

  /// The tree in the order in which it is printed: custom objects sort their names at every level.
  public ObjectValue printed(ObjectValue tree) {
    return custom ? SortedNames.of(tree) : tree;
  }

  /// A hub tree in a served version.
  public ObjectValue fromHub(ObjectValue hub, VersionedType version) {
    return conversion.fromHub(hub, version);
  }

  /// The hub tree of an object in a served version, defaults applied.
  public ObjectValue toHub(ObjectValue object, VersionedType version) {
    return conversion.toHub(conversion.ordered(version.defaults().apply(object), version, object), version);
  }
}
