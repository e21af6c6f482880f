package io.thyra.codec;

import io.thyra.codec.EncodedMessage.Piece;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Prints stored messages in the form of answers without making trees of them: a list of a thousand objects then costs little
/// more than copying them. What is printed is what [JsonWriter] prints of the tree that [ProtobufReader] reads; a message
/// that is out of the ordinary goes that way.
///
/// ```
///   each message is passed over once to note where the fields lie, then they are printed in the order of JSON
/// ```
///
/// For one message each.
public final class ProtobufPrinter {
  private static final int DEPTH_MAX = 100;
  private static final int ABSENT = -1;
  private static final int PLACES_MIN = 256;
  private static final int[] NOWHERE = {};

  /// Of those that only look: nothing is printed into it.
  private static final ByteSink NOTHING = new ByteSink(0);

  /// What became of a field's value.
  private enum Printed {
    SET,
    /// As Go's zero value is printed, which `omitempty` leaves out.
    EMPTY,
    /// Nothing was printed: the value stands for none.
    NONE
  }

  /// The message is one for the tree.
  private static final class OutOfTheOrdinary extends RuntimeException {
    private static final long serialVersionUID = 1;
    static final OutOfTheOrdinary INSTANCE = new OutOfTheOrdinary();

    private OutOfTheOrdinary() {
      super("", null, false, false);
    }
  }

  private final byte[] data;
  private final String kind;
  private final String apiVersion;
  private final ByteSink out;

  // Two numbers for each slot of the messages being printed, the innermost last: where its field begins and ends.
  private int[] places = NOWHERE;
  private int frames;
  private int depth;

  // Where reading is, and the length that begin last read.
  private int at;
  private int size;

  private ProtobufPrinter(byte[] data, String kind, String apiVersion, ByteSink out) {
    this.data = data;
    this.kind = kind;
    this.apiVersion = apiVersion;
    this.out = out;
  }

  /// The message of an enveloped object with another resourceVersion.
  ///
  /// @throws DecodeException when it is malformed
  public static EncodedMessage stamped(byte[] enveloped, Struct type, String resourceVersion) {
    try {
      if (ProtobufEnvelope.recognizes(enveloped)) {
        return spliced(enveloped, type, resourceVersion);
      }
    } catch (OutOfTheOrdinary | ArrayIndexOutOfBoundsException _) {
      // The reader knows what to make of it.
    }
    ObjectValue tree = ProtobufReader.read(ProtobufEnvelope.read(enveloped), type);
    return EncodedMessage.of(ProtobufWriter.writeMessage(tree.withAt(Value.of(resourceVersion), "metadata", "resourceVersion"), type));
  }

  /// The compact JSON of an enveloped object with another resourceVersion.
  ///
  /// @throws DecodeException when it is malformed
  public static byte[] json(byte[] enveloped, Struct type, String resourceVersion) {
    ProtobufEnvelope envelope = ProtobufEnvelope.read(enveloped);
    byte[] message = stamped(enveloped, type, resourceVersion).toByteArray();
    try {
      var printer = new ProtobufPrinter(message, envelope.kind(), envelope.apiVersion(), new ByteSink(message.length * 3 / 2 + 64));
      printer.message(0, message.length, Layout.of(type));
      return printer.out.toByteArray();
    } catch (OutOfTheOrdinary | DecodeException | ArrayIndexOutOfBoundsException _) {
      // What is wrong with it is the reader's to say.
      var again = new ProtobufEnvelope(envelope.apiVersion(), envelope.kind(), message, "", "");
      return JsonWriter.write(ProtobufReader.read(again, type));
    }
  }

  // The stamp.

