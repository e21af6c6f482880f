package io.thyra.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A JSON object: names in the order in which they are printed, each once.
/// Equality ignores the order, as JSON does. Two parallel arrays, because most objects have fewer than ten names and a
/// scan of interned names beats a hash there; larger ones carry an index.
/// An object may remember which absent names were sent as empty lists or maps ([#saidEmpty]): Go tells them from none until
/// they are stored, so its error texts and some comparisons do. Nothing else here sees them, equality included.
public final class ObjectValue implements Value {
  private static final String[] NONE = new String[0];

  public static final ObjectValue EMPTY = new ObjectValue(NONE, new Value[0], 0);

  private static final int SCANNED_SIZE_MAX = 12;

  private final String[] names;
  private final Value[] values;
  private final int size;
  private final String[] emptied;
  // Open addressing, slot = position + 1; made at first use, benign race.
  private int @Nullable [] index;

  private ObjectValue(String[] names, Value[] values, int size) {
    this(names, values, size, NONE);
  }

  private ObjectValue(String[] names, Value[] values, int size, String[] emptied) {
    this.names = names;
    this.values = values;
    this.size = size;
    this.emptied = emptied;
  }

  public static ObjectValue of(String name, Value value) {
    return builder().put(name, value).build();
  }

  public static ObjectValue of(String name, Value value, String name2, Value value2) {
    return builder().put(name, value).put(name2, value2).build();
  }

  public static ObjectValue of(Map<String, ? extends Value> values) {
    Builder builder = new Builder(values.size());
    values.forEach(builder::put);
    return builder.build();
  }

  /// An object of strings, such as labels.
  public static ObjectValue ofStrings(Map<String, String> values) {
    Builder builder = new Builder(values.size());
    values.forEach((name, value) -> builder.put(name, new StringValue(value)));
    return builder.build();
  }

  /// An object of names that the caller knows to be distinct; takes the arrays over, of which the first `size` count.
  public static ObjectValue ofDistinct(String[] names, Value[] values, int size) {
    return size == 0 ? EMPTY : new ObjectValue(names, values, size);
  }

  /// The same with absent names that were sent empty.
  public static ObjectValue ofDistinct(String[] names, Value[] values, int size, List<String> emptied) {
    return emptied.isEmpty() ? ofDistinct(names, values, size) : new ObjectValue(names, values, size, emptied.toArray(String[]::new));
  }

  public static Builder builder() {
    return new Builder(8);
  }

