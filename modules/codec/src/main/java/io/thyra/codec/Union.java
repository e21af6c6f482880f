package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.NullValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;

/// The three structs of apiextensions whose JSON is not that of their fields: a schema, or something simpler in its place.
/// In protobuf they are ordinary messages. Source: apiextensions-apiserver pkg/apis/apiextensions/v1/marshal.go.
enum Union {
  NONE,
  /// A boolean or a schema: {allows = 1, schema = 2}.
  SCHEMA_OR_BOOL,
  /// A schema or several: {schema = 1, jSONSchemas = 2}.
  SCHEMA_OR_ARRAY,
  /// A schema or a list of strings: {schema = 1, property = 2}.
  SCHEMA_OR_STRINGS;

  static Union of(Struct struct) {
    if (!struct.name().contains("JSONSchemaPropsOr")) {
      return NONE;
    }
    return switch (struct.name().substring(struct.name().lastIndexOf('.') + 1)) {
      case "JSONSchemaPropsOrBool" -> SCHEMA_OR_BOOL;
      case "JSONSchemaPropsOrArray" -> SCHEMA_OR_ARRAY;
      case "JSONSchemaPropsOrStringArray" -> SCHEMA_OR_STRINGS;
      default -> NONE;
    };
  }

  Value zero() {
    return this == SCHEMA_OR_BOOL ? BooleanValue.FALSE : NullValue.NULL;
  }

  /// The number of the field that holds the schema.
  int schemaNumber() {
    return this == SCHEMA_OR_BOOL ? 2 : 1;
  }

  /// The number of the field that holds the alternative.
  int otherNumber() {
    return this == SCHEMA_OR_BOOL ? 1 : 2;
  }
}
