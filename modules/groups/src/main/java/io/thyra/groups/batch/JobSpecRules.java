package io.thyra.groups.batch;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.notNegative;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.PodTemplates;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The spec of a Job, its own or a CronJob's template of one.
/// Source: pkg/apis/batch/validation/validation.go, pkg/api/job/warnings.go.
final class JobSpecRules {
  private static final long PARALLELISM_MAX = 100_000;
  private static final long COMPLETIONS_SOFT_MAX = 100_000;
  private static final long HIGH_COMPLETIONS_MAX = 10_000;
  private static final int MANAGED_BY_BYTES_MAX = 63;
  private static final String INDEXED = "Indexed";
  private static final String NEEDS_INDEXED = "requires indexed completion mode";
  private static final String HIGH =
      "must be less than or equal to %d when completions are above %d and used with backoff limit per index"
          .formatted(HIGH_COMPLETIONS_MAX, COMPLETIONS_SOFT_MAX);
  private static final String[] NOT_NEGATIVE = {
    "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex",
    "maxFailedIndexes"
  };

  private final PodTemplates templates;
  private final Struct successPolicy;

  /// @param spec the type of Job specs
  JobSpecRules(PodTemplates templates, Struct spec) {
    this.templates = templates;
    this.successPolicy = GoStruct.at(spec, "successPolicy");
  }

  static boolean isIndexed(ObjectValue spec) {
    return spec.string("completionMode").equals(INDEXED);
  }

  void check(ObjectValue spec, @Nullable ObjectValue old, FieldPath path, List<FieldError> errors) {
    notNegative(spec, path, errors, NOT_NEGATIVE);
    if (isSet(spec, "maxFailedIndexes") && !isSet(spec, "backoffLimitPerIndex")) {
      errors.add(FieldError.required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
    }
    if (isSet(spec, "managedBy")) {
      errors.addAll(Words.domainPrefixedPath(path.child("managedBy"), spec.string("managedBy")));
      if (spec.string("managedBy").length() > MANAGED_BY_BYTES_MAX) {
        errors.add(FieldError.tooLong(path.child("managedBy"), MANAGED_BY_BYTES_MAX));
      }
    }
    completionMode(spec, path, errors);
    if (spec.get("podFailurePolicy") instanceof ObjectValue policy) {
      FailurePolicyRules.check(policy, spec, path.child("podFailurePolicy"), errors);
    }
    if (spec.get("successPolicy") instanceof ObjectValue policy) {
      if (isIndexed(spec)) {
        FailurePolicyRules.checkSuccess(policy, number(spec, "completions"), path.child("successPolicy"), errors);
      } else {
        errors.add(
            FieldError.invalidPrinted(
                path.child("successPolicy"), GoText.of(GoStruct.of(successPolicy, policy)), NEEDS_INDEXED));
      }
    }
    replacement(spec, path.child("podReplacementPolicy"), errors);
    templates.check(spec.object("template"), old == null ? null : old.object("template"), path.child("template"), errors);
    restart(spec, path.child("template", "spec", "restartPolicy"), errors);
  }

  private static void completionMode(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (isSet(spec, "completionMode")) {
      Checks.oneOf(spec.string("completionMode"), path.child("completionMode"), errors, "NonIndexed", INDEXED);
    }
    if (isIndexed(spec)) {
      indexed(spec, path, errors);
    } else if (!isSet(spec, "completionMode") || spec.string("completionMode").equals("NonIndexed")) {
      for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
        if (isSet(spec, field)) {
          errors.add(FieldError.invalid(path.child(field), number(spec, field), NEEDS_INDEXED));
        }
      }
    }
  }

  private static void indexed(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    boolean completes = isSet(spec, "completions");
    long completions = number(spec, "completions");
    long parallelism = number(spec, "parallelism");
    boolean fails = isSet(spec, "maxFailedIndexes");
    long failed = number(spec, "maxFailedIndexes");
    FieldPath failedPath = path.child("maxFailedIndexes");
    if (!completes) {
      errors.add(FieldError.required(path.child("completions"), "when completion mode is Indexed"));
    }
    if (parallelism > PARALLELISM_MAX) {
      String told = "must be less than or equal to " + PARALLELISM_MAX + " when completion mode is Indexed";
      errors.add(FieldError.invalid(path.child("parallelism"), parallelism, told));
    }
    if (completes && fails && failed > completions) {
      errors.add(FieldError.invalid(failedPath, failed, "must be less than or equal to completions"));
    }
    if (failed > PARALLELISM_MAX) {
      errors.add(FieldError.invalid(failedPath, failed, "must be less than or equal to " + PARALLELISM_MAX));
    }
    if (completions > COMPLETIONS_SOFT_MAX && isSet(spec, "backoffLimitPerIndex")) {
      if (!fails) {
        errors.add(FieldError.required(failedPath, "must be specified when completions is above " + COMPLETIONS_SOFT_MAX));
      }
      if (parallelism > HIGH_COMPLETIONS_MAX) {
        errors.add(FieldError.invalid(path.child("parallelism"), parallelism, HIGH));
      }
      if (failed > HIGH_COMPLETIONS_MAX) {
        errors.add(FieldError.invalid(failedPath, failed, HIGH));
      }
    }
  }

  private static void replacement(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (isSet(spec, "podReplacementPolicy")) {
      String word = spec.string("podReplacementPolicy");
      if (isSet(spec, "podFailurePolicy")) {
        Checks.oneOf(word, path, errors, "Failed");
      } else {
        Checks.oneOf(word, path, errors, "Failed", "TerminatingOrFailed");
      }
    }
  }

  private static void restart(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    String policy = spec.string("template", "spec", "restartPolicy");
    switch (policy) {
      case "", "Always" -> errors.add(FieldError.required(path, "valid values: \"OnFailure\", \"Never\""));
      case "OnFailure" -> {
        if (isSet(spec, "podFailurePolicy")) {
          errors.add(FieldError.invalid(path, policy, "only \"Never\" is supported when podFailurePolicy is specified"));
        }
      }
      default -> Checks.oneOf(policy, path, errors, "OnFailure", "Never");
    }
  }

  List<String> warnings(ObjectValue spec, @Nullable ObjectValue old, FieldPath path) {
    var warnings = new ArrayList<String>();
    boolean many = number(spec, "completions") > COMPLETIONS_SOFT_MAX && number(spec, "parallelism") > HIGH_COMPLETIONS_MAX;
    if (isIndexed(spec) && many) {
      warnings.add(
          path
              + ": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes "
              + "might not be able to track completedIndexes when a big number of indexes fail");
    }
    ObjectValue before = old == null ? null : old.object("template");
    warnings.addAll(templates.warnings(spec.object("template"), before, path.child("template")));
    return warnings;
  }
}
