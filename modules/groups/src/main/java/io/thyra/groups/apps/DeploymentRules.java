package io.thyra.groups.apps;

import static io.thyra.groups.Checks.notNegative;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.IntOrPercent;
import io.thyra.groups.PodTemplates;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Deployments and ReplicaSets.
/// Source: pkg/apis/apps/validation/validation.go, pkg/registry/apps/{deployment,replicaset}/strategy.go.
final class DeploymentRules {
  private static final FieldPath SPEC = WorkloadRules.SPEC;

  private DeploymentRules() {}

  static void declareDeployment(Group.Declaration r, PodTemplates templates) {
    Struct strategy = GoStruct.at(r.struct(), "spec", "strategy");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .countsAnnotations()
        .createRules((object, _, errors) -> deployment(object, null, templates, strategy, errors))
        .updateRules((object, old, _, errors) -> deployment(object, old, templates, strategy, errors))
        .updateRules(WorkloadRules.IMMUTABLE_SELECTOR)
        .warns(WorkloadRules::nameWarnings)
        .warns(WorkloadRules.templateWarnings(templates));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .keepsMetadata("labels")
        .updateRules((object, _, _, errors) -> deploymentStatus(object, errors))
        .updateRules(WorkloadRules::collisions);
  }

  static void declareReplicaSet(Group.Declaration r, PodTemplates templates) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .createRules((object, _, errors) -> replicaSet(object, null, templates, errors))
        .updateRules((object, old, _, errors) -> replicaSet(object, old, templates, errors))
        .updateRules(WorkloadRules.IMMUTABLE_SELECTOR)
        .warns(WorkloadRules::nameWarnings)
        .warns(WorkloadRules.templateWarnings(templates));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .updateRules(
            (object, _, _, errors) -> {
              WorkloadRules.statusNotNegative(
                  object,
                  errors,
                  "replicas",
                  "fullyLabeledReplicas",
                  "readyReplicas",
                  "availableReplicas",
                  "observedGeneration",
                  "terminatingReplicas");
              WorkloadRules.counts(
                  object.object("status"),
                  errors,
                  "cannot be greater than readyReplicas",
                  "fullyLabeledReplicas",
                  "readyReplicas",
                  "availableReplicas");
            });
  }

  private static void replicaSet(ObjectValue object, @Nullable ObjectValue old, PodTemplates templates, List<FieldError> errors) {
    ObjectValue spec = object.object("spec");
    notNegative(spec, SPEC, errors, "replicas", "minReadySeconds");
    WorkloadRules.replicated(spec, WorkloadRules.template(old), SPEC, templates, errors);
  }

  private static void deployment(
      ObjectValue object, @Nullable ObjectValue old, PodTemplates templates, Struct strategy, List<FieldError> errors) {
    ObjectValue spec = object.object("spec");
    notNegative(spec, SPEC, errors, "replicas");
    WorkloadRules.replicated(spec, WorkloadRules.template(old), SPEC, templates, errors);
    strategy(spec.object("strategy"), strategy, SPEC.child("strategy"), errors);
    notNegative(spec, SPEC, errors, "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds");
    if (Checks.isSet(spec, "progressDeadlineSeconds")
        && number(spec, "progressDeadlineSeconds") <= number(spec, "minReadySeconds")) {
      errors.add(
          FieldError.invalid(
              SPEC.child("progressDeadlineSeconds"),
              number(spec, "progressDeadlineSeconds"),
              "must be greater than minReadySeconds"));
    }
  }

  private static void strategy(ObjectValue strategy, Struct struct, FieldPath path, List<FieldError> errors) {
    FieldPath rolling = path.child("rollingUpdate");
    switch (strategy.string("type")) {
      case "Recreate" -> {
        if (Checks.isSet(strategy, "rollingUpdate")) {
          errors.add(FieldError.forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'"));
        }
      }
      case "RollingUpdate" -> {
        if (Checks.isSet(strategy, "rollingUpdate")) {
          rollingUpdate(strategy.object("rollingUpdate"), rolling, errors);
        } else {
          errors.add(FieldError.required(rolling, "this should be defaulted and never be nil"));
        }
      }
      default ->
          errors.add(
              Checks.notSupportedPrinted(path, GoText.of(GoStruct.of(struct, strategy)), "Recreate", "RollingUpdate"));
    }
  }

  private static void rollingUpdate(ObjectValue update, FieldPath path, List<FieldError> errors) {
    IntOrPercent.positive(update.get("maxUnavailable"), path.child("maxUnavailable"), errors);
    IntOrPercent.positive(update.get("maxSurge"), path.child("maxSurge"), errors);
    if (IntOrPercent.value(update.get("maxUnavailable")) == 0 && IntOrPercent.value(update.get("maxSurge")) == 0) {
      errors.add(
          Checks.invalid(path.child("maxUnavailable"), update.get("maxUnavailable"), "may not be 0 when `maxSurge` is 0"));
    }
    IntOrPercent.atMost100(update.get("maxUnavailable"), path.child("maxUnavailable"), errors);
  }

  private static void deploymentStatus(ObjectValue object, List<FieldError> errors) {
    WorkloadRules.statusNotNegative(
        object,
        errors,
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "terminatingReplicas",
        "collisionCount");
    WorkloadRules.counts(
        object.object("status"),
        errors,
        "cannot be greater than readyReplicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas");
  }
}
