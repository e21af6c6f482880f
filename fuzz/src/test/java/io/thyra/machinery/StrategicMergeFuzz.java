package io.thyra.machinery;

import io.thyra.codec.JsonReader;
import io.thyra.codec.MapConverter;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import java.util.Arrays;

/// Strategic merge patches: the first byte chooses the object. What comes out is decoded as the server does.
public final class StrategicMergeFuzz {
  private StrategicMergeFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    Samples sample = Samples.of(data[0]);
    Refusals.allow(
        () -> {
          var result = StrategicMergePatch.apply(sample.object(), JsonReader.read(Arrays.copyOfRange(data, 1, data.length)), sample.type());
          result.printedPatch();
          MapConverter.decode(result.patched(), sample.type(), sample.object());
        });
  }
}
