package io.thyra.admission.webhook;

import io.thyra.codec.DecodeException;
import io.thyra.model.BooleanValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import org.jspecify.annotations.Nullable;

/// Reads fields of an AdmissionResponse as Go's decoder does, with its words for those of another type.
final class ReviewFields {
  private ReviewFields() {}

  static String text(ObjectValue response, String name, String type) {
    @Nullable Value value = response.get(name);
    return switch (value) {
      case null -> "";
      case NullValue _ -> "";
      case StringValue(String text) -> text;
      default -> throw wrongType(value, name, type);
    };
  }

  static boolean flag(ObjectValue response, String name) {
    @Nullable Value value = response.get(name);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!(value instanceof BooleanValue)) {
      throw wrongType(value, name, "bool");
    }
    return value == BooleanValue.TRUE;
  }

  private static DecodeException wrongType(Value value, String name, String type) {
    return new DecodeException(
        "json: cannot unmarshal " + value.jsonType() + " into Go struct field AdmissionResponse.response." + name + " of type " + type);
  }
}
