package io.thyra.groups.core;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;

/// JSON inside values, which upstream decodes only to see whether it can.
final class JsonObjects {
  private JsonObjects() {}

  /// What is wrong with bytes that should be a JSON object, in the words of Go's decoder; empty when nothing is.
  static String complaint(byte[] data) {
    try {
      Value value = JsonReader.read(data);
      return value instanceof ObjectValue || value.isNull()
          ? ""
          : "json: cannot unmarshal " + value.jsonType() + " into Go value of type map[string]interface {}";
    } catch (DecodeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
