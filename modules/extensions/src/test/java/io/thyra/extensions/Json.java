package io.thyra.extensions;

import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;

/// JSON in single quotes, for tests.
final class Json {
  private Json() {}

  static ObjectValue object(String json) {
    return (ObjectValue) JsonReader.read(json.replace('\'', '"'));
  }

  static StructuralSchema schema(String json) {
    return StructuralSchema.of(object(json));
  }
}
