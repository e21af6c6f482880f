package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes canonical trees as upstream's generated protobuf code writes them: fields in ascending order, values that Go
/// holds by value always written, pointers only when they are set, maps in the order of their keys.
/// Source: the generated.pb.go files of k8s.io/api, and the hand-written ones for Time, Quantity and RawExtension.
public final class ProtobufWriter {
  // What fits no type is mostly the fields of managers.
  private static final SizeGuess ANYTHING_BYTES = new SizeGuess();

  private ProtobufWriter() {}

  /// An object in its envelope; kind and apiVersion are those of the tree.
  public static byte[] write(ObjectValue object, Struct type) {
    var envelope = new ProtobufEnvelope(object.string("apiVersion"), object.string("kind"), new byte[0], "", "");
    Layout layout = Layout.of(type);
    var out = new ProtobufSink(layout.messageBytes().next());
    envelope.writeTail(out);
    int before = out.size();
    message(object, layout, out);
    envelope.writeHead(out, out.size() - before);
    layout.messageBytes().saw(out.size());
    return out.toByteArray();
  }

  /// The bare message of an object, as it stands in a list or as raw bytes.
  public static byte[] writeMessage(ObjectValue object, Struct type) {
    Layout layout = Layout.of(type);
    var out = new ProtobufSink(layout.messageBytes().next());
    message(object, layout, out);
    layout.messageBytes().saw(out.size());
    return out.toByteArray();
  }

  private static void message(ObjectValue object, Layout layout, ProtobufSink out) {
    List<Layout.Wire> wires = layout.wires();
    for (int i = wires.size() - 1; i >= 0; i--) {
      Layout.Wire wire = wires.get(i);
      int number = wire.schema().number();
      if (wire.inline() != null) {
        int before = out.size();
        message(object, wire.inline(), out);
        out.close(number, before);
        continue;
      }
      Value value = object.get(wire.schema().name());
      if (value == null || value == NullValue.NULL) {
        if (!wire.schema().pointer()) {
          zero(number, wire.schema().shape(), out);
        }
      } else {
        field(number, value, wire.schema().shape(), out);
      }
    }
  }

  /// What is written for a field held by value that is not set.
  private static void zero(int number, Shape shape, ProtobufSink out) {
    switch (shape) {
      case Scalar scalar -> {
        switch (scalar) {
          case STRING -> out.string(number, "");
          case BOOLEAN, INT32, INT64 -> out.integer(number, 0);
          case DOUBLE -> {
            out.fixed64(0);
            out.tag(number, ProtobufSink.FIXED64);
          }
          case BYTES -> {}
          case TIME, MICRO_TIME -> out.close(number, out.size());
          case QUANTITY, INT_OR_STRING, DURATION -> field(number, Layout.zero(scalar), scalar, out);
        }
      }
      case Struct struct -> {
        Layout layout = Layout.of(struct);
        int before = out.size();
        if (layout.union() == Union.NONE) {
          message(ObjectValue.EMPTY, layout, out);
        } else {
          union(layout.union().zero(), layout, out);
        }
        out.close(number, before);
      }
      case Anything _ -> out.close(number, out.size());
      case ListOf _, MapOf _ -> {}
    }
  }

  private static void field(int number, Value value, Shape shape, ProtobufSink out) {
    switch (shape) {
      case Scalar scalar -> scalar(number, value, scalar, out);
      case Struct struct -> {
        int before = out.size();
        Layout layout = Layout.of(struct);
        if (layout.union() != Union.NONE) {
          union(value, layout, out);
        } else if (value instanceof ObjectValue object) {
          message(object, layout, out);
        } else {
          throw mismatch(value, shape);
        }
        out.close(number, before);
      }
      case ListOf list -> {
        if (!(value instanceof ListValue(var items))) {
          throw mismatch(value, shape);
        }
        int before = out.size();
        for (int i = items.size() - 1; i >= 0; i--) {
          item(list.wrapped() ? 1 : number, items.get(i), list.item(), out);
        }
        if (list.wrapped()) {
          out.close(number, before);
        }
      }
      case MapOf map -> entries(number, value, map, out);
      case Anything _ -> {
        int before = out.size();
        ByteSink json = new ByteSink(ANYTHING_BYTES.next());
        JsonWriter.write(value, json);
        ANYTHING_BYTES.saw(json.size());
        out.bytes(1, json);
        out.close(number, before);
      }
    }
  }

