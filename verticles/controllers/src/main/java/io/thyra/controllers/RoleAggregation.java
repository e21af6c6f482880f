package io.thyra.controllers;

import io.thyra.machinery.LabelSelector;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Fills the rules of ClusterRoles that aggregate others. Source: kubernetes pkg/controller/clusterroleaggregation.
final class RoleAggregation extends Loop {
  private static final GroupResource CLUSTER_ROLES = new GroupResource("rbac.authorization.k8s.io", "clusterroles");

  private final Registry registry;
  private final Actor actor =
      new Actor(
          new UserInfo("system:serviceaccount:kube-system:clusterrole-aggregation-controller", "", List.of(UserInfo.SYSTEM_MASTERS)),
          "clusterrole-aggregation-controller");

  RoleAggregation(Registry registry) {
    super("clusterrole-aggregation");
    this.registry = registry;
  }

  @Override
  void follow() {
    follow(registry.findStore(CLUSTER_ROLES).orElseThrow().cache(), object -> queueAggregating(), object -> queueAggregating());
  }

  // Any role may be a part of any aggregating one; those are few.
  private void queueAggregating() {
    for (ObjectValue role : registry.peekAll(CLUSTER_ROLES, "")) {
      if (role.has("aggregationRule")) {
        queue.add(role.string("metadata", "name"));
      }
    }
  }

  @Override
  void reconcile(String name) {
    Optional<ObjectValue> role = registry.peek(CLUSTER_ROLES, "", name);
    if (role.isEmpty() || !role.get().has("aggregationRule")) {
      return;
    }
    ListValue rules = aggregate(role.get());
    if (!rules.equals(role.get().list("rules"))) {
      registry.update(actor, CLUSTER_ROLES, "", "", name, current -> current.with("rules", rules));
    }
  }

  private ListValue aggregate(ObjectValue role) {
    var rules = new ArrayList<Value>();
    String own = role.string("metadata", "name");
    List<ObjectValue> all = new ArrayList<>(registry.peekAll(CLUSTER_ROLES, ""));
    all.sort(Comparator.comparing(r -> r.string("metadata", "name")));
    for (ObjectValue selector : role.list("aggregationRule", "clusterRoleSelectors").objects()) {
      LabelSelector wanted = LabelSelector.fromObject(selector);
      for (ObjectValue part : all) {
        if (!part.string("metadata", "name").equals(own) && wanted.matches(part.object("metadata", "labels"))) {
          part.list("rules").stream().filter(rule -> !rules.contains(rule)).forEach(rules::add);
        }
      }
    }
    return new ListValue(rules);
  }
}
