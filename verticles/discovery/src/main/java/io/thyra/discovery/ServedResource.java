package io.thyra.discovery;

import io.thyra.schema.ResourceSchema;
import java.util.Objects;

/// A resource as discovery lists it in one version.
///
/// @param storageVersionHash tells clients when the version changes in which objects are stored; empty for what is not stored
public record ServedResource(ResourceSchema schema, String storageVersionHash) {
  public ServedResource {
    Objects.requireNonNull(schema);
    Objects.requireNonNull(storageVersionHash);
  }
}
