package io.thyra.watch;

import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufWriter;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;

/// The Status of an ERROR event, which is itself whatever form the watch has.
final class StatusForm {
  private static final String TYPE = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";

  private StatusForm() {}

  static byte[] encode(Envelope envelope, ObjectValue status) {
    return switch (envelope) {
      case JSON -> JsonWriter.write(status);
      case PROTOBUF ->
          new ProtobufEnvelope("v1", "Status", ProtobufWriter.writeMessage(status, Schemas.builtin().findType(TYPE).orElseThrow()), "", "")
              .write();
    };
  }
}
