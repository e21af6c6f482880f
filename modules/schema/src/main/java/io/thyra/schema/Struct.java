package io.thyra.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A type with declared fields: a message of the Kubernetes API, or a structural schema of a custom resource.
/// Types refer to each other in circles (JSONSchemaProps), so the fields are set once, after construction, by whoever
/// makes the struct; after that it is immutable. The built-in types read theirs at first use.
public final class Struct implements Shape {
  private final String name;
  private final String goName;
  private final Supplier<String> description;
  private final boolean atomic;
  private final boolean preserveUnknown;
  private final @Nullable Supplier<List<FieldSchema>> source;
  private volatile @Nullable Fields fields;
  // What a codec worked out from the fields; benign race.
  private volatile @Nullable Object derived;

  /// @param byName the fields that JSON shows, those of inline structs included
  private record Fields(List<FieldSchema> declared, Map<String, FieldSchema> byName, @Nullable FieldSchema[] byNumber) {}

  /// @param name the OpenAPI definition name, `io.k8s.api.core.v1.PodSpec`
  /// @param goName the Go type as decoding errors print it, `PodSpec`
  /// @param atomic `x-kubernetes-map-type: atomic` (+structType=atomic)
  /// @param preserveUnknown `x-kubernetes-preserve-unknown-fields`
  public Struct(String name, String goName, String description, boolean atomic, boolean preserveUnknown) {
    this(name, goName, constant(description), atomic, preserveUnknown, null);
  }

  /// A struct whose fields come from a source at first use; the source may be asked more than once.
  Struct(
      String name,
      String goName,
      Supplier<String> description,
      boolean atomic,
      boolean preserveUnknown,
      @Nullable Supplier<List<FieldSchema>> source) {
    this.name = name;
    this.goName = goName;
    this.description = description;
    this.atomic = atomic;
    this.preserveUnknown = preserveUnknown;
    this.source = source;
  }

  private static Supplier<String> constant(String text) {
    Objects.requireNonNull(text);
    return () -> text;
  }

  /// Sets the fields, in print order. To be called once, before the struct is shared.
  public Struct define(List<FieldSchema> declared) {
    fields = index(declared);
    return this;
  }

  private Fields loaded() {
    Fields current = fields;
    if (current == null) {
      current = index(source == null ? List.of() : source.get());
      if (source != null) {
        fields = current;
      }
    }
    return current;
  }

  private static Fields index(List<FieldSchema> declared) {
    int highest = 0;
    for (FieldSchema field : declared) {
      highest = Math.max(highest, field.number());
    }
    var names = new HashMap<String, FieldSchema>();
    var numbers = new @Nullable FieldSchema[highest + 1];
    for (FieldSchema field : declared) {
      if (!field.inline()) {
        names.put(field.name(), field);
      }
      if (field.number() > 0) {
        numbers[field.number()] = field;
      }
    }
    for (FieldSchema field : declared) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        embedded.loaded().byName.forEach(names::putIfAbsent);
      }
    }
    return new Fields(List.copyOf(declared), names, numbers);
  }

  public String name() {
    return name;
  }

  public String goName() {
    return goName;
  }

  public String description() {
    return description.get();
  }

  public boolean atomic() {
    return atomic;
  }

  public boolean preserveUnknown() {
    return preserveUnknown;
  }

  /// Whether Go gives the type a JSON form of its own, so that its fields are those of protobuf only: JSONSchemaPropsOrArray,
  /// JSONSchemaPropsOrBool and JSONSchemaPropsOrStringArray, which print the one that is set.
  public boolean customJson() {
    return goName.startsWith("JSONSchemaPropsOr");
  }

  /// The declared fields in print order; an inline field stands for the fields of its struct.
  public List<FieldSchema> fields() {
    return loaded().declared;
  }

  /// The field that JSON shows under a name, those of inline structs included.
  public @Nullable FieldSchema field(String jsonName) {
    return loaded().byName.get(jsonName);
  }

  /// The field with a protobuf number, null when there is none.
  public @Nullable FieldSchema field(int number) {
    @Nullable FieldSchema[] byNumber = loaded().byNumber;
    return number > 0 && number < byNumber.length ? byNumber[number] : null;
  }

  /// What the codec works out from the fields once, kept here so that it lives exactly as long as the type.
  public <T> T derived(Class<T> kind, Function<Struct, T> make) {
    Object known = derived;
    if (kind.isInstance(known)) {
      return kind.cast(known);
    }
    T made = make.apply(this);
    derived = made;
    return made;
  }

  @Override
  public String toString() {
    return name;
  }
}
