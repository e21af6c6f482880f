package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A struct as its JSON shows it: the fields of inline structs in their place, each with a slot number, and found by name
/// without hashing bytes. Made once for each struct and kept with it. Immutable but for what it remembers of sizes.
final class Layout {
  /// An empty list of these asks to forget who owns what, so it is kept for whoever tracks that.
  private static final String MANAGERS = "managedFields";

  /// Lists and maps of which Go's defaults, rules or error texts tell the empty one from none at all; an empty one is refused,
  /// so none is ever stored.
  private static final Set<String> EMPTY_COUNTS =
      Set.of(
          "io.k8s.api.autoscaling.v2.HPAScalingRules.policies",
          "io.k8s.api.core.v1.PersistentVolumeSpec.capacity",
          "io.k8s.api.core.v1.PersistentVolumeClaimSpec.accessModes",
          "io.k8s.api.core.v1.VolumeResourceRequirements.requests");

  /// A field in its slot. `context` is the path that decoding errors print: embedded Go fields and the JSON name; `goType`
  /// is what they call its type; `member` is the name as JSON prints it, colon included.
  record Slot(
      String name, Shape shape, boolean pointer, boolean omitEmpty, boolean keepsEmpty, String context, String goType, byte[] member) {}

  /// A field on the wire of protobuf; an inline struct is a message whose fields begin at slot `base`.
  record Wire(FieldSchema schema, int slot, @Nullable Layout inline) {}

  private final Struct struct;
  private final Union union;
  private final Slot[] slots;
  private final List<Wire> wires;
  private final Wire[] byNumber;
  // Open addressing by the hash of the name, slot + 1.
  private final int[] table;
  private @Nullable ObjectValue zero;
  private byte @Nullable [] zeroJson;
  private final SizeGuess messageBytes = new SizeGuess();
  private final SizeGuess jsonBytes = new SizeGuess();