  private static void item(int number, Value value, Shape shape, ProtobufSink out) {
    if (value == NullValue.NULL) {
      if (shape == Scalar.BYTES) {
        out.bytes(number, new byte[0]);
      } else {
        zero(number, shape, out);
      }
    } else {
      field(number, value, shape, out);
    }
  }

  private static void entries(int number, Value value, MapOf map, ProtobufSink out) {
    if (!(value instanceof ObjectValue object)) {
      throw mismatch(value, map);
    }
    int size = object.size();
    String[] names = new String[size];
    Value[] values = new Value[size];
    for (int i = 0; i < size; i++) {
      names[i] = object.nameAt(i);
      values[i] = object.valueAt(i);
    }
    ObjectValue sorted = GoOrder.sorted(names, values, size);
    for (int i = size - 1; i >= 0; i--) {
      int before = out.size();
      Value item = sorted.valueAt(i);
      if (item == NullValue.NULL) {
        zero(2, map.value(), out);
      } else {
        field(2, item, map.value(), out);
      }
      out.string(1, sorted.nameAt(i));
      out.close(number, before);
    }
  }

  private static void union(Value value, Layout layout, ProtobufSink out) {
    Union union = layout.union();
    Layout.@Nullable Wire schema = layout.wire(union.schemaNumber());
    Layout.@Nullable Wire other = layout.wire(union.otherNumber());
    if (schema == null || other == null) {
      throw new IllegalStateException(layout + " has other fields than its JSON form is made for");
    }
    if (union == Union.SCHEMA_OR_BOOL) {
      if (value instanceof ObjectValue) {
        field(union.schemaNumber(), value, schema.schema().shape(), out);
      }
      out.integer(union.otherNumber(), value instanceof ObjectValue || value == BooleanValue.TRUE ? 1 : 0);
    } else if (value instanceof ListValue) {
      field(union.otherNumber(), value, other.schema().shape(), out);
    } else if (value instanceof ObjectValue) {
      field(union.schemaNumber(), value, schema.schema().shape(), out);
    }
  }

  private static void scalar(int number, Value value, Scalar scalar, ProtobufSink out) {
    switch (scalar) {
      case STRING -> out.string(number, text(value, scalar));
      case BOOLEAN -> out.integer(number, value == BooleanValue.TRUE ? 1 : 0);
      case INT32, INT64 -> {
        if (!(value instanceof IntegerValue(var integer))) {
          throw mismatch(value, scalar);
        }
        out.integer(number, integer);
      }
      case DOUBLE -> {
        if (!(value instanceof NumberValue floating)) {
          throw mismatch(value, scalar);
        }
        out.fixed64(Double.doubleToRawLongBits(floating.doubleValue()));
        out.tag(number, ProtobufSink.FIXED64);
      }
      case BYTES -> out.bytes(number, GoBase64.decode(text(value, scalar)));
      case QUANTITY -> {
        int before = out.size();
        out.string(1, text(value, scalar));
        out.close(number, before);
      }
      case INT_OR_STRING -> {
        int before = out.size();
        boolean string = value instanceof StringValue;
        out.string(3, string ? text(value, scalar) : "");
        out.integer(2, value instanceof IntegerValue(var integer) ? integer : 0);
        out.integer(1, string ? 1 : 0);
        out.close(number, before);
      }
      case TIME, MICRO_TIME -> {
        int before = out.size();
        String text = text(value, scalar);
        out.integer(2, scalar == Scalar.MICRO_TIME ? GoTime.nanos(text) : 0);
        out.integer(1, GoTime.epochSeconds(text));
        out.close(number, before);
      }
      case DURATION -> {
        int before = out.size();
        out.integer(1, GoDuration.parse(text(value, scalar)));
        out.close(number, before);
      }
    }
  }

  private static String text(Value value, Shape shape) {
    if (value instanceof StringValue(var text)) {
      return text;
    }
    throw mismatch(value, shape);
  }

  private static IllegalArgumentException mismatch(Value value, Shape shape) {
    return new IllegalArgumentException("no canonical tree: a " + value.jsonType() + " stands where " + shape + " belongs");
  }
}
