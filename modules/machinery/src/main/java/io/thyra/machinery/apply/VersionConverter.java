package io.thyra.machinery.apply;

import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.Optional;

/// The versions in which an object of one kind can be read. Field sets of other versions than that of the request are
/// compared in theirs; sets of versions that are not found are dropped.
public interface VersionConverter {
  /// The type of the kind in a version; empty when the version does not exist or does not have the kind.
  Optional<Struct> findType(String apiVersion);

  /// The object in a version that [#findType] finds, in the form that it is printed in.
  ///
  /// @throws io.thyra.model.ApiException when it cannot be converted
  ObjectValue convert(ObjectValue object, String apiVersion);

  /// The one version of a kind that has no others.
  static VersionConverter single(String apiVersion, Struct type) {
    return new VersionConverter() {
      @Override
      public Optional<Struct> findType(String asked) {
        return asked.equals(apiVersion) ? Optional.of(type) : Optional.empty();
      }

      @Override
      public ObjectValue convert(ObjectValue object, String asked) {
        return object;
      }
    };
  }
}
