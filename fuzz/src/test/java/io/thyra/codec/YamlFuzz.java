package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import io.thyra.model.Value;

/// YAML documents: what is read is written so that it is read alike, as YAML and as JSON.
public final class YamlFuzz {
  private YamlFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Value root;
    try {
      root = YamlReader.read(data).root();
    } catch (DecodeException _) {
      return;
    }
    Refusals.requireSame(root, JsonReader.read(JsonWriter.write(root)), () -> "YAML as JSON");
    Refusals.requireSame(root, YamlReader.read(YamlWriter.write(root)).root(), () -> "YAML");
  }
}
