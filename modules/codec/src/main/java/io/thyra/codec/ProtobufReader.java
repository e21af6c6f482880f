package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads protobuf messages of the Kubernetes API into canonical trees. Unknown fields are passed over; a message that is
/// repeated adds to what came before, as in Go. For one reading each.
/// Source: the generated.pb.go files of k8s.io/api, and the hand-written ones for Time, Quantity and RawExtension.
public final class ProtobufReader {
  private static final int DEPTH_MAX = 1000;

  private int depth;

  private ProtobufReader() {}

  /// The canonical tree of an enveloped object whose type the caller has found.
  ///
  /// @throws DecodeException when the message is malformed
  public static ObjectValue read(ProtobufEnvelope envelope, Struct type) {
    Layout layout = Layout.of(type);
    Message message = new Message(layout);
    message.hold("kind", envelope.kind());
    message.hold("apiVersion", envelope.apiVersion());
    byte[] raw = envelope.raw();
    new ProtobufReader().fill(message, new ProtobufSource(raw, 0, raw.length, type.goName()));
    return message.finish();
  }

  /// The canonical tree of a bare message, without kind and apiVersion.
  ///
  /// @throws DecodeException when the message is malformed
  public static ObjectValue readMessage(byte[] data, Struct type) {
    Message message = new Message(Layout.of(type));
    new ProtobufReader().fill(message, new ProtobufSource(data, 0, data.length, type.goName()));
    return message.finish();
  }

  /// The value of the field that a source is at, null for what Go takes as not set.
  static @Nullable Value value(Shape shape, ProtobufSource in) {
    return new ProtobufReader().single(shape, "", in);
  }

  /// A struct while it is being read: in each slot a Value, a nested Message, a list or a map of values; only Values once
  /// it is finished.
  private static final class Message {
    final Layout layout;
    final @Nullable Object[] slots;

    Message(Layout layout) {
      this.layout = layout;
      this.slots = new Object[layout.size()];
    }

    void hold(String name, String text) {
      int position = layout.find(name, 0);
      if (position >= 0) {
        slots[position] = new StringValue(text);
      }
    }

    ObjectValue finish() {
      for (int i = 0; i < slots.length; i++) {
        slots[i] = switch (slots[i]) {
          case null -> null;
          case Message message -> message.finishAny();
          case Value value -> value;
          case ArrayList<?> items -> list(items);
          case Map<?, ?> map -> map(map);
          default -> throw new IllegalStateException("a slot holds " + slots[i]);
        };
      }
      return layout.print(slots, ObjectValue.EMPTY);
    }

    Value finishAny() {
      Union union = layout.union();
      if (union == Union.NONE) {
        return finish();
      }
      Object schema = held(union.schemaNumber());
      Object other = held(union.otherNumber());
      if (union == Union.SCHEMA_OR_BOOL) {
        return schema instanceof Message message ? message.finish() : other instanceof Value value ? value : BooleanValue.FALSE;
      }
      return other instanceof ArrayList<?> items && !items.isEmpty()
          ? list(items)
          : schema instanceof Message message ? message.finish() : NullValue.NULL;
    }

    private @Nullable Object held(int number) {
      Layout.Wire wire = layout.wire(number);
      return wire == null ? null : slots[wire.slot()];
    }

    @SuppressWarnings("unchecked") // Lists in slots are of values: see items.
    private static ListValue list(ArrayList<?> items) {
      return new ListValue((ArrayList<Value>) items);
    }