  private Layout(Struct struct) {
    this.struct = struct;
    this.union = Union.of(struct);
    var flat = new ArrayList<Slot>();
    var onWire = new ArrayList<Wire>();
    for (FieldSchema field : struct.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        Layout inner = of(embedded);
        if (field.number() > 0) {
          onWire.add(new Wire(field, flat.size(), inner));
        }
        for (Slot slot : inner.slots) {
          String context = field.goName() + "." + slot.context;
          flat.add(new Slot(slot.name, slot.shape, slot.pointer, slot.omitEmpty, slot.keepsEmpty, context, slot.goType, slot.member));
        }
      } else {
        if (field.number() > 0) {
          onWire.add(new Wire(field, flat.size(), null));
        }
        String name = Names.shared(field.name());
        boolean keepsEmpty = name.equals(MANAGERS) || EMPTY_COUNTS.contains(struct.name() + "." + name);
        flat.add(new Slot(name, field.shape(), field.pointer(), field.omitEmpty(), keepsEmpty, name, goType(field), member(name)));
      }
    }
    slots = flat.toArray(Slot[]::new);
    onWire.sort(Comparator.comparingInt(wire -> wire.schema.number()));
    wires = List.copyOf(onWire);
    byNumber = new Wire[wires.isEmpty() ? 1 : wires.getLast().schema.number() + 1];
    wires.forEach(wire -> byNumber[wire.schema.number()] = wire);
    table = new int[Integer.highestOneBit(Math.max(1, slots.length) * 2) * 2];
    for (int i = slots.length - 1; i >= 0; i--) {
      // Backwards: where an outer field hides an embedded one, both have a slot and the first wins.
      enter(slots[i].name, i);
    }
  }

  static Layout of(Struct struct) {
    return struct.derived(Layout.class, Layout::new);
  }

  Struct struct() {
    return struct;
  }

  /// How large a message of the struct will be.
  SizeGuess messageBytes() {
    return messageBytes;
  }

  /// How large the struct's JSON will be.
  SizeGuess jsonBytes() {
    return jsonBytes;
  }

  Union union() {
    return union;
  }

  int size() {
    return slots.length;
  }

  Slot slot(int position) {
    return slots[position];
  }

  /// The wire fields in ascending order of number.
  List<Wire> wires() {
    return wires;
  }

  @Nullable Wire wire(int number) {
    return number < byNumber.length ? byNumber[number] : null;
  }

  /// The slot of a name, -1 for none; `guess` is where it probably is.
  int find(String name, int guess) {
    if (guess < slots.length && slots[guess].name == name) {
      return guess;
    }
    int mask = table.length - 1;
    for (int at = spread(name) & mask; table[at] != 0; at = (at + 1) & mask) {
      int position = table[at] - 1;
      if (slots[position].name.equals(name)) {
        return position;
      }
    }
    return -1;
  }

  private void enter(String name, int position) {
    int mask = table.length - 1;
    int at = spread(name) & mask;
    while (table[at] != 0) {
      if (slots[table[at] - 1].name.equals(name)) {
        break;
      }
      at = (at + 1) & mask;
    }
    table[at] = position + 1;
  }

  private static int spread(String name) {
    int hash = name.hashCode();
    return hash ^ (hash >>> 16);
  }

  /// The object that is printed when the slots hold these values (null for absent), followed by what is kept of unknown
  /// members.
  ///
  /// @param held Values
  ObjectValue print(@Nullable Object[] held, ObjectValue unknown) {
    return print(held, unknown, List.of());
  }

  /// @param emptied the names that the object which this is made of remembers as sent empty
  ObjectValue print(@Nullable Object[] held, ObjectValue unknown, List<String> emptied) {
    int size = unknown.size();
    for (int i = 0; i < slots.length; i++) {
      size += printed(i, (Value) held[i]) == null ? 0 : 1;
    }
    String[] names = new String[size];
    Value[] values = new Value[size];
    int count = 0;
    List<String> empty = emptied.isEmpty() ? List.of() : new ArrayList<>(emptied);
    for (int i = 0; i < slots.length; i++) {
      Value value = printed(i, (Value) held[i]);
      if (value != null) {
        names[count] = slots[i].name;
        values[count++] = value;
        if (!emptied.isEmpty()) {
          empty.remove(slots[i].name);
        }
      } else if (isEmptyCollection(slots[i].shape, (Value) held[i])) {
        empty = empty.isEmpty() ? new ArrayList<>() : empty;
        empty.add(slots[i].name);
      }
    }
    for (int i = 0; i < unknown.size(); i++) {
      names[count] = unknown.nameAt(i);
      values[count++] = unknown.valueAt(i);
    }
    return ObjectValue.ofDistinct(names, values, count, empty);
  }

  private static boolean isEmptyCollection(Shape shape, @Nullable Value value) {
    return value != null && value != NullValue.NULL && (shape instanceof ListOf || shape instanceof MapOf || shape == Scalar.BYTES);
  }

  /// Whether [#print] of these values would make an object again that is there already.
  boolean prints(ObjectValue object, @Nullable Value[] held) {
    int at = 0;
    for (int i = 0; i < slots.length; i++) {
      Value value = printed(i, held[i]);
      if (value == null) {
        continue;
      }
      if (at == object.size() || object.valueAt(at) != value || !object.nameAt(at).equals(slots[i].name)) {
        return false;
      }
      at++;
    }
    return at == object.size();
  }

  /// What a slot prints for a value, null for nothing.
  private @Nullable Value printed(int position, @Nullable Value value) {
    Slot slot = slots[position];
    if (value == null) {
      return slot.omitEmpty ? null : slot.pointer ? NullValue.NULL : zero(slot.shape);
    }
    boolean leftOut = slot.omitEmpty && !slot.pointer && isEmpty(value, slot.shape) && !slot.keepsEmpty;
    return leftOut ? null : value;
  }

  /// The struct as Go prints it when nothing is set.
  ObjectValue zero() {
    ObjectValue known = zero;
    if (known == null) {
      known = print(new Value[slots.length], ObjectValue.EMPTY);
      zero = known;
    }
    return known;
  }

  /// The same as JSON.
  byte[] zeroJson() {
    byte[] known = zeroJson;
    if (known == null) {
      known = JsonWriter.write(zero());
      zeroJson = known;
    }
    return known;
  }

  private static byte[] member(String name) {
    ByteSink out = new ByteSink(name.length() + 3);
    JsonWriter.string(name, out);
    return out.put(':').toByteArray();
  }

  /// What Go prints for the zero value of a shape held by value.
  static Value zero(Shape shape) {
    return switch (shape) {
      case Scalar scalar ->
          switch (scalar) {
            case STRING -> StringValue.EMPTY;
            case BOOLEAN -> BooleanValue.FALSE;
            case INT32, INT64, DOUBLE, INT_OR_STRING -> IntegerValue.ZERO;
            case QUANTITY -> ZERO_QUANTITY;
            case DURATION -> ZERO_DURATION;
            case BYTES, TIME, MICRO_TIME -> NullValue.NULL;
          };
      case Struct struct -> {
        Layout layout = of(struct);
        yield layout.union == Union.NONE ? layout.zero() : layout.union.zero();
      }
      case ListOf _, MapOf _, Anything _ -> NullValue.NULL;
    };
  }

  private static final Value ZERO_QUANTITY = new StringValue("0");
  private static final Value ZERO_DURATION = new StringValue("0s");

  static boolean isEmpty(Value value, Shape shape) {
    return switch (value) {
      case NullValue _ -> true;
      case ListValue list -> list.isEmpty();
      case StringValue(var text) ->
          text.isEmpty() || shape == Scalar.QUANTITY && text.equals("0") || shape == Scalar.DURATION && text.equals("0s");
      case BooleanValue truth -> truth == BooleanValue.FALSE;
      case IntegerValue(var number) -> number == 0;
      case ObjectValue object ->
          switch (shape) {
            case Struct struct -> object.equals(of(struct).zero());
            case MapOf _ -> object.isEmpty();
            case ListOf _, Scalar _, Anything _ -> false;
          };
      default -> false;
    };
  }

  /// The Go type of a field without its pointer.
  private static String goType(FieldSchema field) {
    String declared = field.goType();
    return declared.isEmpty() ? goType(field.shape()) : declared.startsWith("*") ? declared.substring(1) : declared;
  }

  /// The Go type of the items of a list or map; that of the shape where the type is a named one.
  static String itemType(String goType, Shape item) {
    if (goType.startsWith("[]")) {
      return goType.substring(2);
    }
    int bracket = goType.indexOf(']');
    return goType.startsWith("map[") && bracket > 0 ? goType.substring(bracket + 1) : goType(item);
  }

  /// The Go type of a shape, as decoding errors print it.
  static String goType(Shape shape) {
    return switch (shape) {
      case Scalar scalar ->
          switch (scalar) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "float64";
            case BYTES -> "[]uint8";
            case QUANTITY -> "resource.Quantity";
            case INT_OR_STRING -> "intstr.IntOrString";
            case TIME -> "v1.Time";
            case MICRO_TIME -> "v1.MicroTime";
            case DURATION -> "v1.Duration";
          };
      case Struct struct -> {
        String name = struct.name();
        int last = name.lastIndexOf('.');
        yield last < 0 ? struct.goName() : name.substring(name.lastIndexOf('.', last - 1) + 1, last + 1) + struct.goName();
      }
      case ListOf list -> "[]" + goType(list.item());
      case MapOf map -> "map[string]" + goType(map.value());
      case Anything _ -> "interface {}";
    };
  }

  @Override
  public String toString() {
    return Objects.toString(struct);
  }
}
