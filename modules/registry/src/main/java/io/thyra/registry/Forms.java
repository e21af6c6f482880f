package io.thyra.registry;

import io.thyra.cache.CachedObject;
import io.thyra.cache.EncodingKey;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufWriter;
import io.thyra.model.ObjectValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The forms in which one resource's objects are answered: JSON and protobuf of each served version. Each is made of the
/// stored bytes at first demand and kept with the object.
public final class Forms {
  private final Conversion conversion;
  private final ObjectCodec codec;
  private final boolean custom;
  private final Map<VersionedType, EncodingKey> json = new LinkedHashMap<>();
  private final Map<VersionedType, EncodingKey> protobuf = new LinkedHashMap<>();

  Forms(ResourceDefinition definition, ObjectCodec codec) {
    this.conversion = new Conversion(definition);
    this.codec = codec;
    this.custom = !definition.protobuf();
    for (VersionedType version : definition.versions()) {
      json.put(version, new EncodingKey("json", version.kind().apiVersion()));
      protobuf.put(version, new EncodingKey("protobuf", version.kind().apiVersion()));
    }
  }

  /// Compact JSON of the whole object, `kind` and `apiVersion` first, without a newline.
  public byte[] json(CachedObject object, VersionedType version) {
    return object.encoded(Objects.requireNonNull(json.get(version)), o -> JsonWriter.write(tree(o, version)));
  }

  /// The bare message of the object, as it stands in lists and, in an envelope, alone.
  public byte[] protobuf(CachedObject object, VersionedType version) {
    return object.encoded(
        Objects.requireNonNull(protobuf.get(version)), o -> ProtobufWriter.writeMessage(tree(o, version), version.struct()));
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
    return conversion.toHub(version.defaults().apply(object), version);
  }
}
