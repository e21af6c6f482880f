package io.thyra.group;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.YamlDocument;
import io.thyra.codec.YamlReader;
import io.thyra.model.Failure;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// YAML bodies: objects, and the configurations of server-side apply.
final class YamlBody {
  private YamlBody() {}

  /// @throws DecodeException with upstream's text when the document is malformed or says no kind
  static BodyDocument read(byte[] data, boolean strict) {
    YamlDocument document = YamlReader.read(data);
    return BodyDocument.of(JsonDocument.of(document.root()), () -> new String(JsonWriter.write(document.root()), StandardCharsets.UTF_8), strict ? complaints(document) : List.of());
  }

  /// What a client wants to be applied, and what a strict parser says of it.
  record Configuration(ObjectValue object, List<String> complaints) {}

  static Configuration configuration(byte[] data) {
    try {
      YamlDocument document = converted(data);
      return switch (document.root()) {
        case ObjectValue object -> new Configuration(object, complaints(document));
        case NullValue _ -> new Configuration(ObjectValue.EMPTY, complaints(document));
        case Value other ->
            throw new DecodeException(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                    + other.jsonType()
                    + " into Go value of type map[string]interface {}");
      };
    } catch (DecodeException e) {
      throw new Failure.BadRequest("error decoding YAML: " + e.text()).toException();
    }
  }

  private static YamlDocument converted(byte[] data) {
    try {
      return YamlReader.read(data);
    } catch (DecodeException e) {
      throw new DecodeException("error converting YAML to JSON: " + e.text());
    }
  }

  private static List<String> complaints(YamlDocument document) {
    String error = document.strictError();
    return error == null ? List.of() : List.of(error);
  }
}
