package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Protobuf messages of every kind: two bytes choose the kind, the rest is the message. What is read is written so that it is
/// read alike, and its JSON can be read.
public final class ProtobufFuzz {
  private static final List<GroupVersionKind> KINDS =
      Schemas.builtin().kinds().stream().sorted(Comparator.comparing(GroupVersionKind::toString)).toList();

  private ProtobufFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length < 2) {
      return;
    }
    GroupVersionKind kind = KINDS.get(((data[0] & 0xff) << 8 | data[1] & 0xff) % KINDS.size());
    Struct type = Schemas.builtin().findKind(kind).orElseThrow();
    ObjectValue read;
    try {
      read = ProtobufReader.readMessage(Arrays.copyOfRange(data, 2, data.length), type);
    } catch (DecodeException _) {
      return;
    }
    ObjectValue again = ProtobufReader.readMessage(ProtobufWriter.writeMessage(read, type), type);
    Refusals.requireSame(read, again, () -> kind + " in protobuf");
    Refusals.requireSame(read, JsonReader.read(JsonWriter.write(read)), () -> kind + " as JSON");
  }
}
