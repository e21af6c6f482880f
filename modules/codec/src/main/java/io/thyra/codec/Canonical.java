package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what was read into the tree that upstream would print after decoding it into its Go struct: fields in schema
/// order, unknown ones dropped, scalars in canonical form, empty values left out or zero values added as the schema says.
/// Canonical trees stay as they are. An empty list or map that is left out is remembered ([ObjectValue#saidEmpty]).
/// Field names match exactly, case included.
/// Type errors are the texts of Go's decoder; the first one is told, after everything was looked at, except that errors of
/// types that decode themselves (quantities, times) are told at once, as upstream does.
/// Source: sigs.k8s.io/json internal/golang/encoding/json/decode.go.
public final class Canonical {
  private final JsonDocument document;
  private final DecodePath path = new DecodePath();

  private Canonical(JsonDocument document) {
    this.document = document;
  }

  /// Decodes a document into a type.
  ///
  /// @throws DecodeException when a value has the wrong type
  public static Decoded decode(JsonDocument document, Struct type) {
    return decode(document, type, ObjectValue.EMPTY);
  }

  private static Decoded decode(JsonDocument document, Struct type, ObjectValue known) {
    Canonical decoding = new Canonical(document);
    Value root = document.root();
    ObjectValue object = switch (root) {
      case ObjectValue raw -> decoding.struct(raw, Layout.of(type), known);
      case NullValue _ -> Layout.of(type).zero();
      default -> {
        decoding.path.mismatch(root.jsonType(), Layout.goType(type));
        yield ObjectValue.EMPTY;
      }
    };
    decoding.path.check();
    return new Decoded(object, decoding.path.strictErrors());
  }

  /// Decodes a tree into a type: the outcome of a patch, a converted object.
  ///
  /// @throws DecodeException when a value has the wrong type
  public static Decoded decode(Value raw, Struct type) {
    return decode(JsonDocument.of(raw), type);
  }

  /// [#decode(Value, Struct)] of a tree that was made of another one: what the two share is not looked at again.
  ///
  /// @param known a canonical tree of the same type
  public static Decoded decode(Value raw, Struct type, ObjectValue known) {
    return decode(JsonDocument.of(raw), type, known);
  }

  /// The canonical form of a tree that was made of a canonical one of the same type.
  ///
  /// @throws DecodeException when a value has the wrong type
  public static ObjectValue complete(ObjectValue tree, Struct type, ObjectValue known) {
    return tree == known ? known : decode(tree, type, known).object();
  }

  /// Decodes one value that is not null; null when it says nothing, as an empty time does.
  ///
  /// @throws DecodeException when it has the wrong type or form
  public static @Nullable Value decode(Value raw, Scalar scalar) {
    var path = new DecodePath();
    Value value = Scalars.decode(raw, scalar, Layout.goType(scalar), path);
    path.check();
    return value;
  }

  /// The canonical form of a tree, unknown fields dropped silently.
  ///
  /// @throws DecodeException when a value has the wrong type
  public static ObjectValue complete(Value tree, Struct type) {
    return decode(tree, type).object();
  }

  /// The object that upstream prints for the zero value of a type, such as the object of a bookmark.
  public static ObjectValue zero(Struct type) {
    return Layout.of(type).zero();
  }

  /// What Go prints for the zero value of any shape held by value.
  public static Value zero(Shape shape) {
    return Layout.zero(shape);
  }

  /// Null for a field that is not set.
  ///
  /// @param known what stood there in a tree that is canonical, null for nothing
  private @Nullable Value value(Value raw, Shape shape, boolean pointer, String goType, @Nullable Value known) {
    if (raw == NullValue.NULL) {
      return absent(shape, pointer);
    }
    if (raw == known) {
      return raw;
    }
    return switch (shape) {
      case Scalar scalar -> Scalars.decode(raw, scalar, goType, path);
      case Struct struct -> {
        Layout layout = Layout.of(struct);
        if (layout.union() != Union.NONE) {
          yield union(raw, layout);
        }
        if (raw instanceof ObjectValue object) {
          yield struct(object, layout, known instanceof ObjectValue before ? before : ObjectValue.EMPTY);
        }
        path.mismatch(raw.jsonType(), goType);
        yield null;
      }
      case ListOf list -> list(raw, list, goType, known instanceof ListValue before ? before : ListValue.EMPTY);
      case MapOf map -> map(raw, map, goType, known instanceof ObjectValue before ? before : ObjectValue.EMPTY);
      case Anything _ -> raw;
    };
  }

