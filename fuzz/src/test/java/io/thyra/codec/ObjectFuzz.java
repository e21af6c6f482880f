package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;

/// JSON objects of typed kinds: the first byte chooses the kind. Their canonical form is canonical, and protobuf keeps all
/// that protobuf can say.
public final class ObjectFuzz {
  private ObjectFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Samples.choose(data, (sample, rest) -> decode(sample.type(), rest));
  }

  private static void decode(Struct type, byte[] json) {
    ObjectValue object;
    try {
      object = Canonical.decode(JsonReader.parse(json), type).object();
    } catch (DecodeException _) {
      return;
    }
    ObjectValue again = Canonical.decode(JsonReader.parse(JsonWriter.write(object)), type).object();
    Refusals.requireSame(object, again, () -> "the canonical form of " + type.goName());
    ObjectValue kept = ProtobufReader.readMessage(ProtobufWriter.writeMessage(object, type), type);
    ObjectValue twice = ProtobufReader.readMessage(ProtobufWriter.writeMessage(kept, type), type);
    Refusals.requireSame(kept, twice, () -> "protobuf of " + type.goName());
    MapConverter.decode(object, type, ObjectValue.EMPTY);
  }
}
