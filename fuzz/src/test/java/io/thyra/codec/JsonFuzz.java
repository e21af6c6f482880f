package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import io.thyra.model.Value;

/// JSON documents: what is read is written so that it is read alike, plainly and indented.
public final class JsonFuzz {
  private JsonFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Refusals.allow(() -> JsonReader.parse(data).duplicates());
    Value root;
    try {
      root = JsonReader.read(data);
    } catch (DecodeException _) {
      return;
    }
    Refusals.requireSame(root, JsonReader.read(JsonWriter.write(root)), () -> "JSON");
    Refusals.requireSame(root, JsonReader.read(JsonWriter.writePretty(root)), () -> "indented JSON");
  }
}
