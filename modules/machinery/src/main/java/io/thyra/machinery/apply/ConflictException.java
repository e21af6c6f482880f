package io.thyra.machinery.apply;

import io.thyra.model.Failure;
import io.thyra.model.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// An applied configuration would change fields of other managers. Has no stack trace: it is an expected outcome.
/// Source: apimachinery pkg/util/managedfields/internal/conflict.go.
final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Conflict> conflicts;

  /// A field of another manager.
  record Conflict(ManagerId manager, List<PathElement> path) {}

  /// @param conflicts grouped by manager, in the order of their sort keys
  ConflictException(List<Conflict> conflicts) {
    super(null, null, false, false);
    this.conflicts = List.copyOf(conflicts);
  }

  List<Conflict> conflicts() {
    return conflicts;
  }

  FieldSet fields() {
    FieldSet fields = FieldSet.EMPTY;
    for (Conflict conflict : conflicts) {
      fields = fields.union(FieldSet.of(conflict.path().toArray(PathElement[]::new)));
    }
    return fields;
  }

  Failure.ApplyConflict failure() {
    var causes = new ArrayList<Status.Cause>(conflicts.size());
    for (Conflict conflict : conflicts) {
      causes.add(
          new Status.Cause(
              "FieldManagerConflict", "conflict with " + conflict.manager(), FieldSet.text(conflict.path())));
    }
    return new Failure.ApplyConflict(message(), causes);
  }

  private String message() {
    if (conflicts.size() == 1) {
      Conflict only = conflicts.getFirst();
      return "Apply failed with 1 conflict: conflict with " + only.manager() + ": " + FieldSet.text(only.path());
    }
    return conflicts.stream()
        .collect(Collectors.groupingBy(Conflict::manager, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(
            group ->
                group.getValue().stream()
                    .map(conflict -> "\n- " + FieldSet.text(conflict.path()))
                    .collect(Collectors.joining("", "conflicts with " + group.getKey() + ":", "")))
        .collect(Collectors.joining("\n", "Apply failed with " + conflicts.size() + " conflicts: ", ""));
  }
}
