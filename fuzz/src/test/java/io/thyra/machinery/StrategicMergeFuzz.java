package io.thyra.machinery;

import io.thyra.codec.JsonReader;
import io.thyra.codec.MapConverter;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;

/// Strategic merge patches: the first byte chooses the object. What comes out is decoded as the server does.
public final class StrategicMergeFuzz {
  private StrategicMergeFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Samples.choose(
        data,
        (sample, rest) ->
            Refusals.allow(
                () -> {
                  var result = StrategicMergePatch.apply(sample.object(), JsonReader.read(rest), sample.type());
                  result.printedPatch();
                  MapConverter.decode(result.patched(), sample.type(), sample.object());
                }));
  }
}
