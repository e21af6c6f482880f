package io.thyra.groups.rbac;

import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.stream.Collectors;

/// `rbac.authorization.k8s.io/v1`: roles and bindings.
public final class RbacGroup {
  private RbacGroup() {}

  public static void declare(Group group, GroupDependencies needs) {
    var grants = new GrantCheck(needs);
    group.resource("roles", r -> RbacRules.declareRole(r, grants));
    group.resource("clusterroles", r -> RbacRules.declareRole(r, grants));
    group.resource(
        "rolebindings", r -> RbacRules.declareBinding(r.columns(c -> binding(c, "RoleBinding", "roleBinding")), grants));
    group.resource(
        "clusterrolebindings",
        r -> RbacRules.declareBinding(r.columns(c -> binding(c, "ClusterRoleBinding", "clusterRoleBinding")), grants));
  }

  private static TableColumns binding(Columns columns, String type, String word) {
    return columns
        .text(
            "Role",
            // Upstream's printer reads the words of v1beta1, which did not say yet that the field is immutable.
            columns.doc("rbac.v1." + type, "roleRef").replace(" This field is immutable.", ""),
            o -> o.string("roleRef", "kind") + "/" + o.string("roleRef", "name"))
        .age()
        .wide()
        .text("Users", "Users in the " + word, o -> subjects(o, "User"))
        .text("Groups", "Groups in the " + word, o -> subjects(o, "Group"))
        .text("ServiceAccounts", "ServiceAccounts in the " + word, o -> subjects(o, "ServiceAccount"))
        .build();
  }

  private static String subjects(ObjectValue binding, String kind) {
    return binding.list("subjects").objects().stream()
        .filter(s -> s.string("kind").equals(kind))
        .map(s -> kind.equals("ServiceAccount") ? s.string("namespace") + "/" + s.string("name") : s.string("name"))
        .collect(Collectors.joining(", "));
  }
}
