package io.thyra.codec;

import io.thyra.model.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// The compact JSON of one object, and where it goes on after its kind and apiVersion: the items of built-in lists leave
/// these out. The bytes are shared and must not be changed.
///
/// @param bodyStart the offset of what follows the type, 1 where the items of lists carry it (custom resources)
public record EncodedObject(byte[] json, int bodyStart) {
  private static final byte[] KIND = "{\"kind\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = "\",\"apiVersion\":\"".getBytes(StandardCharsets.US_ASCII);

  public EncodedObject {
    Objects.checkIndex(bodyStart, json.length);
  }

  public static EncodedObject of(ObjectValue object) {
    return of(JsonWriter.write(object));
  }

  /// JSON that was written by this codec. Of a built-in object it begins with `{"kind":"…","apiVersion":"…"`.
  public static EncodedObject of(byte[] json) {
    if (!startsWith(json, 0, KIND)) {
      return new EncodedObject(json, 1);
    }
    int at = quote(json, KIND.length);
    if (!startsWith(json, at, VERSION)) {
      return new EncodedObject(json, 1);
    }
    at = quote(json, at + VERSION.length) + 1;
    return new EncodedObject(json, json[at] == ',' ? at + 1 : at);
  }

  /// Kinds and versions have no escapes, so the next quote ends them.
  private static int quote(byte[] json, int from) {
    int at = from;
    while (json[at] != '"') {
      at++;
    }
    return at;
  }

  private static boolean startsWith(byte[] json, int from, byte[] prefix) {
    return json.length >= from + prefix.length
        && Arrays.equals(json, from, from + prefix.length, prefix, 0, prefix.length);
  }

  public int size() {
    return json.length;
  }

  /// Bytes of the object as it stands in a list.
  int itemSize() {
    return 1 + json.length - bodyStart;
  }

  /// Writes the object as it stands in a list.
  void writeItem(ByteSink out) {
    out.put('{').put(json, bodyStart, json.length - bodyStart);
  }
}
