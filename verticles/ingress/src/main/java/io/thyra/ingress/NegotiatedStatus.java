package io.thyra.ingress;

import io.thyra.codec.Accepted;
import io.thyra.codec.Negotiation;
import io.thyra.codec.ObjectEncoder;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import io.vertx.core.buffer.Buffer;

/// Errors in the format that the client accepts; an error that fits none of its formats is told in JSON all the same.
public final class NegotiatedStatus implements StatusEncoder {
  private final Struct type;

  /// @param schemas where the type of a Status is found, which protobuf needs
  public NegotiatedStatus(Schemas schemas) {
    this.type = schemas.findKind(new GroupVersionKind("", "v1", "Status")).orElseThrow();
  }

  @Override
  public Encoded encode(Status status, Preference preference) {
    ObjectValue value = status.toValue();
    Accepted accepted =
        Negotiation.error(new Negotiation.Wishes(preference.accept(), preference.pretty(), preference.userAgent()));
    return new Encoded(accepted.format().mediaType(), Buffer.buffer(ObjectEncoder.encode(value, type, accepted)));
  }
}
