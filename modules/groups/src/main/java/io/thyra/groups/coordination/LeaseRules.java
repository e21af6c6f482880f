package io.thyra.groups.coordination;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;

/// Leases and who would like to have them. Coordinated election is off, so new leases have neither strategy nor
/// preferred holder. Source: pkg/apis/coordination/validation/validation.go, pkg/registry/coordination/*/strategy.go.
final class LeaseRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String OLDEST = "OldestEmulationVersion";

  private LeaseRules() {}

  static void declareLease(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .anyFinalizers()
        .createsOnUpdate()
        .requiresResourceVersion()
        .onCreate((_, lease) -> lease.withoutAt("spec", "strategy").withoutAt("spec", "preferredHolder"))
        .onUpdate(
            (_, lease, old) -> {
              ObjectValue kept = isSet(old.at("spec", "strategy")) ? lease : lease.withoutAt("spec", "strategy");
              return isSet(old.at("spec", "preferredHolder")) ? kept : kept.withoutAt("spec", "preferredHolder");
            })
        .rules((lease, _, errors) -> lease(lease.object("spec"), errors));
  }

  private static void lease(ObjectValue spec, List<FieldError> errors) {
    Rules.positive("leaseDurationSeconds").check(spec, SPEC, errors);
    Rules.notNegative("leaseTransitions").check(spec, SPEC, errors);
    if (isSet(spec, "strategy")) {
      strategy(spec.string("strategy"), SPEC.child("strategy"), errors);
    }
    if (!spec.string("preferredHolder").isEmpty() && spec.string("strategy").isEmpty()) {
      errors.add(FieldError.forbidden(SPEC.child("preferredHolder"), "may only be specified if `strategy` is defined"));
    }
  }

  /// A strategy that is known, or a qualified name of somebody else's; complaints name the field twice.
  private static void strategy(String strategy, FieldPath path, List<FieldError> errors) {
    if (strategy.contains("/")) {
      Rules.checkFormat(strategy, path.child("strategy"), errors, Names::qualifiedName);
    } else {
      Checks.oneOf(strategy, path.child("strategy"), errors, OLDEST);
    }
  }

  static void declareCandidate(Group.Declaration r) {
    r.rules()
        .named((name, _) -> Words.configMapKey(name))
        .anyFinalizers()
        .createsOnUpdate()
        .requiresResourceVersion()
        .rules((candidate, _, errors) -> candidate(candidate.object("spec"), errors))
        .updateRules((candidate, old, _, errors) -> Checks.immutable(GoStruct.at(r.struct(), "spec"), candidate.object("spec"), old.object("spec"), SPEC, errors, "leaseName"));
  }

  private static void candidate(ObjectValue spec, List<FieldError> errors) {
    Checks.required(spec, "leaseName", "", SPEC, errors);
    Semver emulation = version(spec, "emulationVersion", errors);
    Checks.required(spec, "binaryVersion", "", SPEC, errors);
    Semver binary = version(spec, "binaryVersion", errors);
    if (!spec.string("binaryVersion").isEmpty()
        && !spec.string("emulationVersion").isEmpty()
        && binary.compareTo(emulation) < 0) {
      errors.add(
          FieldError.invalid(
              SPEC.child("binaryVersion"), spec.string("binaryVersion"), "must be greater than or equal to `emulationVersion`"));
    }
    String strategy = spec.string("strategy");
    if (strategy.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("strategy"), ""));
      return;
    }
    if (strategy.equals(OLDEST) && emulation.equals(Semver.ZERO)) {
      errors.add(
          FieldError.required(SPEC.child("emulationVersion"), "must be specified when `strategy` is 'OldestEmulationVersion'"));
    }
    strategy(strategy, SPEC.child("strategy"), errors);
  }

  private static Semver version(ObjectValue spec, String field, List<FieldError> errors) {
    String text = spec.string(field);
    if (text.isEmpty()) {
      return Semver.ZERO;
    }
    return Semver.parse(text)
        .orElseGet(
            () -> {
              errors.add(FieldError.invalid(SPEC.child(field), text, "must be a valid semantic version"));
              return Semver.ZERO;
            });
  }
}