    private static ObjectValue map(Map<?, ?> map) {
      String[] names = new String[map.size()];
      Value[] values = new Value[names.length];
      int size = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        names[size] = (String) entry.getKey();
        values[size++] = (Value) entry.getValue();
      }
      return GoOrder.sorted(names, values, size);
    }
  }

  private void fill(Message message, ProtobufSource in) {
    fill(message, message.layout, 0, in);
  }

  /// Reads fields of a layout whose slots begin at `base` of the message: inline structs share their outer message.
  private void fill(Message message, Layout layout, int base, ProtobufSource in) {
    if (++depth > DEPTH_MAX) {
      throw new DecodeException("proto: exceeded max depth");
    }
    while (in.next()) {
      Layout.Wire wire = layout.wire(in.number());
      if (wire == null) {
        in.skip();
        continue;
      }
      String goName = wire.schema().goName();
      if (wire.inline() != null) {
        fill(message, wire.inline(), base + wire.slot(), in.message(goName, wire.inline().struct().goName()));
        continue;
      }
      int slot = base + wire.slot();
      switch (wire.schema().shape()) {
        case ListOf list when !list.wrapped() -> items(message, slot).add(item(list.item(), goName, in));
        case MapOf map -> entry(message, slot, map, goName, in);
        case Struct struct -> {
          Message nested = message.slots[slot] instanceof Message before ? before : new Message(Layout.of(struct));
          message.slots[slot] = nested;
          fill(nested, in.message(goName, struct.goName()));
        }
        case Shape shape -> message.slots[slot] = single(shape, goName, in);
      }
    }
    depth--;
  }

  @SuppressWarnings("unchecked") // Only this method puts lists into slots.
  private static ArrayList<Value> items(Message message, int slot) {
    if (!(message.slots[slot] instanceof ArrayList<?>)) {
      message.slots[slot] = new ArrayList<Value>();
    }
    return (ArrayList<Value>) message.slots[slot];
  }

  @SuppressWarnings("unchecked") // Only this method puts maps into slots.
  private void entry(Message message, int slot, MapOf shape, String goName, ProtobufSource in) {
    if (!(message.slots[slot] instanceof Map<?, ?>)) {
      message.slots[slot] = new HashMap<String, Value>();
    }
    ProtobufSource entry = in.message(goName, goName);
    String key = "";
    Value value = null;
    while (entry.next()) {
      switch (entry.number()) {
        case 1 -> key = entry.string(goName);
        case 2 -> value = item(shape.value(), goName, entry);
        default -> entry.skip();
      }
    }
    ((Map<String, Value>) message.slots[slot]).put(key, value == null ? Layout.zero(shape.value()) : value);
  }

  private Value item(Shape shape, String goName, ProtobufSource in) {
    Value value = single(shape, goName, in);
    return value == null ? Layout.zero(shape) : value;
  }

  private @Nullable Value single(Shape shape, String goName, ProtobufSource in) {
    return switch (shape) {
      case Scalar scalar -> scalar(scalar, goName, in);
      case Struct struct -> {
        Message nested = new Message(Layout.of(struct));
        fill(nested, in.message(goName, struct.goName()));
        yield nested.finishAny();
      }
      case ListOf list -> {
        var items = new ArrayList<Value>();
        ProtobufSource wrapped = in.message(goName, goName);
        while (wrapped.next()) {
          if (wrapped.number() == 1) {
            items.add(item(list.item(), goName, wrapped));
          } else {
            wrapped.skip();
          }
        }
        yield new ListValue(items);
      }
      case Anything _ -> {
        byte[] raw = null;
        ProtobufSource wrapped = in.message(goName, "RawExtension");
        while (wrapped.next()) {
          if (wrapped.number() == 1) {
            raw = wrapped.bytes("Raw");
          } else {
            wrapped.skip();
          }
        }
        yield raw == null || raw.length == 0 ? NullValue.NULL : JsonReader.read(raw);
      }
      case MapOf _ -> throw new IllegalStateException(goName + " is a map inside a map or list");
    };
  }

  private @Nullable Value scalar(Scalar scalar, String goName, ProtobufSource in) {
    return switch (scalar) {
      case STRING -> new StringValue(in.string(goName));
      case BOOLEAN -> BooleanValue.of(in.integer(goName) != 0);
      case INT32 -> new IntegerValue((int) in.integer(goName));
      case INT64 -> new IntegerValue(in.integer(goName));
      case DOUBLE -> Scalars.floating(Double.longBitsToDouble(in.fixed64(goName)));
      case BYTES -> new StringValue(Base64.getEncoder().encodeToString(in.bytes(goName)));
      case QUANTITY -> quantity(in.message(goName, "Quantity"));
      case INT_OR_STRING -> intOrString(in.message(goName, "IntOrString"));
      case TIME -> time(in.message(goName, "Timestamp"), false);
      case MICRO_TIME -> time(in.message(goName, "Timestamp"), true);
      case DURATION -> {
        long nanos = 0;
        ProtobufSource message = in.message(goName, "Duration");
        while (message.next()) {
          if (message.number() == 1) {
            nanos = message.integer("Duration");
          } else {
            message.skip();
          }
        }
        yield new StringValue(GoDuration.print(nanos));
      }
    };
  }

  private static Value quantity(ProtobufSource in) {
    String text = "0";
    while (in.next()) {
      if (in.number() == 1) {
        text = in.string("String_");
      } else {
        in.skip();
      }
    }
    try {
      return new StringValue(Quantity.canonical(text));
    } catch (Quantity.MalformedException e) {
      throw new DecodeException(String.valueOf(e.getMessage()));
    }
  }

  private static Value intOrString(ProtobufSource in) {
    long type = 0;
    long number = 0;
    String text = "";
    while (in.next()) {
      switch (in.number()) {
        case 1 -> type = in.integer("Type");
        case 2 -> number = in.integer("IntVal");
        case 3 -> text = in.string("StrVal");
        default -> in.skip();
      }
    }
    return type == 1 ? new StringValue(text) : new IntegerValue((int) number);
  }

  /// Null for an empty message, which is Go's zero time.
  private static @Nullable Value time(ProtobufSource in, boolean micros) {
    boolean any = false;
    long seconds = 0;
    int nanos = 0;
    while (in.next()) {
      any = true;
      switch (in.number()) {
        case 1 -> seconds = in.integer("Seconds");
        case 2 -> nanos = (int) in.integer("Nanos");
        default -> in.skip();
      }
    }
    if (!any || seconds == GoTime.ZERO_SECONDS) {
      return null;
    }
    // Years that four digits cannot hold are no times of JSON.
    if (seconds < GoTime.ZERO_SECONDS || seconds > 253_402_300_799L || nanos < 0 || nanos > 999_999_999) {
      throw new DecodeException("Time.MarshalJSON: year outside of range [0,9999]");
    }
    return new StringValue(micros ? GoTime.printMicros(seconds, nanos) : GoTime.printSeconds(seconds));
  }
}
