package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Metadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The conditions of a CustomResourceDefinition. Pure.
/// Source: apiextensions-apiserver pkg/apihelpers/helpers.go.
final class Conditions {
  static final String ESTABLISHED = "Established";
  static final String NAMES_ACCEPTED = "NamesAccepted";
  static final String NON_STRUCTURAL = "NonStructuralSchema";
  static final String APPROVAL = "KubernetesAPIApprovalPolicyConformant";
  static final String TERMINATING = "Terminating";

  private Conditions() {}

  /// One condition as it is to be.
  record Condition(String type, String status, String reason, String message) {
    boolean sameAs(ObjectValue stored) {
      return stored.string("status").equals(status)
          && stored.string("reason").equals(reason)
          && stored.string("message").equals(message);
    }
  }

  static Optional<ObjectValue> find(ObjectValue definition, String type) {
    return definition.list("status", "conditions").objects().stream().filter(c -> c.string("type").equals(type)).findFirst();
  }

  static boolean isTrue(ObjectValue definition, String type) {
    return find(definition, type).map(c -> c.string("status").equals("True")).orElse(false);
  }

  /// The definition with a condition set; the time of its last transition stays when its status does.
  static ObjectValue with(ObjectValue definition, Condition condition, Instant now) {
    String time = Metadata.time(now);
    var conditions = new ArrayList<Value>();
    boolean there = false;
    for (ObjectValue stored : definition.list("status", "conditions").objects()) {
      if (!stored.string("type").equals(condition.type())) {
        conditions.add(stored);
        continue;
      }
      there = true;
      boolean moved = !stored.string("status").equals(condition.status()) || stored.string("lastTransitionTime").isEmpty();
      conditions.add(tree(condition, moved ? time : stored.string("lastTransitionTime")));
    }
    if (!there) {
      conditions.add(tree(condition, time));
    }
    return definition.withAt(new ListValue(conditions), "status", "conditions");
  }

  static ObjectValue without(ObjectValue definition, String type) {
    List<Value> left =
        definition.list("status", "conditions").objects().stream()
            .filter(c -> !c.string("type").equals(type))
            .<Value>map(c -> c)
            .toList();
    return definition.withAt(new ListValue(left), "status", "conditions");
  }

  private static ObjectValue tree(Condition condition, String time) {
    return ObjectValue.builder()
        .put("type", condition.type())
        .put("status", condition.status())
        .put("lastTransitionTime", time)
        .put("reason", condition.reason())
        .put("message", condition.message())
        .build();
  }
}
