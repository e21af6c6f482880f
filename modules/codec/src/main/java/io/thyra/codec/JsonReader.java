package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/// Reads JSON in UTF-8 as Go's encoding/json does, down to the texts of its errors: at most 10,000 levels, invalid UTF-8
/// and lone surrogates replaced, the last of repeated names wins. Keeps its own stack, so depth costs no thread stack.
/// One reading each; for one thread. Source: sigs.k8s.io/json internal/golang/encoding/json/scanner.go and decode.go.
public final class JsonReader {
  static final int DEPTH_MAX = 10_000;

  // Up to so many names are compared with each other, more are hashed.
  private static final int SCANNED_NAMES_MAX = 12;

  private static final String VALUE = "looking for beginning of value";
  private static final String KEY = "looking for beginning of object key string";

  private final byte[] data;
  private final int end;
  private int at;

  // Open containers: where their members begin in names/values, and whether they are objects.
  private int[] starts = new int[32];
  private boolean[] objects = new boolean[32];
  private int depth;
  private @Nullable String[] names = new String[64];
  private Value[] values = new Value[64];
  private int size;
  private @Nullable IdentityHashMap<ObjectValue, JsonDocument.Members> repeating;

  private JsonReader(byte[] data, int from, int to) {
    this.data = data;
    this.at = from;
    this.end = to;
  }

  /// The tree of a document.
  ///
  /// @throws DecodeException when it is malformed
  public static Value read(byte[] data) {
    return new JsonReader(data, 0, data.length).document();
  }

  public static Value read(byte[] data, int from, int to) {
    return new JsonReader(data, from, to).document();
  }

  public static Value read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The tree of a document together with its repeated names.
  ///
  /// @throws DecodeException when it is malformed
  public static JsonDocument parse(byte[] data) {
    JsonReader reader = new JsonReader(data, 0, data.length);
    return new JsonDocument(reader.document(), reader.repeating);
  }

  private Value document() {
    Value root = value();
    skipSpace();
    if (at < end) {
      throw invalid("after top-level value");
    }
    return root;
  }

  private Value value() {
    String name = null;
    while (true) {
      // A value is due here; `name` is its name when the innermost container is an object.
      skipSpace();
      if (at == end) {
        throw endOfInput();
      }
      Value value;
      byte c = data[at];
      if (c == '{' || c == '[') {
        open(name, c == '{');
        at++;
        skipSpace();
        if (at < end && data[at] == (c == '{' ? '}' : ']')) {
          at++;
          value = close();
        } else if (c == '{') {
          name = key();
          continue;
        } else {
          name = null;
          continue;
        }
      } else {
        value = literal(c);
        if (depth == 0) {
          return value;
        }
        add(name, value);
      }
      // A value is complete; see what follows in its container.
      while (true) {
        if (depth == 0) {
          return value;
        }
        skipSpace();
        if (at == end) {
          throw endOfInput();
        }
        byte next = data[at];
        boolean object = objects[depth - 1];
        if (next == ',') {
          at++;
          name = object ? key() : null;
          break;
        }
        if (next != (object ? '}' : ']')) {
          throw invalid(object ? "after object key:value pair" : "after array element");
        }
        at++;
        value = close();
      }
    }
  }

  private void open(@Nullable String name, boolean object) {
    if (depth == DEPTH_MAX) {
      throw invalid("exceeded max depth");
    }
    if (depth == starts.length) {
      starts = Arrays.copyOf(starts, depth * 2);
      objects = Arrays.copyOf(objects, depth * 2);
    }
    // The container's own place, filled when it closes.
    if (depth > 0) {
      add(name, NullValue.NULL);
    }
    starts[depth] = size;
    objects[depth] = object;
    depth++;
  }

  private Value close() {
    depth--;
    int start = starts[depth];
    Value value = objects[depth] ? object(start) : list(start);
    Arrays.fill(values, start, size, null);
    size = start;
    if (depth > 0) {
      values[size - 1] = value;
    }
    return value;
  }

  private Value list(int start) {
    return start == size ? ListValue.EMPTY : new ListValue(Arrays.asList(values).subList(start, size));
  }

  private Value object(int start) {
    int count = size - start;
    String[] all = new String[count];
    System.arraycopy(names, start, all, 0, count);
    Value[] members = Arrays.copyOfRange(values, start, size);
    if (count <= SCANNED_NAMES_MAX && areDistinct(all)) {
      return ObjectValue.ofDistinct(all, members, count);
    }
    ObjectValue.Builder builder = ObjectValue.builder(count);
    for (int i = 0; i < count; i++) {
      builder.put(all[i], members[i]);
    }
    ObjectValue object = builder.build();
    if (object.size() != count) {
      if (repeating == null) {
        repeating = new IdentityHashMap<>();
      }
      repeating.put(object, new JsonDocument.Members(all, members));
    }
    return object;
  }

  private static boolean areDistinct(String[] names) {
    for (int i = 1; i < names.length; i++) {
      for (int j = 0; j < i; j++) {
        if (names[i].equals(names[j])) {
          return false;
        }
      }
    }
    return true;
  }

