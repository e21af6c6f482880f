package io.thyra.machinery;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;

/// Merge patches: the first byte chooses the object. Applied twice they change nothing more.
public final class MergePatchFuzz {
  private MergePatchFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Samples.choose(
        data,
        (sample, rest) ->
            Refusals.allow(
                () -> {
                  Value patch = JsonReader.read(rest);
                  Value patched = JsonMergePatch.apply(sample.object(), patch, true);
                  if (patched instanceof ObjectValue object) {
                    Refusals.requireSame(object, JsonMergePatch.apply(object, patch, true), () -> "the object patched twice");
                  }
                  Canonical.decode(JsonDocument.of(patched), sample.type());
                }));
  }
}
