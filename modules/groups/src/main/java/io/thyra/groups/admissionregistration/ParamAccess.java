package io.thyra.groups.admissionregistration;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.GroupDependencies;
import io.thyra.groups.StoredObjects;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import io.thyra.schema.Schemas;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Who makes a policy use parameters must be able to read them.
/// Source: pkg/registry/admissionregistration/*/authz.go.
final class ParamAccess {
  private final Schemas schemas;
  private final StoredObjects objects;
  private final Authorizer authorizer;
  private final GroupResource policies;

  ParamAccess(Schemas schemas, GroupDependencies needs, String policies) {
    this.schemas = schemas;
    this.objects = needs.objects();
    this.authorizer = needs.authorizer();
    this.policies = new GroupResource("admissionregistration.k8s.io", policies);
  }

  private static final class Kind {
    final String group;
    final String version;
    final Optional<String> resource;

    Kind(Schemas schemas, ObjectValue paramKind) {
      String text = paramKind.string("apiVersion");
      int slash = text.indexOf('/');
      group = slash < 0 ? "" : text.substring(0, slash);
      version = text.substring(slash + 1);
      resource =
          schemas.resources().stream()
              .filter(r -> r.kind().group().equals(group) && r.kind().version().equals(version))
              .filter(r -> r.kind().kind().equals(paramKind.string("kind")))
              .map(r -> r.resource().resource())
              .findFirst();
    }
  }

  void policy(RequestContext context, ObjectValue policy, List<FieldError> errors) {
    if (!errors.isEmpty() || !(policy.at("spec", "paramKind") instanceof ObjectValue paramKind) || isMaster(context.user())) {
      return;
    }
    var kind = new Kind(schemas, paramKind);
    var asked =
        AuthorizationAttributes.resource(
            context.user(), "get", kind.group, kind.version, kind.resource.orElse("*"), "", "*", "*");
    if (!authorizer.authorize(asked).allowed()) {
      errors.add(
          FieldError.forbidden(
              FieldPath.of("spec", "paramKind"),
              "user "
                  + print(context.user())
                  + " must have \"get\" permission on all objects of the referenced paramKind (kind="
                  + paramKind.string("kind")
                  + ", apiVersion="
                  + paramKind.string("apiVersion")
                  + ")"));
    }
  }

  void policy(RequestContext context, ObjectValue policy, ObjectValue old, List<FieldError> errors) {
    if (!Objects.equals(policy.at("spec", "paramKind"), old.at("spec", "paramKind"))) {
      policy(context, policy, errors);
    }
  }

  void binding(RequestContext context, ObjectValue binding, List<FieldError> errors) {
    if (!errors.isEmpty() || !isSet(binding.at("spec", "paramRef")) || isMaster(context.user())) {
      return;
    }
    ObjectValue reference = binding.object("spec", "paramRef");
    String policyName = binding.string("spec", "policyName");
    Optional<ObjectValue> policy = objects.find(policies, "", policyName);
    Optional<Kind> kind =
        policy
            .map(p -> p.at("spec", "paramKind"))
            .filter(ObjectValue.class::isInstance)
            .map(k -> new Kind(schemas, (ObjectValue) k));
    String verb = reference.string("name").isEmpty() ? "list" : "get";
    var asked =
        AuthorizationAttributes.resource(
            context.user(),
            verb,
            kind.map(k -> k.group).orElse("*"),
            kind.map(k -> k.version).orElse("*"),
            kind.flatMap(k -> k.resource).orElse("*"),
            "",
            reference.string("namespace"),
            reference.string("name"));
    if (!authorizer.authorize(asked).allowed()) {
      errors.add(FieldError.forbidden(FieldPath.of("spec", "paramRef"), refusal(context.user(), verb, policy, kind, policyName)));
    }
  }

  void binding(RequestContext context, ObjectValue binding, ObjectValue old, List<FieldError> errors) {
    if (!Objects.equals(binding.at("spec", "paramRef"), old.at("spec", "paramRef"))) {
      binding(context, binding, errors);
    }
  }

  private static String refusal(
      UserInfo user, String verb, Optional<ObjectValue> policy, Optional<Kind> kind, String policyName) {
    String unknown =
        " to determine minimum required permissions and user "
            + print(user)
            + " does not have \""
            + verb
            + "\" permission for all groups, versions and resources";
    if (policy.isEmpty()) {
      return "unable to get policy " + policyName + unknown;
    }
    if (kind.isPresent() && kind.get().resource.isEmpty()) {
      ObjectValue paramKind = policy.get().object("spec", "paramKind");
      return "unable to resolve paramKind &{" + paramKind.string("apiVersion") + " " + paramKind.string("kind") + "}" + unknown;
    }
    return "user " + print(user) + " does not have \"" + verb + "\" permission on the object referenced by paramRef";
  }

  private static boolean isMaster(UserInfo user) {
    return user.groups().contains("system:masters");
  }

  // As Go prints a pointer to its struct.
  private static String print(UserInfo user) {
    var extra = new StringBuilder("map[");
    new java.util.TreeMap<>(user.extra())
        .forEach((key, values) -> extra.append(extra.length() > 4 ? " " : "").append(key).append(":[").append(String.join(" ", values)).append(']'));
    return "&{" + user.name() + " " + user.uid() + " [" + String.join(" ", user.groups()) + "] " + extra.append("]}");
  }
}
