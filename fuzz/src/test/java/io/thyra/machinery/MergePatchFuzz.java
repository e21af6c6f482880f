package io.thyra.machinery;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Arrays;

/// Merge patches: the first byte chooses the object. Applied twice they change nothing more.
public final class MergePatchFuzz {
  private MergePatchFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    Samples sample = Samples.of(data[0]);
    Refusals.allow(
        () -> {
          Value patch = JsonReader.read(Arrays.copyOfRange(data, 1, data.length));
          Value patched = JsonMergePatch.apply(sample.object(), patch, true);
          if (patched instanceof ObjectValue object) {
            Refusals.requireSame(object, JsonMergePatch.apply(object, patch, true), () -> "the object patched twice");
          }
          Canonical.decode(JsonDocument.of(patched), sample.type());
        });
  }
}
