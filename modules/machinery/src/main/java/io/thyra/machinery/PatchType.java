package io.thyra.machinery;

import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import org.jspecify.annotations.Nullable;

/// The type of a place in an object, as a strategic merge patch asks for it: which field a name means and how it merges.
/// Source: apimachinery pkg/util/strategicpatch/meta.go and third_party/forked/golang/json/fields.go.
///
/// @param pointer whether Go holds it by pointer, which error texts show
record PatchType(Shape shape, boolean pointer) {
  /// A field of a type: its own type, the strategy beside retainKeys (empty for none), the merge key (empty for none).
  record Member(PatchType type, String strategy, String mergeKey) {
    boolean merges() {
      return strategy.equals("merge");
    }

    boolean replaces() {
      return strategy.equals("replace");
    }
  }

  /// The field of an object.
  ///
  /// @throws io.thyra.model.ApiException 500 when the type has no such field
  Member field(String name) {
    if (!(shape instanceof Struct struct)) {
      if (shape instanceof Anything) {
        throw unknown("RawExtension", name);
      }
      if (elementKind().equals("struct")) {
        throw unknown(scalarType((Scalar) shape), name);
      }
      throw error("merging an object in json but data type is not struct, instead is: " + elementKind());
    }
    FieldSchema field = struct.field(name);
    if (field == null) {
      field = ignoringCase(struct, name);
    }
    if (field == null) {
      throw unknown(struct.goName(), name);
    }
    String strategy = "";
    for (String word : field.patchStrategy().split(",", -1)) {
      if (!word.equals("retainKeys")) {
        strategy = word;
      }
    }
    String mergeKey = field.patchMergeKey() == null ? "" : field.patchMergeKey();
    return new Member(new PatchType(field.shape(), field.pointer()), strategy, mergeKey);
  }

  private static @Nullable FieldSchema ignoringCase(Struct struct, String name) {
    for (FieldSchema field : struct.fields()) {
      FieldSchema found = null;
      if (field.inline() && field.shape() instanceof Struct embedded) {
        found = ignoringCase(embedded, name);
      } else if (field.name().equalsIgnoreCase(name)) {
        found = field;
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// The field of an object that is a list; its type is that of the items.
  ///
  /// @throws io.thyra.model.ApiException 500 when it is no list
  Member list(String name) {
    Member member = field(name);
    PatchType type = member.type();
    if (type.shape instanceof ListOf list) {
      if (list.item() instanceof ListOf) {
        throw error("unexpected slice of slice");
      }
      return new Member(new PatchType(list.item(), false), member.strategy(), member.mergeKey());
    }
    if (type.shape == Scalar.BYTES) {
      return new Member(new PatchType(Scalar.INT32, false), member.strategy(), member.mergeKey());
    }
    if (type.pointer) {
      return new Member(new PatchType(type.shape, false), member.strategy(), member.mergeKey());
    }
    throw error("expected slice or array type, but got: " + kind());
  }

  /// Go's word for the kind of the type.
  String kind() {
    return pointer ? "ptr" : elementKind();
  }

  private String elementKind() {
    return switch (shape) {
      case Struct _, Anything _ -> "struct";
      case ListOf _ -> "slice";
      case MapOf _ -> "map";
      case Scalar scalar ->
          switch (scalar) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "float64";
            case BYTES -> "slice";
            case QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> "struct";
          };
    };
  }

  private static String scalarType(Scalar scalar) {
    return switch (scalar) {
      case QUANTITY -> "Quantity";
      case INT_OR_STRING -> "IntOrString";
      case TIME -> "Time";
      case MICRO_TIME -> "MicroTime";
      case DURATION -> "Duration";
      case STRING, BOOLEAN, INT32, INT64, DOUBLE, BYTES -> scalar.name();
    };
  }

  private static RuntimeException unknown(String type, String name) {
    return error("unable to find api field in struct " + type + " for the json field " + GoText.quote(name));
  }

  private static RuntimeException error(String text) {
    return new Failure.Unclassified(500, text).toException();
  }
}
