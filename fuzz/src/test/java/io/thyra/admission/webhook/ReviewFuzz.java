package io.thyra.admission.webhook;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;
import io.vertx.core.buffer.Buffer;

/// Answers of admission webhooks in JSON, in both versions, of mutating and validating ones.
public final class ReviewFuzz {
  private ReviewFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    ObjectValue review;
    try {
      if (!(JsonReader.read(data) instanceof ObjectValue object)) {
        return;
      }
      review = object;
    } catch (DecodeException _) {
      return;
    }
    for (String version : new String[] {"v1", "v1beta1"}) {
      for (boolean mutating : new boolean[] {true, false}) {
        try {
          ReviewResponse.read(review, new ReviewRequest("u", version, Buffer.buffer()), mutating);
        } catch (CallFailure _) {
          // The webhook failed.
        }
      }
    }
  }
}
