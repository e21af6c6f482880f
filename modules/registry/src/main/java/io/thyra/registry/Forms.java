package io.thyra.registry;

import io.thyra.cache.CachedObject;
import io.thyra.cache.EncodingKey;
import io.thyra.codec.JsonWriter;
import io.thyra.model.ObjectValue;
import java.util.LinkedHashMap;
import java.util.Map;

/// The forms in which one resource's objects are answered: JSON and protobuf of each served version. Each is made of the
/// stored bytes at first demand and kept with the object.
public final class Forms {
  private final Conversion conversion;
  private final ObjectCodec codec;
  private final Map<VersionedType, EncodingKey> json = new LinkedHashMap<>();

  Forms(ResourceDefinition definition, ObjectCodec codec) {
    this.conversion = new Conversion(definition);
    this.codec = codec;
    for (VersionedType version : definition.versions()) {
      json.put(version, new EncodingKey("json", version.kind().apiVersion()));
    }
  }

  /// Compact JSON of the whole object, `kind` and `apiVersion` first, without a newline.
  public byte[] json(CachedObject object, VersionedType version) {
    return object.encoded(java.util.Objects.requireNonNull(json.get(version)), o -> JsonWriter.write(tree(o, version)));
  }

  /// The object in a served version.
  public ObjectValue tree(CachedObject object, VersionedType version) {
    return fromHub(codec.decode(object.stored()), version);
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