  private static EncodedMessage spliced(byte[] data, Struct type, String resourceVersion) {
    FieldSchema metadata = type.field("metadata");
    if (metadata == null || !(metadata.shape() instanceof Struct meta) || meta.field("resourceVersion") == null) {
      throw new IllegalArgumentException(type + " has no resourceVersion");
    }
    byte[] stamp = resourceVersion.getBytes(StandardCharsets.UTF_8);
    int[] raw = find(data, ProtobufEnvelope.PREFIX_BYTES, data.length, ProtobufEnvelope.RAW);
    int[] outer = find(data, raw[1], raw[2], metadata.number());
    int[] inner = find(data, outer[1], outer[2], meta.field("resourceVersion").number());
    var head = new ProtobufSink(32 + stamp.length);
    head.bytes(meta.field("resourceVersion").number(), stamp);
    byte[] field = head.toByteArray();
    int length = outer[2] - outer[1] - (inner[2] - inner[0]) + field.length;
    var size = new ProtobufSink(16);
    size.varint(length);
    size.tag(metadata.number(), ProtobufSink.BYTES);
    return EncodedMessage.of(
        new Piece(data, raw[1], outer[0]),
        Piece.of(size.toByteArray()),
        new Piece(data, outer[1], inner[0]),
        Piece.of(field),
        new Piece(data, inner[2], raw[2]));
  }

  /// Where a field is: its tag, its bytes, their end. One that is not there begins and ends where it would stand.
  private static int[] find(byte[] data, int from, int to, int number) {
    var scan = new ProtobufPrinter(data, "", "", NOTHING);
    scan.at = from;
    int place = to;
    while (scan.at < to) {
      int tag = scan.at;
      int key = scan.key();
      int begin = scan.begin(key & 7);
      int end = scan.end(key & 7, begin, to);
      scan.at = end;
      if (key >>> 3 == number) {
        return new int[] {tag, begin, end};
      }
      if (key >>> 3 > number && place == to) {
        place = tag;
      }
    }
    return new int[] {place, place, place};
  }

  // JSON.

  private void message(int from, int to, Layout layout) {
    if (layout.union() != Union.NONE || ++depth > DEPTH_MAX) {
      throw OutOfTheOrdinary.INSTANCE;
    }
    int frame = frames;
    frames += 2 * layout.size();
    if (frames > places.length) {
      places = Arrays.copyOf(places, Math.max(frames, Math.max(PLACES_MIN, 2 * places.length)));
    }
    Arrays.fill(places, frame, frames, ABSENT);
    note(from, to, layout, frame);
    out.put('{');
    int begin = out.size();
    for (int i = 0; i < layout.size(); i++) {
      slot(layout.slot(i), frame + 2 * i, out.size() > begin);
    }
    out.put('}');
    frames = frame;
    depth--;
  }

  /// Notes where the fields of a message lie; those of inline structs are among those of their outer one.
  private void note(int from, int to, Layout layout, int frame) {
    at = from;
    while (at < to) {
      int tag = at;
      int key = key();
      int begin = begin(key & 7);
      int end = end(key & 7, begin, to);
      at = end;
      Layout.Wire wire = layout.wire(key >>> 3);
      if (wire == null) {
        continue;
      }
      int place = frame + 2 * wire.slot();
      Shape shape = wire.schema().shape();
      if (wireType(shape) != (key & 7)) {
        throw OutOfTheOrdinary.INSTANCE;
      }
      if (wire.inline() != null) {
        note(begin, end, wire.inline(), place);
        at = end;
        continue;
      }
      boolean repeated = repeats(shape);
      if (places[place] != ABSENT && (shape instanceof Struct || repeated && places[place] < from)) {
        throw OutOfTheOrdinary.INSTANCE;
      }
      if (!repeated || places[place] == ABSENT) {
        places[place] = repeated || !plain(shape) ? tag : begin;
      }
      places[place + 1] = end;
    }
  }

  /// Whether a field may be there several times.
  private static boolean repeats(Shape shape) {
    return shape instanceof MapOf || shape instanceof ListOf list && !list.wrapped();
  }

