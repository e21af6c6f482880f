package io.thyra.machinery.apply;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import java.util.Objects;

/// What tells the entries of managed fields apart: the manager, how it wrote, through which subresource, and for
/// updates the version. An applier has one entry whatever versions it used.
/// Source: apimachinery pkg/util/managedfields/internal/managedfields.go.
record ManagerId(String manager, Operation operation, String apiVersion, String subresource) {
  enum Operation {
    APPLY("Apply"),
    UPDATE("Update");

    private final String word;

    Operation(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  ManagerId {
    Objects.requireNonNull(manager);
    Objects.requireNonNull(operation);
    Objects.requireNonNull(subresource);
    apiVersion = operation == Operation.APPLY ? "" : apiVersion;
  }

  /// The form by which upstream sorts managers.
  String sortKey() {
    ObjectValue.Builder out = ObjectValue.builder(4);
    put(out, "manager", manager);
    out.put("operation", operation.word());
    put(out, "apiVersion", apiVersion);
    put(out, "subresource", subresource);
    return GoText.json(out.build());
  }

  private static void put(ObjectValue.Builder out, String name, String text) {
    if (!text.isEmpty()) {
      out.put(name, text);
    }
  }

  /// The manager as conflicts name it.
  @Override
  public String toString() {
    String text = GoText.quote(manager);
    if (!subresource.isEmpty()) {
      text += " with subresource " + GoText.quote(subresource);
    }
    return operation == Operation.UPDATE ? text + " using " + apiVersion : text;
  }
}
