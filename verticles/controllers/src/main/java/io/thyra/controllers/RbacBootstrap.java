package io.thyra.controllers;

import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings the bootstrap roles and bindings into the store, or back to what they must hold: rules, subjects, labels and
/// annotations that are missing are added, what somebody added stays. Objects whose annotation says so are left alone.
/// Source: kubernetes pkg/registry/rbac/rest/storage_rbac.go, component-helpers auth/rbac/reconciliation.
public final class RbacBootstrap {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";
  private static final Map<String, String> RESOURCES =
      Map.of("ClusterRole", "clusterroles", "Role", "roles", "ClusterRoleBinding", "clusterrolebindings", "RoleBinding", "rolebindings");

  /// Tells what rights some rules lack of others; the answer holds nothing when all are there.
  public interface MissingRules {
    ListValue missing(ListValue held, ListValue wanted);
  }

  private final Registry registry;
  private final MissingRules missingRules;

  RbacBootstrap(Registry registry, MissingRules missingRules) {
    this.registry = registry;
    this.missingRules = missingRules;
  }

  void reconcile(List<ObjectValue> objects) {
    objects.forEach(this::reconcile);
  }

  private void reconcile(ObjectValue wanted) {
    GroupResource resource = new GroupResource(GROUP, RESOURCES.get(wanted.string("kind")));
    String namespace = wanted.string("metadata", "namespace");
    String name = wanted.string("metadata", "name");
    Optional<ObjectValue> live = registry.find(resource, namespace, name);
    if (live.isEmpty()) {
      create(resource, wanted);
      return;
    }
    if (live.get().string("metadata", "annotations", AUTO_UPDATE).equals("false")) {
      return;
    }
    if (wanted.has("roleRef") && !sameRole(live.get(), wanted)) {
      // A binding's role cannot be changed.
      registry.delete(Registry.SYSTEM, resource, namespace, name, DeleteTerms.NONE);
      create(resource, wanted);
      return;
    }
    if (!completed(live.get(), wanted).equals(live.get())) {
      registry.update(Registry.SYSTEM, resource, "", namespace, name, current -> completed(current, wanted));
    }
  }

  private void create(GroupResource resource, ObjectValue wanted) {
    try {
      registry.create(Registry.SYSTEM, resource, wanted);
    } catch (ApiException e) {
      if (!e.status().reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }

  private static boolean sameRole(ObjectValue live, ObjectValue wanted) {
    return live.string("roleRef", "kind").equals(wanted.string("roleRef", "kind"))
        && live.string("roleRef", "name").equals(wanted.string("roleRef", "name"));
  }

  private ObjectValue completed(ObjectValue live, ObjectValue wanted) {
    ObjectValue done = live;
    for (String map : List.of("labels", "annotations")) {
      ObjectValue.Builder all = live.object("metadata", map).toBuilder();
      wanted.object("metadata", map).forEach(all::put);
      done = done.withAt(all.build(), "metadata", map);
    }
    if (wanted.has("aggregationRule")) {
      return done.with("aggregationRule", wanted.object("aggregationRule"));
    }
    if (wanted.has("rules")) {
      ListValue missing = missingRules.missing(live.list("rules"), wanted.list("rules"));
      return missing.isEmpty() ? done : done.with("rules", joined(live.list("rules"), missing));
    }
    var missing = new ArrayList<Value>();
    wanted.list("subjects").stream().filter(subject -> !live.list("subjects").items().contains(subject)).forEach(missing::add);
    return missing.isEmpty() ? done : done.with("subjects", joined(live.list("subjects"), new ListValue(missing)));
  }

  private static ListValue joined(ListValue first, ListValue second) {
    var all = new ArrayList<>(first.items());
    all.addAll(second.items());
    return new ListValue(all);
  }
}