  private @Nullable Value absent(Shape shape, boolean pointer) {
    if (shape == Scalar.DURATION && !pointer) {
      // The one type that decodes itself and does not know null.
      throw new DecodeException("time: invalid duration \"\"");
    }
    if (!pointer && shape instanceof Struct struct && Layout.of(struct).union() == Union.SCHEMA_OR_BOOL) {
      throw new DecodeException("boolean or JSON schema expected");
    }
    return null;
  }

  private ObjectValue struct(ObjectValue raw, Layout layout, ObjectValue known) {
    @Nullable Value[] held = new Value[layout.size()];
    ObjectValue.@Nullable Builder unknown = null;
    JsonDocument.Members members = document.members(raw);
    if (members != null) {
      unknown = repeating(members, layout, held);
    } else {
      int guess = 0;
      int size = raw.size();
      for (int i = 0; i < size; i++) {
        String name = raw.nameAt(i);
        int position = layout.find(name, guess);
        if (position < 0) {
          unknown = unknown(name, raw.valueAt(i), layout, unknown);
          continue;
        }
        held[position] = field(raw.valueAt(i), layout, position, known.isEmpty() ? null : known.get(name));
        guess = position + 1;
      }
      if (unknown == null && layout.prints(raw, held)) {
        return raw;
      }
    }
    return layout.print(held, unknown == null ? ObjectValue.EMPTY : unknown.build(), raw.emptied());
  }

  private @Nullable Value field(Value raw, Layout layout, int position, @Nullable Value known) {
    Layout.Slot slot = layout.slot(position);
    path.enter(slot, layout.struct());
    Value value = value(raw, slot.shape(), slot.pointer(), slot.goType(), known);
    path.leave();
    return value;
  }

  private ObjectValue.@Nullable Builder unknown(
      String name, Value raw, Layout layout, ObjectValue.@Nullable Builder kept) {
    if (!layout.struct().preserveUnknown()) {
      path.unknown(name);
      return kept;
    }
    return (kept == null ? ObjectValue.builder() : kept).put(name, raw);
  }

  /// An object that repeats names. Go decodes a repeated struct or map into what is there already, so their members add up;
  /// of anything else the last one counts.
  private ObjectValue.@Nullable Builder repeating(JsonDocument.Members members, Layout layout, @Nullable Value[] held) {
    ObjectValue.Builder unknown = null;
    @Nullable Value[] raws = new Value[layout.size()];
    boolean[] seen = new boolean[layout.size()];
    for (int i = 0; i < members.names().length; i++) {
      String name = members.names()[i];
      Value raw = members.values()[i];
      int position = layout.find(name, 0);
      if (position < 0) {
        unknown = unknown(name, raw, layout, unknown);
        continue;
      }
      Value value;
      if (seen[position]) {
        path.duplicate(name);
      }
      value = field(raw, layout, position, null);
      if (seen[position] && raws[position] instanceof ObjectValue before && raw instanceof ObjectValue after
          && (layout.slot(position).shape() instanceof Struct || layout.slot(position).shape() instanceof MapOf)) {
        raw = merge(before, after, layout.slot(position).shape());
        path.hush();
        value = field(raw, layout, position, null);
        path.loud();
      } else if (value == null && raw == NullValue.NULL && keepsOnNull(layout.slot(position))) {
        value = held[position];
        raw = raws[position] == null ? raw : raws[position];
      }
      seen[position] = true;
      raws[position] = raw;
      held[position] = value;
    }
    return unknown;
  }

  /// Go leaves scalars and structs held by value as they are when it reads a null.
  private static boolean keepsOnNull(Layout.Slot slot) {
    return !slot.pointer() && switch (slot.shape()) {
      case Scalar scalar -> scalar != Scalar.BYTES && scalar != Scalar.TIME && scalar != Scalar.MICRO_TIME
          && scalar != Scalar.QUANTITY;
      case Struct _ -> true;
      case ListOf _, MapOf _, Anything _ -> false;
    };
  }

