package io.thyra.machinery;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.Value;

/// JSON patches: the first byte chooses the object. What comes out is decoded as the server does.
public final class JsonPatchFuzz {
  private JsonPatchFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Samples.choose(
        data,
        (sample, rest) ->
            Refusals.allow(
                () -> {
                  Value patch = JsonReader.read(rest);
                  JsonPatch.unknownFields(patch);
                  Value patched = JsonPatch.apply(sample.object(), patch, true);
                  Refusals.requireSame(patched, JsonPatch.apply(sample.object(), patch, false), () -> "the patched object");
                  Canonical.decode(JsonDocument.of(patched), sample.type());
                }));
  }
}
