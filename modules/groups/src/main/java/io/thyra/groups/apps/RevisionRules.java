package io.thyra.groups.apps;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// ControllerRevisions, whose data never changes. Source: pkg/apis/apps/validation/validation.go.
final class RevisionRules {
  private static final FieldPath DATA = FieldPath.of("data");

  private RevisionRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksNameOnUpdate()
        .rules(Rules.notNegative("revision"))
        .createRules(RevisionRules::data)
        .updateRules(
            (object, old, _, errors) -> {
              if (!java.util.Objects.equals(object.get("data"), old.get("data"))) {
                errors.add(Checks.invalid(DATA, object.get("data"), Rules.IMMUTABLE));
              }
            });
  }

  private static void data(ObjectValue revision, @Nullable FieldPath root, List<FieldError> errors) {
    Value data = revision.get("data");
    if (!Checks.isSet(data)) {
      errors.add(FieldError.required(DATA, "data is mandatory"));
    } else if (!(data instanceof ObjectValue)) {
      errors.add(FieldError.required(DATA, "data must be a valid JSON object"));
    }
  }
}
