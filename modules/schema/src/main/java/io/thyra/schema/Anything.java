package io.thyra.schema;

/// Any JSON: RawExtension, apiextensions JSON, FieldsV1, and fields of custom resources that preserve what is unknown.
/// In protobuf all of them are message {raw = 1}.
public enum Anything implements Shape {
  ANYTHING
}
