package io.thyra.group;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.Format;
import io.thyra.codec.Negotiation;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;

/// Decodes the body of a delete: DeleteOptions of whatever version, in any format.
/// Source: apiserver pkg/endpoints/handlers/delete.go.
final class OptionsDecoder {
  private static final String NAME = "DeleteOptions";
  private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", NAME);

  private OptionsDecoder() {}

  static ObjectValue decode(ResourceRequest request) {
    Format format = Negotiation.body(request.request().contentType());
    byte[] data = request.request().body().getBytes();
    Struct type = Schemas.builtin().findType("io.k8s.apimachinery.pkg.apis.meta.v1." + NAME).orElseThrow();
    try {
      if (format == Format.PROTOBUF) {
        ProtobufEnvelope envelope = ProtobufEnvelope.read(data);
        requireKind(BodyDocument.kind(envelope.apiVersion(), envelope.kind(), KIND));
        return ProtobufReader.read(envelope, type);
      }
      BodyDocument body = BodyDocument.read(data, format, false);
      requireKind(body.kind(KIND));
      return Canonical.decode(body.document(), type).object();
    } catch (DecodeException e) {
      throw new Failure.BadRequest(e.text()).toException();
    }
  }

  private static void requireKind(GroupVersionKind kind) {
    if (!kind.kind().equals(NAME)) {
      throw new Failure.BadRequest(BodyDecoder.unregistered(kind)).toException();
    }
  }
}
