package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which of several classes is the default: the newest that says so, the first by name among equally old ones.
/// Source: kubernetes pkg/volume/util/storageclass.go, plugin/pkg/admission/network/defaultingressclass/admission.go.
final class DefaultClass {
  private DefaultClass() {}

  /// @param annotations those that mark a default class
  static Optional<String> find(Collection<ObjectValue> classes, List<String> annotations) {
    return classes.stream()
        .filter(c -> annotations.stream().anyMatch(a -> c.object("metadata", "annotations").string(a).equals("true")))
        .min(
            Comparator.<ObjectValue, String>comparing(c -> c.string("metadata", "creationTimestamp"))
                .reversed()
                .thenComparing(Metadata::name))
        .map(Metadata::name);
  }
}
