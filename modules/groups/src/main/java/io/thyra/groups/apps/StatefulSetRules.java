package io.thyra.groups.apps;

import static io.thyra.groups.Checks.notNegative;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.IntOrPercent;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.Rules;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// StatefulSets. Source: pkg/apis/apps/validation/validation.go, pkg/registry/apps/statefulset/strategy.go.
final class StatefulSetRules {
  private static final FieldPath SPEC = WorkloadRules.SPEC;
  private static final List<String> MUTABLE =
      List.of(
          "replicas",
          "template",
          "updateStrategy",
          "minReadySeconds",
          "ordinals",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy");
  private static final String FROZEN =
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
          + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  private static final String KEEPS_ALL =
      "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended";

  private final PodTemplates templates;
  private final Struct strategy;

  private StatefulSetRules(PodTemplates templates, Struct strategy) {
    this.templates = templates;
    this.strategy = strategy;
  }

  static void declare(Group.Declaration r, PodTemplates templates) {
    var rules = new StatefulSetRules(templates, GoStruct.at(r.struct(), "spec", "updateStrategy"));
    r.rules()
        .named(Names.DNS_LABEL)
        .dropsStatus()
        .countsGenerations()
        .onCreate((_, object) -> typedClaims(withoutMaxUnavailable(object, null)))
        .onUpdate((_, object, old) -> typedClaims(withoutMaxUnavailable(object, old)))
        .createRules((object, _, errors) -> rules.spec(object.object("spec"), null, true, SPEC, errors))
        .updateRules((object, old, _, errors) -> rules.update(object, old, errors))
        .warns(WorkloadRules.templateWarnings(templates))
        .warns((object, old) -> rules.claimWarnings(object, old))
        .warns((object, _) -> number(object, "spec", "revisionHistoryLimit") < 0 ? List.of(KEEPS_ALL) : List.of());
    // Protobuf leaves out what a claim template is.
    r.reading(StatefulSetRules::typedClaims);
    r.statusRules()
        .updateRules((object, _, _, errors) -> status(object, errors))
        .updateRules(
            (object, old, _, errors) ->
                errors.addAll(
                    ObjectMetaValidation.validateUpdate(object.object("metadata"), old.object("metadata"), FieldPath.of("metadata"))))
        .updateRules(WorkloadRules::collisions);
  }

  // A feature that is off: new sets cannot use it.
  private static ObjectValue withoutMaxUnavailable(ObjectValue object, @Nullable ObjectValue old) {
    String[] field = {"spec", "updateStrategy", "rollingUpdate", "maxUnavailable"};
    return old != null && Checks.isSet(old.at(field)) ? object : object.withoutAt(field);
  }

  /// Claim templates say what they are.
  private static ObjectValue typedClaims(ObjectValue object) {
    return object.change(
        "spec", spec -> spec.changeList("volumeClaimTemplates", claims -> claims.map(claim -> typed((ObjectValue) claim))));
  }

  private static ObjectValue typed(ObjectValue claim) {
    var out = ObjectValue.builder().put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
    claim.forEach(
        (name, value) -> {
          if (!out.has(name)) {
            out.put(name, value);
          }
        });
    return out.build();
  }

  private void update(ObjectValue object, ObjectValue old, List<FieldError> errors) {
    ObjectValue spec = object.object("spec");
    ObjectValue oldSpec = old.object("spec");
    var before = new ArrayList<FieldError>();
    spec(oldSpec, oldSpec, true, SPEC, before);
    spec(spec, oldSpec, before.isEmpty(), SPEC, errors);
    ObjectValue frozen = spec;
    ObjectValue frozenBefore = oldSpec;
    for (String field : MUTABLE) {
      frozen = frozen.without(field);
      frozenBefore = frozenBefore.without(field);
    }
    if (!frozen.equals(frozenBefore)) {
      errors.add(FieldError.forbidden(SPEC, FROZEN));
    }
  }

  /// @param old the stored spec: what cannot change is not judged again
  private void spec(ObjectValue spec, @Nullable ObjectValue old, boolean checksTemplate, FieldPath path, List<FieldError> errors) {
    switch (spec.string("podManagementPolicy")) {
      case "" -> errors.add(FieldError.required(path.child("podManagementPolicy"), ""));
      case "OrderedReady", "Parallel" -> {}
      case String word ->
          errors.add(FieldError.invalid(path.child("podManagementPolicy"), word, "must be 'OrderedReady' or 'Parallel'"));
    }
    updateStrategy(spec.object("updateStrategy"), path.child("updateStrategy"), errors);
    if (spec.get("persistentVolumeClaimRetentionPolicy") instanceof ObjectValue policy) {
      for (String when : List.of("whenDeleted", "whenScaled")) {
        Checks.oneOf(policy.string(when), path.child("persistentVolumeClaimRetentionPolicy", when), errors, "Retain", "Delete");
      }
    }
    List<ObjectValue> claims = old == null ? spec.list("volumeClaimTemplates").objects() : List.of();
    for (int i = 0; i < claims.size(); i++) {
      templates.checkClaim(claims.get(i).object("spec"), path.child("volumeClaimTemplates").index(i).child("spec"), errors);
    }
    notNegative(spec, path, errors, "replicas", "minReadySeconds");
    if (number(spec, "ordinals", "start") < 0) {
      errors.add(FieldError.invalid(path.child("ordinals.start"), number(spec, "ordinals", "start"), Rules.NOT_NEGATIVE));
    }
    String service = spec.string("serviceName");
    if (old == null && !service.isEmpty()) {
      Rules.checkFormat(service, path.child("serviceName"), errors, Names::dns1123Label);
    }
    WorkloadRules.requiredSelector(spec, "empty selector is invalid for statefulset", path, errors);
    template(spec, old, checksTemplate, path, errors);
  }

  private void template(
      ObjectValue spec, @Nullable ObjectValue old, boolean checksTemplate, FieldPath path, List<FieldError> errors) {
    FieldPath at = path.child("template");
    Optional<LabelSelector> selector = Checks.findSelector(spec.get("selector"));
    ObjectValue template = spec.object("template");
    if (selector.isEmpty()) {
      errors.add(Checks.invalid(path.child("selector"), spec.get("selector"), ""));
    } else {
      WorkloadRules.matches(selector.get(), template, at, errors);
      if (checksTemplate) {
        templates.check(withClaims(spec), old == null ? null : old.object("template"), at, errors);
      }
      errors.addAll(ObjectMetaValidation.labels(template.object("metadata", "labels"), at.child("labels")));
      errors.addAll(ObjectMetaValidation.annotations(template.object("metadata", "annotations"), at.child("annotations")));
    }
    WorkloadRules.alwaysRestarts(template, "StatefulSet", at, errors);
  }

  /// The template as its pods will be: named by the set, with the volumes of the claim templates.
  private static ObjectValue withClaims(ObjectValue spec) {
    ObjectValue template = spec.object("template");
    ObjectValue pod = template.object("spec").without("subdomain").without("hostname");
    Map<String, Value> volumes = new LinkedHashMap<>();
    for (ObjectValue claim : spec.list("volumeClaimTemplates").objects()) {
      String name = claim.string("metadata", "name");
      ObjectValue source = ObjectValue.EMPTY.with("claimName", name);
      volumes.put(name, ObjectValue.EMPTY.with("name", name).with("persistentVolumeClaim", source));
    }
    if (!volumes.isEmpty()) {
      List<Value> all = new ArrayList<>(volumes.values());
      pod.list("volumes").objects().stream().filter(v -> !volumes.containsKey(v.string("name"))).forEach(all::add);
      pod = pod.with("volumes", new ListValue(all));
    }
    return template.with("spec", pod);
  }

  private List<String> claimWarnings(ObjectValue object, @Nullable ObjectValue old) {
    var warnings = new ArrayList<String>();
    List<ObjectValue> claims = object.list("spec", "volumeClaimTemplates").objects();
    for (int i = 0; i < claims.size(); i++) {
      FieldPath path = SPEC.child("volumeClaimTemplates").index(i);
      warnings.addAll(templates.claimWarnings(claims.get(i).object("spec"), old == null ? path : path.child("Spec")));
    }
    return warnings;
  }

  private void updateStrategy(ObjectValue update, FieldPath path, List<FieldError> errors) {
    FieldPath rolling = path.child("rollingUpdate");
    switch (update.string("type")) {
      case "" -> errors.add(FieldError.required(path, ""));
      case "OnDelete" -> {
        if (update.get("rollingUpdate") instanceof ObjectValue given) {
          errors.add(
              FieldError.invalidPrinted(
                  rolling,
                  GoText.of(GoStruct.of(GoStruct.at(strategy, "rollingUpdate"), given)),
                  "only allowed for updateStrategy 'RollingUpdate'"));
        }
      }
      case "RollingUpdate" -> {
        if (update.get("rollingUpdate") instanceof ObjectValue given) {
          rollingUpdate(given, rolling, errors);
        }
      }
      default ->
          errors.add(
              FieldError.invalidPrinted(
                  path, GoText.of(GoStruct.of(strategy, update)), "must be 'RollingUpdate' or 'OnDelete'"));
    }
  }

  private static void rollingUpdate(ObjectValue update, FieldPath path, List<FieldError> errors) {
    notNegative(update, path, errors, "partition");
    FieldPath at = path.child("maxUnavailable");
    Value max = update.get("maxUnavailable");
    if (Checks.isSet(max)) {
      IntOrPercent.positive(max, at, errors);
      if (IntOrPercent.value(max) == 0) {
        errors.add(Checks.invalid(at, max, "cannot be 0"));
      }
      IntOrPercent.atMost100(max, at, errors);
    }
  }

  private static void status(ObjectValue object, List<FieldError> errors) {
    WorkloadRules.statusNotNegative(
        object,
        errors,
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
        "collisionCount");
    WorkloadRules.counts(
        object.object("status"),
        errors,
        "cannot be greater than status.readyReplicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas");
  }
}
