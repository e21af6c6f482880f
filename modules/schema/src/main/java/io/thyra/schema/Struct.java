package io.thyra.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A type with declared fields: a message of the Kubernetes API, or a structural schema of a custom resource.
/// Types refer to each other in circles (JSONSchemaProps), so the fields are set once, after construction, by whoever
/// makes the struct; after that it is immutable.
public final class Struct implements Shape {
  private final String name;
  private final String goName;
  private final String description;
  private final boolean atomic;
  private final boolean preserveUnknown;
  private List<FieldSchema> fields = List.of();
  // Inline fields are flattened: these are what JSON shows.
  private Map<String, FieldSchema> byName = Map.of();
  private FieldSchema[] byNumber = new FieldSchema[0];
  // What a codec worked out from the fields; benign race.
  private volatile @Nullable Object derived;

  /// @param name the OpenAPI definition name, `io.k8s.api.core.v1.PodSpec`
  /// @param goName the Go type as decoding errors print it, `PodSpec`
  /// @param atomic `x-kubernetes-map-type: atomic` (+structType=atomic)
  /// @param preserveUnknown `x-kubernetes-preserve-unknown-fields`
  public Struct(String name, String goName, String description, boolean atomic, boolean preserveUnknown) {
    this.name = name;
    this.goName = goName;
    this.description = description;
    this.atomic = atomic;
    this.preserveUnknown = preserveUnknown;
  }

  /// Sets the fields, in print order. To be called once, before the struct is shared.
  public Struct define(List<FieldSchema> declared) {
    fields = List.copyOf(declared);
    var names = new HashMap<String, FieldSchema>();
    var numbers = new ArrayList<FieldSchema>();
    for (FieldSchema field : fields) {
      if (!field.inline()) {
        names.put(field.name(), field);
      }
      if (field.number() > 0) {
        while (numbers.size() <= field.number()) {
          numbers.add(null);
        }
        numbers.set(field.number(), field);
      }
    }
    byName = names;
    byNumber = numbers.toArray(FieldSchema[]::new);
    return this;
  }

  public String name() {
    return name;
  }

  public String goName() {
    return goName;
  }

  public String description() {
    return description;
  }

  public boolean atomic() {
    return atomic;
  }

  public boolean preserveUnknown() {
    return preserveUnknown;
  }

  /// The declared fields in print order; an inline field stands for the fields of its struct.
  public List<FieldSchema> fields() {
    return fields;
  }

  /// The field that JSON shows under a name, those of inline structs included.
  public @Nullable FieldSchema field(String jsonName) {
    FieldSchema found = byName.get(jsonName);
    if (found != null) {
      return found;
    }
    for (FieldSchema field : fields) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        found = embedded.field(jsonName);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /// The field with a protobuf number, null when there is none.
  public @Nullable FieldSchema field(int number) {
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
