package io.thyra.registry;

import io.thyra.codec.Decoded;
import io.thyra.codec.JsonDocument;

/// Decodes custom objects, whose types are schemas: unknown fields are dropped and metadata is brought into its type, while
/// values of wrong types stay for validation to complain about.
@FunctionalInterface
public interface CustomDecoding {
  /// @param strict whether unknown and repeated fields are to be told
  /// @throws io.thyra.codec.DecodeException when the object cannot be read at all
  Decoded decode(JsonDocument document, VersionedType version, boolean strict);
}