  /// Whether a value is printed here, of its bytes alone.
  private static boolean plain(Shape shape) {
    return shape instanceof Struct
        || shape == Scalar.STRING
        || shape == Scalar.BOOLEAN
        || shape == Scalar.INT32
        || shape == Scalar.INT64;
  }

  private static int wireType(Shape shape) {
    return shape == Scalar.BOOLEAN || shape == Scalar.INT32 || shape == Scalar.INT64
        ? ProtobufSink.VARINT
        : shape == Scalar.DOUBLE ? ProtobufSink.FIXED64 : ProtobufSink.BYTES;
  }

  private void slot(Layout.Slot slot, int place, boolean follows) {
    int before = out.size();
    int from = places[place];
    if (from != ABSENT) {
      name(slot, follows);
      Printed printed = field(slot, from, places[place + 1]);
      if (printed == Printed.SET || printed == Printed.EMPTY && (slot.pointer() || !slot.omitEmpty())) {
        return;
      }
      out.truncate(before);
      if (printed == Printed.EMPTY) {
        return;
      }
    } else if (depth == 1 && (slot.name().equals("kind") || slot.name().equals("apiVersion"))) {
      String text = slot.name().equals("kind") ? kind : apiVersion;
      if (!text.isEmpty() || !slot.omitEmpty()) {
        name(slot, follows);
        JsonWriter.string(text, out);
      }
      return;
    }
    if (!slot.omitEmpty()) {
      name(slot, follows);
      if (slot.pointer()) {
        out.ascii("null");
      } else {
        JsonWriter.write(Layout.zero(slot.shape()), out);
      }
    }
  }

  private void name(Layout.Slot slot, boolean follows) {
    if (follows) {
      out.put(',');
    }
    out.put(slot.member());
  }

  private Printed field(Layout.Slot slot, int from, int to) {
    return switch (slot.shape()) {
      case ListOf list when !list.wrapped() -> {
        items(list.item(), from, to);
        yield Printed.SET;
      }
      case MapOf map -> {
        entries(map.value(), from, to);
        yield Printed.SET;
      }
      case Shape shape when plain(shape) -> plain(shape, from, to);
      case Shape shape -> other(shape, from, to);
    };
  }

  private Printed plain(Shape shape, int from, int to) {
    switch (shape) {
      case Struct struct -> {
        Layout layout = Layout.of(struct);
        int before = out.size();
        message(from, to, layout);
        return out.endsWith(before, layout.zeroJson()) ? Printed.EMPTY : Printed.SET;
      }
      case Scalar.STRING -> {
        string(from, to);
        return from == to ? Printed.EMPTY : Printed.SET;
      }
      case Scalar.BOOLEAN -> {
        at = from;
        boolean truth = varint() != 0;
        out.ascii(truth ? "true" : "false");
        return truth ? Printed.SET : Printed.EMPTY;
      }
      case Scalar scalar -> {
        at = from;
        long number = varint();
        number = scalar == Scalar.INT32 ? (int) number : number;
        out.decimal(number);
        return number == 0 ? Printed.EMPTY : Printed.SET;
      }
      default -> throw new IllegalStateException("not plain: " + shape);
    }
  }

  /// A value that is rare enough to be made first.
  ///
  /// @param tag where the field begins
  private Printed other(Shape shape, int tag, int to) {
    if (shape instanceof Anything && raw(tag, to)) {
      return Printed.SET;
    }
    Value value = value(shape, tag, to);
    if (value == null) {
      return Printed.NONE;
    }
    JsonWriter.write(value, out);
    return Layout.isEmpty(value, shape) ? Printed.EMPTY : Printed.SET;
  }

  private @Nullable Value value(Shape shape, int tag, int to) {
    var in = new ProtobufSource(data, tag, to, "");
    in.next();
    return ProtobufReader.value(shape, in);
  }

