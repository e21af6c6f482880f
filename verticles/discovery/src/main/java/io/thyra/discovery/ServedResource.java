package io.thyra.discovery;

import io.thyra.schema.ResourceSchema;
import java.util.Objects;

/// A resource as discovery lists it in one version.
///
/// @param storageVersionHash tells clients when the version changes in which objects are stored; empty for what is not stored
/// @param showsDeleted whether a finished delete answers with the object instead of a Status
public record ServedResource(ResourceSchema schema, String storageVersionHash, boolean showsDeleted) {
  public ServedResource {
    Objects.requireNonNull(schema);
    Objects.requireNonNull(storageVersionHash);
  }
}
