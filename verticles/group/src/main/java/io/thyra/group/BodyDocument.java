package io.thyra.group;

import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.codec.Format;
import io.thyra.codec.JsonDocument;
import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/// A JSON or YAML body that was parsed, and the kind that it says it has.
/// Source: apimachinery pkg/runtime/serializer/json/json.go and meta.go.
///
/// @param printed makes the JSON text, which errors quote
/// @param complaints what a strict YAML parser says, before anything is known of types
record BodyDocument(JsonDocument document, String apiVersion, String kind, Supplier<String> printed, List<String> complaints) {
  private static final int SUMMARY_BYTES_MAX = 30;
  private static final String TYPE =
      "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

  /// @throws DecodeException with upstream's text when the document is malformed or says no kind
  static BodyDocument read(byte[] data, Format format, boolean strict) {
    if (format == Format.YAML) {
      return YamlBody.read(data, strict);
    }
    return of(parse(data), () -> new String(data, StandardCharsets.UTF_8), List.of());
  }

  static JsonDocument parse(byte[] data) {
    try {
      return JsonReader.parse(data);
    } catch (DecodeException e) {
      throw new DecodeException("couldn't get version/kind; json parse error: " + e.text());
    }
  }

  static BodyDocument of(JsonDocument document, Supplier<String> printed, List<String> complaints) {
    ObjectValue root =
        switch (document.root()) {
          case ObjectValue object -> object;
          case NullValue _ -> ObjectValue.EMPTY;
          case Value other -> throw wrong("cannot unmarshal " + other.jsonType() + " into Go value of type " + TYPE);
        };
    String apiVersion = text(root, "apiVersion");
    String kind = text(root, "kind");
    if (apiVersion.indexOf('/') != apiVersion.lastIndexOf('/')) {
      throw new DecodeException("unexpected GroupVersion string: " + apiVersion);
    }
    return new BodyDocument(document, apiVersion, kind, printed, complaints);
  }

  private static String text(ObjectValue root, String name) {
    String found = "";
    // Upstream looks for these two with a decoder that does not mind case; the last one counts.
    for (int i = 0; i < root.size(); i++) {
      if (root.nameAt(i).equalsIgnoreCase(name)) {
        found = text(root.valueAt(i), name, found);
      }
    }
    return found;
  }

  private static String text(Value value, String name, String before) {
    if (value.isNull()) {
      return before;
    }
    if (value instanceof StringValue(String text)) {
      return text;
    }
    throw wrong("cannot unmarshal " + value.jsonType() + " into Go struct field ." + name + " of type string");
  }

  private static DecodeException wrong(String why) {
    return new DecodeException("couldn't get version/kind; json parse error: json: " + why);
  }

  /// The kind of the document, with what it leaves out taken from the expected one.
  GroupVersionKind kind(GroupVersionKind expected) {
    return kind(apiVersion, kind, expected);
  }

  static GroupVersionKind kind(String apiVersion, String kind, GroupVersionKind expected) {
    String name = kind.isEmpty() ? expected.kind() : kind;
    return apiVersion.isEmpty() ? expected.groupVersion().kind(name) : GroupVersion.parse(apiVersion).kind(name);
  }

  /// Everything that strict decoding complains about, the parser's complaints first.
  List<String> strictErrors(Decoded decoded) {
    if (complaints.isEmpty()) {
      return decoded.strictErrors();
    }
    var all = new ArrayList<>(complaints);
    // What the YAML parser told is told once.
    decoded.strictErrors().stream().filter(e -> !e.startsWith("duplicate field ")).forEach(all::add);
    return all;
  }

  /// The beginning of a body as errors show it.
  static String summary(byte[] data) {
    if (data.length == 0) {
      return "<empty>";
    }
    boolean cut = data.length > SUMMARY_BYTES_MAX;
    int length = cut ? SUMMARY_BYTES_MAX : data.length;
    String shown =
        data[0] == '{' ? new String(data, 0, length, StandardCharsets.UTF_8) : HexFormat.of().formatHex(data, 0, length);
    return cut ? shown + " ..." : shown;
  }
}
