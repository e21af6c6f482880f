package io.thyra.groups.node;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.NodeLabels;
import io.thyra.groups.Rules;
import io.thyra.groups.core.TemplateRules;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// RuntimeClasses. Source: pkg/apis/node/validation/validation.go, pkg/registry/node/runtimeclass/strategy.go.
final class RuntimeClassRules {
  private static final FieldPath SCHEDULING = FieldPath.of("scheduling");

  private RuntimeClassRules() {}

  static void declare(Group.Declaration r) {
    Struct toleration = GoStruct.at(r.struct(), "scheduling", "tolerations");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .anyFinalizers()
        .createsOnUpdate()
        .requiresResourceVersion()
        .rules(RuntimeClassRules::handler)
        .rules(
            Rules.in(
                "overhead",
                (overhead, _, errors) -> TemplateRules.overhead(overhead.object("podFixed"), FieldPath.of("overhead"), errors)))
        .rules(Rules.in("scheduling", (scheduling, _, errors) -> scheduling(scheduling, toleration, errors)))
        .updateRules((object, old, _, errors) -> Checks.immutable(r.struct(), object, old, null, errors, "handler"))
        .warns((object, _) -> warnings(object));
  }

  private static void handler(ObjectValue object, @Nullable FieldPath path, List<FieldError> errors) {
    Checks.named(object, "handler", path, errors, Names::dns1123Label);
  }

  private static void scheduling(ObjectValue scheduling, Struct toleration, List<FieldError> errors) {
    errors.addAll(ObjectMetaValidation.labels(scheduling.object("nodeSelector"), SCHEDULING.child("nodeSelector")));
    FieldPath path = SCHEDULING.child("tolerations");
    TemplateRules.tolerations(scheduling, path, errors);
    Set<Value> seen = new HashSet<>();
    List<ObjectValue> tolerations = scheduling.list("tolerations").objects();
    for (int i = 0; i < tolerations.size(); i++) {
      ObjectValue key = ObjectValue.EMPTY;
      for (String field : List.of("key", "operator", "value", "effect")) {
        key = key.with(field, new StringValue(tolerations.get(i).string(field)));
      }
      if (!seen.add(key)) {
        String printed = GoText.of(GoStruct.of(toleration, tolerations.get(i)));
        errors.add(FieldError.duplicatePrinted(path.index(i), printed));
      }
    }
  }

  private static List<String> warnings(ObjectValue object) {
    var warnings = new ArrayList<String>();
    for (String label : object.object("scheduling", "nodeSelector").names()) {
      NodeLabels.findDeprecation(label).ifPresent(text -> warnings.add(SCHEDULING.child("nodeSelector") + ": " + text));
    }
    return warnings;
  }
}
