package io.thyra.registry;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;

/// Takes repeated owner references out of an object, with a warning.
/// Source: apiserver pkg/endpoints/handlers/rest.go, dedupOwnerReferencesAndAddWarning.
final class OwnerReferences {
  private OwnerReferences() {}

  static ObjectValue dedup(RequestContext context, ObjectValue object, boolean afterAdmission) {
    ListValue references = object.list("metadata", "ownerReferences");
    if (references.size() < 2) {
      return object;
    }
    var kept = new ArrayList<Value>();
    var repeated = new ArrayList<String>();
    for (Value reference : references) {
      if (kept.contains(reference)) {
        repeated.add(reference instanceof ObjectValue r ? r.string("uid") : "");
      } else {
        kept.add(reference);
      }
    }
    if (repeated.isEmpty()) {
      return object;
    }
    context.warn(warning(afterAdmission, repeated));
    return Metadata.with(object, "ownerReferences", new ListValue(kept));
  }

  private static String warning(boolean afterAdmission, List<String> uids) {
    return ".metadata.ownerReferences contains duplicate entries"
        + (afterAdmission ? " after mutating admission happens" : "")
        + "; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24;"
        + " please fix your requests; duplicate UID(s) observed: "
        + String.join(", ", uids);
  }
}