  /// JSON that is stored as JSON, if it is an object that needs nothing done.
  private boolean raw(int tag, int to) {
    at = tag;
    int key = key();
    int from = begin(key & 7);
    at = from;
    if (from >= to || key() >>> 3 != 1) {
      return false;
    }
    int begin = begin(ProtobufSink.BYTES);
    if (end(ProtobufSink.BYTES, begin, to) != to || begin >= to || data[begin] != '{') {
      return false;
    }
    for (int i = begin; i < to; i++) {
      byte b = data[i];
      if (b <= ' ' || b == '\\' || b == '<' || b == '>' || b == '&') {
        return false;
      }
    }
    out.put(data, begin, to - begin);
    return true;
  }

  private void items(Shape item, int from, int to) {
    out.put('[');
    int first = from;
    at = from;
    int number = key() >>> 3;
    at = from;
    while (at < to) {
      int tag = at;
      int key = key();
      int begin = begin(key & 7);
      int end = end(key & 7, begin, to);
      if (key >>> 3 == number) {
        if (tag > first) {
          out.put(',');
        }
        item(item, tag, begin, end);
      }
      at = end;
    }
    out.put(']');
  }

  private void item(Shape shape, int tag, int from, int to) {
    Printed printed = plain(shape) ? plain(shape, from, to) : other(shape, tag, to);
    if (printed == Printed.NONE) {
      JsonWriter.write(Layout.zero(shape), out);
    }
  }

  private void entries(Shape shape, int from, int to) {
    out.put('{');
    at = from;
    int number = key() >>> 3;
    at = from;
    int keyFrom = ABSENT;
    int keyTo = ABSENT;
    while (at < to) {
      int key = key();
      int begin = begin(key & 7);
      int end = end(key & 7, begin, to);
      if (key >>> 3 == number) {
        int[] name = find(data, begin, end, 1);
        int[] value = find(data, begin, end, 2);
        if (name[0] == name[2] || value[0] == value[2]) {
          throw OutOfTheOrdinary.INSTANCE;
        }
        if (keyFrom != ABSENT) {
          if (Arrays.compareUnsigned(data, keyFrom, keyTo, data, name[1], name[2]) >= 0) {
            throw OutOfTheOrdinary.INSTANCE;
          }
          out.put(',');
        }
        keyFrom = name[1];
        keyTo = name[2];
        string(keyFrom, keyTo);
        out.put(':');
        item(shape, value[0], value[1], value[2]);
      }
      at = end;
    }
    out.put('}');
  }

  private void string(int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] < 0 || !JsonWriter.isSafe(data[i])) {
        JsonWriter.string(Utf8.string(data, from, to), out);
        return;
      }
    }
    out.put('"').put(data, from, to - from).put('"');
  }

  // The wire.

  private int key() {
    long key = varint();
    if (key <= 7 || key > Integer.MAX_VALUE) {
      throw OutOfTheOrdinary.INSTANCE;
    }
    return (int) key;
  }

  /// Where the bytes of a field begin, its length passed over.
  private int begin(int wireType) {
    if (wireType != ProtobufSink.BYTES) {
      return at;
    }
    long length = varint();
    if (length < 0 || length > data.length - at) {
      throw OutOfTheOrdinary.INSTANCE;
    }
    size = (int) length;
    return at;
  }

  private int end(int wireType, int begin, int to) {
    int end =
        switch (wireType) {
          case ProtobufSink.BYTES -> begin + size;
          case ProtobufSink.FIXED64 -> begin + 8;
          case ProtobufSink.VARINT -> {
            at = begin;
            varint();
            yield at;
          }
          default -> throw OutOfTheOrdinary.INSTANCE;
        };
    if (end > to) {
      throw OutOfTheOrdinary.INSTANCE;
    }
    return end;
  }

  private long varint() {
    byte b = data[at++];
    if (b >= 0) {
      return b;
    }
    long value = b & 0x7F;
    for (int shift = 7; shift < 64; shift += 7) {
      b = data[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw OutOfTheOrdinary.INSTANCE;
  }
}
