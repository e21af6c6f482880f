package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;

/// Protobuf objects in their envelope, as they are sent and stored: printed straight as JSON they are what reading gives.
public final class EnvelopeFuzz {
  private EnvelopeFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Refusals.allow(
        () -> {
          ProtobufEnvelope envelope = ProtobufEnvelope.read(data);
          GroupVersion version = GroupVersion.parse(envelope.apiVersion());
          Struct type =
              Schemas.builtin().findKind(new GroupVersionKind(version.group(), version.version(), envelope.kind())).orElse(null);
          if (type == null) {
            return;
          }
          ObjectValue object = ProtobufReader.read(envelope, type);
          byte[] written = ProtobufWriter.write(object, type);
          Refusals.requireSame(object, ProtobufReader.read(ProtobufEnvelope.read(written), type), () -> "the object");
        });
  }
}
