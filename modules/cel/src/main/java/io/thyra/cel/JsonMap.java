package io.thyra.cel;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JSON object as CEL sees it, read through its type. Source: apiserver pkg/cel/common/valuesunstructured.go.
record JsonMap(ObjectValue object, DeclType type) implements CelMap {
  @Override
  public @Nullable Object find(Object key) {
    if (!(key instanceof String name)) {
      throw EvaluationException.noSuchOverload();
    }
    switch (type.form()) {
      case OBJECT -> {
        DeclType.Field field = type.fields().get(name);
        if (field != null) {
          Value value = object.get(field.property());
          return value == null ? null : CelValues.of(value, field.type());
        }
        return null;
      }
      case MAP -> {
        Value value = object.get(name);
        DeclType element = type.element();
        return value == null ? null : CelValues.of(value, element == null ? DeclType.DYN : element);
      }
      default -> {
        Value value = object.get(name);
        return value == null ? null : CelValues.of(value, DeclType.DYN);
      }
    }
  }

  @Override
  public int size() {
    return object.size();
  }

  @Override
  public Iterable<Object> keys() {
    if (type.form() != DeclType.Form.OBJECT) {
      return List.copyOf(object.names());
    }
    var keys = new ArrayList<>();
    for (String name : object.names()) {
      Escaping.escape(name).ifPresent(keys::add);
    }
    return keys;
  }

  @Override
  public String typeName() {
    return type.form() == DeclType.Form.OBJECT ? type.celType().name() : "map";
  }
}
