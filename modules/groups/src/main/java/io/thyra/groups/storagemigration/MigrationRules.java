package io.thyra.groups.storagemigration;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;

/// StorageVersionMigrations. Source: pkg/apis/storagemigration/validation/validation.go.
final class MigrationRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");

  private MigrationRules() {}

  static void declare(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksNameOnUpdate()
        .dropsStatus()
        .requiresResourceVersion()
        .rules((migration, _, errors) -> resource(migration.object("spec", "resource"), errors))
        .updateRules(
            (migration, old, _, errors) -> {
              if (!migration.object("spec").equals(old.object("spec"))) {
                errors.add(FieldError.invalidPrinted(SPEC, GoText.of(GoStruct.of(spec, migration.get("spec"))), Rules.IMMUTABLE));
              }
            });
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .requiresResourceVersion()
        .resetsMetadata()
        .updateRules((migration, old, _, errors) -> status(migration.object("status"), old.object("status"), errors));
  }

  private static void resource(ObjectValue resource, List<FieldError> errors) {
    String name = resource.string("resource");
    FieldPath path = SPEC.child("resource");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child("resource"), "resource is required to be set"));
    } else {
      joined(name, Names.dns1035Label(name), path.child("resource"), errors);
    }
    String group = resource.string("group");
    if (!group.isEmpty()) {
      joined(group, Names.dns1123Subdomain(group), path.child("group"), errors);
    }
  }

  private static void joined(String text, List<String> complaints, FieldPath path, List<FieldError> errors) {
    if (!complaints.isEmpty()) {
      errors.add(FieldError.invalid(path, text, String.join(",", complaints)));
    }
  }

  private static void status(ObjectValue now, ObjectValue before, List<FieldError> errors) {
    String revision = now.string("resourceVersion");
    if (!revision.isEmpty() && !isRevision(revision)) {
      errors.add(
          FieldError.invalid(
              STATUS.child("resourceVersion"), revision, "resource version is not well formed: " + revision));
    }
    errors.addAll(ObjectMetaValidation.conditions(now.list("conditions"), STATUS.child("conditions")));
    if (!before.string("resourceVersion").isEmpty() && !before.string("resourceVersion").equals(revision)) {
      errors.add(FieldError.invalid(STATUS.child("resourceVersion"), revision, Rules.IMMUTABLE));
    }
    boolean succeeded = Checks.isTrue(now, "Succeeded");
    boolean failed = Checks.isTrue(now, "Failed");
    conditions(succeeded && failed, "Both success and failed conditions cannot be true at the same time", now, errors);
    conditions(
        Checks.isTrue(before, "Succeeded") && !succeeded, "Success condition cannot be set to false once it is true", now, errors);
    conditions(Checks.isTrue(before, "Failed") && !failed, "Failed condition cannot be set to false once it is true", now, errors);
  }

  private static void conditions(boolean broken, String detail, ObjectValue status, List<FieldError> errors) {
    if (broken) {
      errors.add(Checks.invalid(STATUS.child("conditions"), status.get("conditions"), detail));
    }
  }

  private static boolean isRevision(String text) {
    return text.charAt(0) != '0' && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
