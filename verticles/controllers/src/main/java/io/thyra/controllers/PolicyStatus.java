package io.thyra.controllers;

import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Tells in the status of validating policies which mistakes their expressions have, once for each generation.
/// Source: kubernetes pkg/controller/validatingadmissionpolicystatus.
final class PolicyStatus extends Loop {
  private static final GroupResource POLICIES = new GroupResource("admissionregistration.k8s.io", "validatingadmissionpolicies");

  private final Registry registry;
  private final Function<ObjectValue, List<ObjectValue>> checks;
  private final Actor actor =
      new Actor(
          new UserInfo("system:serviceaccount:kube-system:validatingadmissionpolicy-status-controller", "", List.of(UserInfo.SYSTEM_MASTERS)),
          "validatingadmissionpolicy-status");

  /// @param checks the warnings about a policy
  PolicyStatus(Registry registry, Function<ObjectValue, List<ObjectValue>> checks) {
    super("validatingadmissionpolicy-status-controller");
    this.registry = registry;
    this.checks = checks;
  }

  @Override
  void follow() {
    follow(registry.findStore(POLICIES).orElseThrow().cache(), object -> queue.add(object.name()), _ -> {});
  }

  @Override
  void reconcile(String name) {
    Optional<ObjectValue> policy = registry.peek(POLICIES, "", name);
    if (policy.isEmpty() || policy.get().integer(0, "metadata", "generation") <= policy.get().integer(0, "status", "observedGeneration")) {
      return;
    }
    List<Value> warnings = List.copyOf(checks.apply(policy.get()));
    ObjectValue checking = warnings.isEmpty() ? ObjectValue.EMPTY : ObjectValue.of("expressionWarnings", new ListValue(warnings));
    ObjectValue status =
        ObjectValue.builder()
            .put("observedGeneration", policy.get().integer(0, "metadata", "generation"))
            .put("typeChecking", checking)
            .build();
    ObjectValue config =
        ObjectValue.builder()
            .put("apiVersion", "admissionregistration.k8s.io/v1")
            .put("kind", "ValidatingAdmissionPolicy")
            .put("metadata", ObjectValue.builder().put("name", name).build())
            .put("status", status)
            .build();
    registry.apply(actor, POLICIES, "status", "", name, config);
  }
}
