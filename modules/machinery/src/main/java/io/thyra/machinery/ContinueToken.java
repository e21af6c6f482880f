package io.thyra.machinery;

import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Function;

/// Where the next page of a list begins: the revision that the pages see, and the first key, relative to the prefix of
/// the list. A negative revision asks for the latest. Source: apiserver pkg/storage/continue.go.
public record ContinueToken(long resourceVersion, String startKey) {
  private static final String VERSION = "meta.k8s.io/v1";
  private static final String PREFIX = "continue key is not valid";
  private static final String TYPE = "storage.continueToken";

  public ContinueToken {
    Objects.requireNonNull(startKey);
  }

  /// The token of the page after a key, relative to the prefix.
  public static ContinueToken after(long resourceVersion, String key) {
    return new ContinueToken(resourceVersion, key + "\0");
  }

  public String encode() {
    var json = new StringBuilder("{\"v\":\"" + VERSION + "\",\"rv\":" + resourceVersion + ",\"start\":");
    GoText.appendJsonString(json, startKey);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Reads a token for a list request.
  ///
  /// @param json reads a JSON document; throws [SyntaxException] with the text of Go's decoder when it is malformed
  /// @throws io.thyra.model.ApiException 400 `invalid continue token: ...`
  public static ContinueToken parse(String token, Function<byte[], Value> json) {
    try {
      return decode(token, json);
    } catch (SyntaxException e) {
      throw new Failure.BadRequest("invalid continue token: " + e.text()).toException();
    }
  }

  static ContinueToken decode(String token, Function<byte[], Value> json) {
    Value document;
    ContinueToken found;
    String version;
    try {
      document = json.apply(decodeBase64(token));
      if (!(document instanceof ObjectValue) && !(document instanceof NullValue)) {
        throw new SyntaxException("json: cannot unmarshal " + document.jsonType() + " into Go value of type " + TYPE);
      }
      ObjectValue object = document instanceof ObjectValue o ? o : ObjectValue.EMPTY;
      version = text(object, "v");
      found = new ContinueToken(number(object, "rv"), text(object, "start"));
    } catch (SyntaxException e) {
      throw new SyntaxException(PREFIX + ": " + e.text());
    }
    if (!version.equals(VERSION)) {
      throw new SyntaxException(PREFIX + ": server does not recognize this encoded version " + version);
    }
    if (found.resourceVersion == 0) {
      throw new SyntaxException(PREFIX + ": incorrect encoded start resourceVersion (version " + VERSION + ")");
    }
    if (found.startKey.isEmpty()) {
      throw new SyntaxException(PREFIX + ": encoded start key empty (version " + VERSION + ")");
    }
    // A key must not climb out of the prefix.
    String key = found.startKey.startsWith("/") ? found.startKey : "/" + found.startKey;
    if (!clean(key).equals(key)) {
      throw new SyntaxException(PREFIX + ": " + found.startKey);
    }
    return new ContinueToken(found.resourceVersion, key.substring(1));
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    if (value == null || value.isNull()) {
      return "";
    }
    if (value instanceof StringValue(String text)) {
      return text;
    }
    throw wrongType(value.jsonType(), name, "string");
  }

  private static long number(ObjectValue object, String name) {
    Value value = object.get(name);
    if (value == null || value.isNull()) {
      return 0;
    }
    if (value instanceof IntegerValue(long number)) {
      return number;
    }
    throw wrongType(value instanceof NumberValue number ? "number " + number.text() : value.jsonType(), name, "int64");
  }

  private static SyntaxException wrongType(String found, String name, String type) {
    return new SyntaxException(
        "json: cannot unmarshal " + found + " into Go struct field continueToken." + name + " of type " + type);
  }

  // Go path.Clean of a rooted path.
  private static String clean(String path) {
    var kept = new ArrayDeque<String>();
    for (String step : path.split("/", -1)) {
      if (step.equals("..")) {
        kept.pollLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        kept.addLast(step);
      }
    }
    return "/" + String.join("/", kept);
  }

  // Go's decoder names the position of the first byte it cannot use, and skips line ends.
  private static byte[] decodeBase64(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(bytes.length);
    int bits = 0;
    int held = 0;
    int inQuantum = 0;
    for (int i = 0; i < bytes.length; i++) {
      int c = bytes[i];
      if (c == '\r' || c == '\n') {
        continue;
      }
      int digit = digit(c);
      if (digit < 0) {
        throw new SyntaxException("illegal base64 data at input byte " + i);
      }
      held = held << 6 | digit;
      bits += 6;
      inQuantum = (inQuantum + 1) % 4;
      if (bits >= 8) {
        bits -= 8;
        out.write(held >> bits);
        held &= (1 << bits) - 1;
      }
    }
    if (inQuantum == 1) {
      throw new SyntaxException("illegal base64 data at input byte " + (bytes.length - 1));
    }
    return out.toByteArray();
  }

  private static int digit(int c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }
}
