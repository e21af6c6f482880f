package io.thyra.groups.core;

import io.thyra.groups.Cells;
import io.thyra.groups.Group;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// ReplicationControllers and PodTemplates.
/// Source: pkg/registry/core/replicationcontroller/strategy.go, pkg/registry/core/podtemplate/strategy.go.
final class ControllerRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");

  private final PodTemplates templates;

  private ControllerRules(PodTemplates templates) {
    this.templates = templates;
  }

  static void declareController(Group.Declaration r, PodTemplates templates) {
    var rules = new ControllerRules(templates);
    r.scale(o -> Cells.labels(o.object("spec", "selector")).replace(Cells.NONE, ""));
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .rules(rules::controller)
        .warns(rules::warnings);
    r.statusRules().named(Names.DNS_SUBDOMAIN).updateRules((o, _, _, errors) -> status(o.object("status"), errors));
  }

  static void declareTemplate(Group.Declaration r, PodTemplates templates) {
    FieldPath path = FieldPath.of("template");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .countsGenerations("template")
        .rules((o, _, errors) -> templates.check(o.object("template"), null, path, errors))
        .warns((o, old) -> old != null && o.object("template").equals(old.object("template"))
            ? List.of()
            : templates.warnings(o.object("template"), null, path));
  }

  private List<String> warnings(ObjectValue controller, @Nullable ObjectValue old) {
    FieldPath path = SPEC.child("template");
    if (old == null) {
      return templates.warnings(controller.object("spec", "template"), null, path);
    }
    // Upstream looks at the template that was, not at the one that comes.
    return Objects.equals(controller.at("metadata", "generation"), old.at("metadata", "generation"))
        ? List.of()
        : templates.warnings(old.object("spec", "template"), null, path);
  }

  private void controller(ObjectValue controller, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue spec = controller.object("spec");
    Rules.checkNotNegative(spec.integer(0, "minReadySeconds"), SPEC.child("minReadySeconds"), errors);
    ObjectValue selector = spec.object("selector");
    if (selector.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("selector"), ""));
    }
    if (spec.has("replicas")) {
      Rules.checkNotNegative(spec.integer(0, "replicas"), SPEC.child("replicas"), errors);
    } else {
      errors.add(FieldError.required(SPEC.child("replicas"), ""));
    }
    FieldPath path = SPEC.child("template");
    if (!(spec.get("template") instanceof ObjectValue template)) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    ObjectValue own = template.object("metadata", "labels");
    if (selector.names().stream().anyMatch(key -> !Objects.equals(own.get(key), selector.get(key)))) {
      errors.add(
          FieldError.invalidPrinted(
              path.child("metadata", "labels"),
              GoText.json(io.thyra.groups.Checks.map(template.object("metadata"), "labels")),
              "`selector` does not match template `labels`"));
    }
    templates.check(template, null, path, errors);
    String policy = template.string("spec", "restartPolicy");
    if (!policy.equals("Always")) {
      errors.add(FieldError.notSupported(path.child("spec", "restartPolicy"), policy, List.of("Always")));
    }
    if (template.object("spec").has("activeDeadlineSeconds")) {
      errors.add(
          FieldError.forbidden(
              path.child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in ReplicationController is not Supported"));
    }
  }

  private static void status(ObjectValue status, List<FieldError> errors) {
    for (String field : List.of("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration")) {
      Rules.checkNotNegative(status.integer(0, field), STATUS.child(field), errors);
    }
    for (String field : List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas")) {
      notMore(status, field, "replicas", "cannot be greater than status.replicas", errors);
    }
    notMore(status, "availableReplicas", "readyReplicas", "cannot be greater than readyReplicas", errors);
  }

  private static void notMore(ObjectValue status, String field, String bound, String text, List<FieldError> errors) {
    if (status.integer(0, field) > status.integer(0, bound)) {
      errors.add(FieldError.invalid(STATUS.child(field), status.integer(0, field), text));
    }
  }
}
