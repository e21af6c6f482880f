package io.thyra.schema;

/// Reads the generated resource.
final class BuiltinSchemas {
  private BuiltinSchemas() {}

  static Schemas instance() {
    throw new IllegalStateException("the schema resource is not built yet");
  }
}
