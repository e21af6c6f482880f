package io.thyra.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A type that a schema declares: what CEL calls it, how large its values can get, and how a JSON value becomes one of it.
/// Immutable. Source: apiserver pkg/cel/types.go, pkg/cel/limits.go.
public final class DeclType {
  /// How a JSON value is read.
  enum Form {
    DYN,
    BOOL,
    INT,
    DOUBLE,
    STRING,
    BYTES,
    DURATION,
    DATE,
    DATE_TIME,
    LIST,
    MAP,
    OBJECT
  }

  /// A field of an object.
  ///
  /// @param property its name in JSON
  record Field(String property, DeclType type) {}

  private static final long TIME_TEXT_MAX = 32;
  private static final long DATE_TEXT_SIZE = 12;

  public static final DeclType DYN = new DeclType(Form.DYN, SimpleType.DYN, Costs.REQUEST_BYTES_MAX - 2, 1);
  public static final DeclType BOOL = new DeclType(Form.BOOL, SimpleType.BOOL, 0, 4);
  public static final DeclType INT = new DeclType(Form.INT, SimpleType.INT, 0, 1);
  public static final DeclType DOUBLE = new DeclType(Form.DOUBLE, SimpleType.DOUBLE, 0, 1);
  public static final DeclType DURATION = new DeclType(Form.DURATION, SimpleType.DURATION, TIME_TEXT_MAX, 3);
  public static final DeclType DATE = new DeclType(Form.DATE, SimpleType.TIMESTAMP, DATE_TEXT_SIZE, DATE_TEXT_SIZE);
  public static final DeclType DATE_TIME = new DeclType(Form.DATE_TIME, SimpleType.TIMESTAMP, TIME_TEXT_MAX, 21);

  /// A text of any length.
  public static final DeclType STRING = string(Costs.REQUEST_BYTES_MAX - 2);

  // Keys of maps have no bound of their own: upstream counts them for nothing.
  static final DeclType STRING_KEY = string(0);

  private final Form form;
  private final CelType celType;
  private final long maxElements;
  private final long minSize;
  private final @Nullable DeclType element;
  private final Map<String, Field> fields;
  // How the items of a list are told apart: "", "set" or "map".
  private final String listType;
  private final List<String> mapKeys;

  private DeclType(Form form, CelType celType, long maxElements, long minSize) {
    this(form, celType, maxElements, minSize, null, Map.of(), "", List.of());
  }

  private DeclType(
      Form form,
      CelType celType,
      long maxElements,
      long minSize,
      @Nullable DeclType element,
      Map<String, Field> fields,
      String listType,
      List<String> mapKeys) {
    this.form = form;
    this.celType = celType;
    this.maxElements = maxElements;
    this.minSize = minSize;
    this.element = element;
    this.fields = fields;
    this.listType = listType;
    this.mapKeys = List.copyOf(mapKeys);
  }

  /// A value of any type, whose texts have at most so many bytes.
  public static DeclType dyn(long maxBytes) {
    return new DeclType(Form.DYN, SimpleType.DYN, maxBytes, 1);
  }

  /// A value of a type that only the evaluation tells, and that is no list or map to the checker.
  public static DeclType any(long maxElements) {
    return new DeclType(Form.DYN, SimpleType.ANY, maxElements, 1);
  }

  public static DeclType string(long maxBytes) {
    return new DeclType(Form.STRING, SimpleType.STRING, maxBytes, 2);
  }

  /// Bytes in base64.
  public static DeclType bytes(long maxBytes) {
    return new DeclType(Form.BYTES, SimpleType.BYTES, maxBytes, 2);
  }

  /// The type of a value that an expression computes, of whose size nothing is known.
  static DeclType computed(CelType type) {
    return new DeclType(Form.DYN, type, 0, 1);
  }

  /// A type whose values may be absent.
  public DeclType optional() {
    return new DeclType(form, dev.cel.common.types.OptionalType.create(celType), maxElements, minSize, element, fields, listType, mapKeys);
  }

  /// @param maxItems negative for as many as a request can hold
  /// @param listType `set`, `map` or anything else for a list whose order counts
  public static DeclType list(DeclType item, long maxItems, String listType, List<String> mapKeys) {
    long max = maxItems >= 0 ? maxItems : (Costs.REQUEST_BYTES_MAX - 2) / (item.minSize + 1);
    return new DeclType(Form.LIST, ListType.create(item.celType), max, 2, item, Map.of(), listType, mapKeys);
  }

  /// @param maxProperties negative for as many as a request can hold
  public static DeclType map(DeclType value, long maxProperties) {
    long max = maxProperties >= 0 ? maxProperties : (Costs.REQUEST_BYTES_MAX - 2) / (value.minSize + 6);
    return new DeclType(Form.MAP, MapType.create(SimpleType.STRING, value.celType), max, 2, value, Map.of(), "", List.of());
  }

  /// Starts an object type; the name is that of the type in CEL.
  public static ObjectBuilder object(String name) {
    return new ObjectBuilder(name);
  }

  /// Collects the fields of an object type. For one thread.
  public static final class ObjectBuilder {
    private final String name;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    // {} at least.
    private long minSize = 2;

    private ObjectBuilder(String name) {
      this.name = name;
    }

    /// Adds a property, unless its name cannot be an identifier.
    ///
    /// @param counted whether it is in every object as it is sent
    public ObjectBuilder field(String property, DeclType type, boolean counted) {
      Escaping.escape(property).ifPresent(identifier -> fields.put(identifier, new Field(property, type)));
      if (counted) {
        minSize += property.length() + type.minSize + 4;
      }
      return this;
    }

    public DeclType build() {
      var types = new LinkedHashMap<String, CelType>();
      fields.forEach((identifier, field) -> types.put(identifier, field.type().celType));
      StructType struct =
          StructType.create(name, ImmutableSet.copyOf(types.keySet()), field -> Optional.ofNullable(types.get(field)));
      return new DeclType(Form.OBJECT, struct, 0, minSize, null, Collections.unmodifiableMap(fields), "", List.of());
    }
  }

  Form form() {
    return form;
  }

  CelType celType() {
    return celType;
  }

  /// How many characters, items or entries a value has at most.
  long maxElements() {
    return maxElements;
  }

  /// How many bytes a value has at least, as JSON.
  public long minSize() {
    return minSize;
  }

  /// The type of the items or values; null for what has none.
  public @Nullable DeclType element() {
    return element;
  }

  /// The type of a property; null when there is none.
  public @Nullable DeclType property(String property) {
    Field field = Escaping.escape(property).map(fields::get).orElse(null);
    return field == null ? null : field.type();
  }

  public boolean isObject() {
    return form == Form.OBJECT;
  }

  Map<String, Field> fields() {
    return fields;
  }

  String listType() {
    return listType;
  }

  List<String> mapKeys() {
    return mapKeys;
  }
}