  public static Builder builder(int expectedSize) {
    return new Builder(expectedSize);
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The name at a position, in print order.
  public String nameAt(int position) {
    return names[Objects.checkIndex(position, size)];
  }

  public Value valueAt(int position) {
    return values[Objects.checkIndex(position, size)];
  }

  public List<String> names() {
    return List.of(Arrays.copyOf(names, size));
  }

  public boolean has(String name) {
    return position(name) >= 0;
  }

  /// Whether a name is absent because it was sent as an empty list or map.
  public boolean saidEmpty(String name) {
    for (String each : emptied) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /// Whether two objects remember the same names, in whatever order.
  public boolean saidEmptyLike(ObjectValue other) {
    if (emptied.length != other.emptied.length) {
      return false;
    }
    for (String each : emptied) {
      if (!other.saidEmpty(each)) {
        return false;
      }
    }
    return true;
  }

  /// This object, remembering of a name that is absent that it was sent empty.
  public ObjectValue sayEmpty(String name) {
    if (has(name) || saidEmpty(name)) {
      return this;
    }
    String[] more = Arrays.copyOf(emptied, emptied.length + 1);
    more[emptied.length] = name;
    return new ObjectValue(names, values, size, more);
  }

  /// The absent names that were sent as empty lists or maps.
  public List<String> emptied() {
    return List.of(emptied);
  }

  private String[] emptiedBut(String name) {
    if (!saidEmpty(name)) {
      return emptied;
    }
    return Arrays.stream(emptied).filter(each -> !each.equals(name)).toArray(String[]::new);
  }

  /// The value of a name, or null when it is absent. A JSON null is [NullValue#NULL].
  public @Nullable Value get(String name) {
    int position = position(name);
    return position < 0 ? null : values[position];
  }

  /// The object at a path of names; an empty one where it is absent or something else.
  public ObjectValue object(String... path) {
    return at(path) instanceof ObjectValue object ? object : EMPTY;
  }

  /// The list at a path of names; an empty one where it is absent or something else.
  public ListValue list(String... path) {
    return at(path) instanceof ListValue list ? list : ListValue.EMPTY;
  }

  /// The string at a path of names; empty where it is absent or something else.
  public String string(String... path) {
    return at(path) instanceof StringValue string ? string.value() : "";
  }

  public boolean bool(String... path) {
    return at(path) == BooleanValue.TRUE;
  }

  /// The integer at a path of names, or the default where it is absent or something else.
  public long integer(long absent, String... path) {
    return at(path) instanceof IntegerValue number ? number.value() : absent;
  }

  /// The value at a path of names, null where a step is missing or no object.
  public @Nullable Value at(String... path) {
    Value value = this;
    for (String name : path) {
      if (!(value instanceof ObjectValue object)) {
        return null;
      }
      value = object.get(name);
      if (value == null) {
        return null;
      }
    }
    return value;
  }

  /// This object as a map of strings, names whose value is no string left out: labels, annotations.
  public Map<String, String> strings() {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < size; i++) {
      if (values[i] instanceof StringValue string) {
        map.put(names[i], string.value());
      }
    }
    return map;
  }

  public void forEach(BiConsumer<String, Value> consumer) {
    for (int i = 0; i < size; i++) {
      consumer.accept(names[i], values[i]);
    }
  }

  /// This object with a name set: in place where it exists, else at the end.
  public ObjectValue with(String name, Value value) {
    Objects.requireNonNull(value);
    int position = position(name);
    if (position >= 0) {
      if (values[position] == value) {
        return this;
      }
      Value[] changed = Arrays.copyOf(values, size);
      changed[position] = value;
      return new ObjectValue(names, changed, size, emptied);
    }
    String[] moreNames = Arrays.copyOf(names, size + 1);
    Value[] moreValues = Arrays.copyOf(values, size + 1);
    moreNames[size] = name;
    moreValues[size] = value;
    return new ObjectValue(moreNames, moreValues, size + 1, emptiedBut(name));
  }

  public ObjectValue with(String name, String value) {
    return with(name, new StringValue(value));
  }

  public ObjectValue with(String name, long value) {
    return with(name, new IntegerValue(value));
  }

  public ObjectValue with(String name, boolean value) {
    return with(name, BooleanValue.of(value));
  }

  /// This object with the value at a path set, the objects on the way made where they are missing.
  public ObjectValue withAt(Value value, String... path) {
    return withAt(value, path, 0);
  }

  private ObjectValue withAt(Value value, String[] path, int depth) {
    if (depth == path.length - 1) {
      return with(path[depth], value);
    }
    ObjectValue child = get(path[depth]) instanceof ObjectValue object ? object : EMPTY;
    return with(path[depth], child.withAt(value, path, depth + 1));
  }

  public ObjectValue without(String name) {
    int position = position(name);
    if (position < 0) {
      return saidEmpty(name) ? new ObjectValue(names, values, size, emptiedBut(name)) : this;
    }
    if (size == 1 && emptied.length == 0) {
      return EMPTY;
    }
    String[] fewerNames = new String[size - 1];
    Value[] fewerValues = new Value[size - 1];
    System.arraycopy(names, 0, fewerNames, 0, position);
    System.arraycopy(values, 0, fewerValues, 0, position);
    System.arraycopy(names, position + 1, fewerNames, position, size - 1 - position);
    System.arraycopy(values, position + 1, fewerValues, position, size - 1 - position);
    return new ObjectValue(fewerNames, fewerValues, size - 1, emptied);
  }

  /// This object without the value at a path of names; the same instance when there is none.
  public ObjectValue withoutAt(String... path) {
    if (path.length == 1) {
      return without(path[0]);
    }
    if (!(get(path[0]) instanceof ObjectValue child)) {
      return this;
    }
    ObjectValue changed = child.withoutAt(Arrays.copyOfRange(path, 1, path.length));
    return changed == child ? this : with(path[0], changed);
  }

  /// This object with one child object changed; the same instance when the child is absent or stays the same.
  public ObjectValue change(String name, UnaryOperator<ObjectValue> change) {
    return get(name) instanceof ObjectValue child ? with(name, change.apply(child)) : this;
  }

  /// This object with one child list changed; the same instance when the child is absent or stays the same.
  public ObjectValue changeList(String name, UnaryOperator<ListValue> change) {
    return get(name) instanceof ListValue child ? with(name, change.apply(child)) : this;
  }

  public Builder toBuilder() {
    Builder builder = new Builder(size + 4).emptied(this);
    for (int i = 0; i < size; i++) {
      builder.put(names[i], values[i]);
    }
    return builder;
  }

  private int position(String name) {
    if (size <= SCANNED_SIZE_MAX) {
      for (int i = 0; i < size; i++) {
        String candidate = names[i];
        if (candidate == name || candidate.equals(name)) {
          return i;
        }
      }
      return -1;
    }
    int[] slots = index;
    if (slots == null) {
      slots = indexOf(names, size);
      index = slots;
    }
    int mask = slots.length - 1;
    for (int slot = spread(name) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int position = slots[slot] - 1;
      if (names[position].equals(name)) {
        return position;
      }
    }
    return -1;
  }

  private static int[] indexOf(String[] names, int size) {
    int[] slots = new int[Integer.highestOneBit(size * 2) * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = spread(names[i]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = i + 1;
    }
    return slots;
  }

  private static int spread(String name) {
    int hash = name.hashCode();
    return hash ^ (hash >>> 16);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof ObjectValue that) || that.size != size) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      // Same position first: objects of one kind print their fields in one order.
      Value counterpart = names[i].equals(that.names[i]) ? that.values[i] : that.get(names[i]);
      if (!values[i].equals(counterpart)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < size; i++) {
      hash += names[i].hashCode() ^ values[i].hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    var out = new StringBuilder("{");
    for (int i = 0; i < size; i++) {
      out.append(i == 0 ? "" : ", ").append(names[i]).append('=').append(values[i]);
    }
    return out.append('}').toString();
  }

  /// Collects names in order; a name that is put again replaces its value in place. For one thread.
  public static final class Builder {
    private String[] names;
    private Value[] values;
    private int size;
    private String[] emptied = NONE;
    private int @Nullable [] slots;

    private Builder(int expectedSize) {
      int capacity = Math.max(4, expectedSize);
      names = new String[capacity];
      values = new Value[capacity];
    }

    public Builder put(String name, Value value) {
      Objects.requireNonNull(name);
      Objects.requireNonNull(value);
      int position = position(name);
      if (position >= 0) {
        values[position] = value;
        return this;
      }
      if (size == names.length) {
        names = Arrays.copyOf(names, size * 2);
        values = Arrays.copyOf(values, size * 2);
      }
      names[size] = name;
      values[size] = value;
      size++;
      if (slots != null) {
        enter(name, size - 1);
      }
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, new StringValue(value));
    }

    public Builder put(String name, long value) {
      return put(name, new IntegerValue(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, BooleanValue.of(value));
    }

    public boolean has(String name) {
      return position(name) >= 0;
    }

    public @Nullable Value get(String name) {
      int position = position(name);
      return position < 0 ? null : values[position];
    }

    public int size() {
      return size;
    }

    /// Takes over what another object remembers of names that were sent empty, but for those that are put.
    public Builder emptied(ObjectValue of) {
      emptied = of.emptied;
      return this;
    }

    public ObjectValue build() {
      String[] left = emptied.length == 0 ? NONE : Arrays.stream(emptied).filter(name -> !has(name)).toArray(String[]::new);
      return size == 0 && left.length == 0 ? EMPTY : new ObjectValue(Arrays.copyOf(names, size), Arrays.copyOf(values, size), size, left);
    }

    /// The names and values sorted by name, as Go prints a map.
    public ObjectValue buildSorted() {
      var order = new ArrayList<Integer>(size);
      for (int i = 0; i < size; i++) {
        order.add(i);
      }
      order.sort((a, b) -> names[a].compareTo(names[b]));
      Builder sorted = new Builder(size);
      order.forEach(i -> sorted.put(names[i], values[i]));
      return sorted.build();
    }

    private int position(String name) {
      if (size <= SCANNED_SIZE_MAX) {
        for (int i = 0; i < size; i++) {
          if (names[i].equals(name)) {
            return i;
          }
        }
        return -1;
      }
      if (slots == null || size * 2 > slots.length) {
        slots = new int[Integer.highestOneBit(size * 4) * 2];
        for (int i = 0; i < size; i++) {
          enter(names[i], i);
        }
      }
      int mask = slots.length - 1;
      for (int slot = spread(name) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
        int position = slots[slot] - 1;
        if (names[position].equals(name)) {
          return position;
        }
      }
      return -1;
    }

    private void enter(String name, int position) {
      int[] table = Objects.requireNonNull(slots);
      int mask = table.length - 1;
      int slot = spread(name) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = position + 1;
    }
  }
}
