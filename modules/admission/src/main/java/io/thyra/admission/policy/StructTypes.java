package io.thyra.admission.policy;

import io.thyra.cel.DeclType;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The types with which expressions see built-in kinds, as upstream reads them from its OpenAPI definitions. Quantities have no
/// single type there, so fields that hold them are unknown. For one kind and one thread.
/// Source: apiserver pkg/cel/common/schemas.go, pkg/cel/openapi/resolver.
final class StructTypes {
  private final Set<String> open = new HashSet<>();

  private StructTypes() {}

  static DeclType of(Struct struct, String name) {
    return new StructTypes().object(struct, name);
  }

  private DeclType object(Struct struct, String name) {
    DeclType.ObjectBuilder object = DeclType.object(name);
    if (!open.add(struct.name())) {
      // Where a type contains itself, nothing is known of it any more.
      return object.build();
    }
    fields(struct, name, object);
    open.remove(struct.name());
    return object.build();
  }

  private void fields(Struct struct, String name, DeclType.ObjectBuilder object) {
    for (FieldSchema field : struct.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        fields(embedded, name, object);
        continue;
      }
      DeclType type = type(field.shape(), field.goType(), name + "." + field.name());
      if (type != null) {
        object.field(field.name(), type, field.required());
      }
    }
  }

  private @Nullable DeclType type(Shape shape, String goType, String name) {
    return switch (shape) {
      case Scalar scalar -> scalar(scalar);
      case Struct struct -> struct.customJson() ? null : object(struct, name);
      case ListOf list -> {
        DeclType item = type(list.item(), goType, name + ".@idx");
        yield item == null ? null : DeclType.list(item, -1, "", List.of());
      }
      case MapOf map -> {
        DeclType value = type(map.value(), goType, name + ".@elem");
        yield value == null ? null : DeclType.map(value, -1);
      }
      case Anything _ -> goType.endsWith("RawExtension") || goType.endsWith("FieldsV1") ? DeclType.object(name).build() : null;
    };
  }

  private static @Nullable DeclType scalar(Scalar scalar) {
    return switch (scalar) {
      case STRING, DURATION -> DeclType.STRING;
      case BOOLEAN -> DeclType.BOOL;
      case INT32, INT64 -> DeclType.INT;
      case DOUBLE -> DeclType.DOUBLE;
      case BYTES -> DeclType.bytes(Integer.MAX_VALUE);
      case QUANTITY -> null;
      case INT_OR_STRING -> DeclType.DYN;
      case TIME, MICRO_TIME -> DeclType.DATE_TIME;
    };
  }
}