  private static ObjectValue merge(ObjectValue before, ObjectValue after, Shape shape) {
    ObjectValue.Builder merged = before.toBuilder();
    for (int i = 0; i < after.size(); i++) {
      String name = after.nameAt(i);
      Value value = after.valueAt(i);
      if (shape instanceof Struct struct && struct.field(name) != null && before.get(name) instanceof ObjectValue inner
          && value instanceof ObjectValue outer) {
        value = merge(inner, outer, struct.field(name).shape());
      }
      merged.put(name, value);
    }
    return merged.build();
  }

  private @Nullable Value list(Value raw, ListOf shape, String goType, ListValue known) {
    if (!(raw instanceof ListValue list)) {
      path.mismatch(raw.jsonType(), goType);
      return null;
    }
    List<Value> items = list.items();
    String itemType = Layout.itemType(goType, shape.item());
    Value @Nullable [] changed = null;
    for (int i = 0; i < items.size(); i++) {
      path.enter(i);
      Value item = items.get(i);
      Value value = value(item, shape.item(), false, itemType, i < known.size() ? known.get(i) : null);
      path.leave();
      if (value == null) {
        value = Layout.zero(shape.item());
      }
      if (changed == null && value != item) {
        changed = items.toArray(Value[]::new);
      }
      if (changed != null) {
        changed[i] = value;
      }
    }
    return changed == null ? list : new ListValue(Arrays.asList(changed));
  }

  private @Nullable Value map(Value raw, MapOf shape, String goType, ObjectValue known) {
    if (!(raw instanceof ObjectValue object)) {
      path.mismatch(raw.jsonType(), goType);
      return null;
    }
    String itemType = Layout.itemType(goType, shape.value());
    JsonDocument.Members members = document.members(object);
    if (members != null) {
      var seen = new java.util.HashSet<String>();
      for (int i = 0; i < members.names().length; i++) {
        if (!seen.add(members.names()[i])) {
          path.duplicate(members.names()[i]);
        }
        // For its errors; what counts is the last one.
        mapped(members.names()[i], members.values()[i], shape, itemType, null);
      }
      path.hush();
    }
    int size = object.size();
    String[] names = new String[size];
    Value[] values = new Value[size];
    boolean same = true;
    for (int i = 0; i < size; i++) {
      names[i] = object.nameAt(i);
      values[i] = mapped(names[i], object.valueAt(i), shape, itemType, known.get(names[i]));
      same &= values[i] == object.valueAt(i);
    }
    if (members != null) {
      path.loud();
    }
    return same && GoOrder.isSorted(object) ? object : GoOrder.sorted(names, values, size);
  }

  private Value mapped(String key, Value raw, MapOf shape, String itemType, @Nullable Value known) {
    path.enter(key);
    Value value = value(raw, shape.value(), false, itemType, known);
    path.leave();
    // Bytes that are none are empty ones when they come back from the store.
    return value != null ? value : shape.value() == Scalar.BYTES ? StringValue.EMPTY : Layout.zero(shape.value());
  }

  private @Nullable Value union(Value raw, Layout layout) {
    Layout.Wire schema = layout.wire(layout.union().schemaNumber());
    Layout.Wire other = layout.wire(layout.union().otherNumber());
    if (schema == null || other == null) {
      throw new IllegalStateException(layout + " has other fields than its JSON form is made for");
    }
    Struct before = path.enterUnion();
    Value value = switch (raw) {
      case ObjectValue object when schema.schema().shape() instanceof Struct struct -> struct(object, Layout.of(struct), ObjectValue.EMPTY);
      case BooleanValue truth when layout.union() == Union.SCHEMA_OR_BOOL -> truth;
      case ListValue list when other.schema().shape() instanceof ListOf items -> list(list, items, Layout.goType(items), ListValue.EMPTY);
      default -> {
        if (layout.union() == Union.SCHEMA_OR_BOOL) {
          throw new DecodeException("boolean or JSON schema expected");
        }
        // Go's decoder of these two keeps nothing of what it does not know, and prints it as null.
        yield NullValue.NULL;
      }
    };
    path.leaveUnion(before);
    return value instanceof ListValue list && list.isEmpty() ? NullValue.NULL : value;
  }
}
