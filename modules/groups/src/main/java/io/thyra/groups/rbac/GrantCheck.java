package io.thyra.groups.rbac;

import io.thyra.groups.EscalationCheck;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.StoredObjects;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Refuses to write roles and bindings that give their writer more than he has: but for system:masters, and for who has
/// the verb `escalate` on the role or `bind` on the role of the binding.
/// Source: pkg/registry/rbac/escalation_check.go, pkg/registry/rbac/*/policybased/storage.go.
final class GrantCheck {
  static final String GROUP = "rbac.authorization.k8s.io";
  private static final ListValue EVERYTHING = ListValue.of(rule("apiGroups", "resources"), rule("nonResourceURLs"));

  private final StoredObjects objects;
  private final EscalationCheck escalation;
  private final Authorizer authorizer;

  GrantCheck(GroupDependencies needs) {
    objects = needs.objects();
    escalation = needs.escalation();
    authorizer = needs.authorizer();
  }

  private static ObjectValue rule(String... fields) {
    ListValue all = ListValue.ofStrings(java.util.List.of("*"));
    ObjectValue rule = ObjectValue.EMPTY.with("verbs", all);
    for (String field : fields) {
      rule = rule.with(field, all);
    }
    return rule;
  }

  /// The role, when its rules may be written.
  ObjectValue role(RequestContext context, ObjectValue role, @Nullable ObjectValue old) {
    if (isMaster(context.user()) || mayEscalate(context) || old != null && onlyCollected(role, old)) {
      return role;
    }
    refuseEscalation(context, role, role.list("rules"));
    boolean aggregates = aggregates(role) || old != null && aggregates(old);
    if (aggregates && escalation.findEscalation(context.user(), "", EVERYTHING).isPresent()) {
      throw forbidden(context, role, "must have cluster-admin privileges to use the aggregationRule");
    }
    return role;
  }

  /// The binding, when its role may be given.
  ObjectValue binding(RequestContext context, ObjectValue binding, @Nullable ObjectValue old) {
    if (isMaster(context.user()) || old != null && onlyCollected(binding, old)) {
      return binding;
    }
    ObjectValue reference = binding.object("roleRef");
    String resource = reference.string("kind").equals("Role") ? "roles" : "clusterroles";
    String namespace = context.info().namespace();
    String name = reference.string("name");
    var asked =
        AuthorizationAttributes.resource(
            context.user(), "bind", reference.string("apiGroup"), "*", resource, "", namespace, name);
    boolean known = reference.string("kind").equals("Role") || reference.string("kind").equals("ClusterRole");
    if (known && authorizer.authorize(asked).allowed()) {
      return binding;
    }
    var roles = new GroupResource(GROUP, resource);
    ObjectValue role =
        objects
            .find(roles, resource.equals("roles") ? namespace : "", name)
            // Upstream's lookup names the resource of the request, not the one that it looks for.
            .orElseThrow(() -> new Failure.NotFound(context.info().groupResource(), name).toException());
    refuseEscalation(context, binding, role.list("rules"));
    return binding;
  }

  private void refuseEscalation(RequestContext context, ObjectValue object, ListValue rules) {
    escalation
        .findEscalation(context.user(), context.info().namespace(), rules)
        .ifPresent(
            why -> {
              throw forbidden(context, object, why);
            });
  }

  private static RuntimeException forbidden(RequestContext context, ObjectValue object, String why) {
    var resource = new GroupResource(context.info().group(), context.info().resource());
    return new Failure.Forbidden(resource, object.string("metadata", "name"), why).toException();
  }

  private static boolean isMaster(UserInfo user) {
    return user.groups().contains("system:masters");
  }

  private boolean mayEscalate(RequestContext context) {
    var info = context.info();
    return authorizer
        .authorize(
            AuthorizationAttributes.resource(
                context.user(), "escalate", info.group(), "*", info.resource(), "", info.namespace(), info.name()))
        .allowed();
  }

  private static boolean aggregates(ObjectValue role) {
    return !role.list("aggregationRule", "clusterRoleSelectors").isEmpty();
  }

  /// Whether a write changes only what garbage collection does.
  private static boolean onlyCollected(ObjectValue object, ObjectValue old) {
    return Objects.equals(collectable(object), collectable(old));
  }

  private static ObjectValue collectable(ObjectValue object) {
    ObjectValue metadata = object.object("metadata");
    for (String field : java.util.List.of("ownerReferences", "finalizers", "selfLink", "managedFields")) {
      metadata = metadata.without(field);
    }
    return object.without("kind").without("apiVersion").with("metadata", metadata);
  }
}