  private void add(@Nullable String name, Value value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
      names = Arrays.copyOf(names, size * 2);
    }
    names[size] = name;
    values[size++] = value;
  }

  private String key() {
    skipSpace();
    if (at == end) {
      throw endOfInput();
    }
    if (data[at] != '"') {
      throw invalid(KEY);
    }
    at++;
    String name = string(true);
    skipSpace();
    if (at == end) {
      throw endOfInput();
    }
    if (data[at] != ':') {
      throw invalid("after object key");
    }
    at++;
    return name;
  }

  private Value literal(byte c) {
    switch (c) {
      case '"' -> {
        at++;
        String text = string(false);
        return text.isEmpty() ? StringValue.EMPTY : new StringValue(text);
      }
      case 't' -> {
        return word("true", BooleanValue.TRUE);
      }
      case 'f' -> {
        return word("false", BooleanValue.FALSE);
      }
      case 'n' -> {
        return word("null", NullValue.NULL);
      }
      default -> {
        if (c == '-' || c >= '0' && c <= '9') {
          return number();
        }
        throw invalid(VALUE);
      }
    }
  }

  private Value word(String word, Value value) {
    for (int i = 1; i < word.length(); i++) {
      at++;
      if (at == end) {
        throw endOfInput();
      }
      if (data[at] != word.charAt(i)) {
        throw invalid("in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
    }
    at++;
    return value;
  }

  private Value number() {
    int start = at;
    boolean negative = data[at] == '-';
    if (negative) {
      at++;
      require("in numeric literal");
    }
    long integer = 0;
    int digitsFrom = at;
    if (data[at] == '0') {
      at++;
    } else {
      while (at < end && digit(data[at])) {
        integer = integer * 10 + (data[at] - '0');
        at++;
      }
    }
    int digits = at - digitsFrom;
    boolean plain = true;
    if (at < end && data[at] == '.') {
      plain = false;
      at++;
      require("after decimal point in numeric literal");
      skipDigits();
    }
    if (at < end && (data[at] == 'e' || data[at] == 'E')) {
      plain = false;
      at++;
      if (at < end && (data[at] == '+' || data[at] == '-')) {
        at++;
      }
      require("in exponent of numeric literal");
      skipDigits();
    }
    if (plain && digits <= 18) {
      return new IntegerValue(negative ? -integer : integer);
    }
    String text = new String(data, start, at - start, StandardCharsets.ISO_8859_1);
    if (plain && digits == 19) {
      try {
        return new IntegerValue(Long.parseLong(text));
      } catch (NumberFormatException _) {
        return new DecimalValue(text);
      }
    }
    return new DecimalValue(text);
  }

  private void require(String context) {
    if (at == end) {
      throw endOfInput();
    }
    if (!digit(data[at])) {
      throw invalid(context);
    }
  }

  private void skipDigits() {
    while (at < end && digit(data[at])) {
      at++;
    }
  }

  private static boolean digit(byte c) {
    return c >= '0' && c <= '9';
  }

  /// A string whose opening quote has been read.
  @SuppressWarnings("deprecation") // The hi-byte constructor is the one copy of ASCII without a decoder.
  private String string(boolean name) {
    int start = at;
    byte[] bytes = data;
    int i = at;
    while (i < end) {
      byte c = bytes[i];
      if (c == '"') {
        at = i + 1;
        return name ? Names.of(bytes, start, i) : new String(bytes, 0, start, i - start);
      }
      if (c == '\\' || c < 0x20) {
        break; // An escape, a control character, or a byte of a longer character, which is negative.
      }
      i++;
    }
    at = i;
    return slowString(start);
  }

  private String slowString(int start) {
    var out = new StringBuilder(Math.max(32, at - start + 32));
    for (int i = start; i < at; i++) {
      out.append((char) data[i]);
    }
    while (at < end) {
      int c = data[at];
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c == '\\') {
        at++;
        escape(out);
      } else if (c >= 0x20) {
        out.append((char) c);
        at++;
      } else if (c >= 0) {
        throw invalid("in string literal");
      } else {
        at += utf8(out);
      }
    }
    throw endOfInput();
  }

  private void escape(StringBuilder out) {
    if (at == end) {
      throw endOfInput();
    }
    switch (data[at]) {
      case '"', '\\', '/' -> out.append((char) data[at]);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        unicode(out);
        return;
      }
      default -> throw invalid("in string escape code");
    }
    at++;
  }

  /// A `\\u` escape; a surrogate without its other half becomes U+FFFD.
  private void unicode(StringBuilder out) {
    char c = hex4();
    if (!Character.isSurrogate(c)) {
      out.append(c);
      return;
    }
    if (Character.isHighSurrogate(c) && at + 1 < end && data[at] == '\\' && data[at + 1] == 'u') {
      int before = at;
      at++;
      char low = hex4();
      if (Character.isLowSurrogate(low)) {
        out.append(c).append(low);
        return;
      }
      at = before;
    }
    out.append('\uFFFD');
  }

  private char hex4() {
    int c = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      if (at == end) {
        throw endOfInput();
      }
      int digit = data[at] < 0 ? -1 : Character.digit(data[at], 16);
      if (digit < 0) {
        throw invalid("in \\u hexadecimal character escape");
      }
      c = c << 4 | digit;
    }
    at++;
    return (char) c;
  }

  private int utf8(StringBuilder out) {
    return Utf8.decode(data, at, end, out);
  }

  private void skipSpace() {
    while (at < end) {
      byte c = data[at];
      if (c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private DecodeException endOfInput() {
    return new DecodeException("unexpected end of JSON input");
  }

  private DecodeException invalid(String context) {
    return new DecodeException("invalid character " + quoted(data[at] & 0xFF) + " " + context);
  }

  private static String quoted(int c) {
    if (c == '\'') {
      return "'\\''";
    }
    if (c == '"') {
      return "'\"'";
    }
    String quoted = GoText.quote(Character.toString(c));
    return "'" + quoted.substring(1, quoted.length() - 1) + "'";
  }
}
