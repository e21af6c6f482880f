package io.thyra.cel;

import static io.thyra.cel.Library.BOOL;
import static io.thyra.cel.Library.STRING;

import dev.cel.common.types.CelType;
import io.thyra.machinery.FieldSelector;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.Names;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.AuthorizationAttributes.Requirement;
import io.thyra.model.Authorizer;
import io.thyra.model.UserInfo;
import java.util.ArrayList;
import java.util.List;

/// Questions about what a user may do. Source: apiserver pkg/cel/library/authz.go.
final class AuthorizationLibrary {
  private static final String PREFIX = "kubernetes.authorization.";
  static final CelType AUTHORIZER = Library.object(PREFIX + "Authorizer");
  static final CelType PATH_CHECK = Library.object(PREFIX + "PathCheck");
  static final CelType GROUP_CHECK = Library.object(PREFIX + "GroupCheck");
  static final CelType RESOURCE_CHECK = Library.object(PREFIX + "ResourceCheck");
  static final CelType DECISION = Library.object(PREFIX + "Decision");

  private AuthorizationLibrary() {}

  /// The one who is asked, about whom.
  record Asked(UserInfo user, Authorizer authorizer) implements Opaque {
    @Override
    public String typeName() {
      return AUTHORIZER.name();
    }
  }

  record PathCheck(Asked asked, String path) implements Opaque {
    @Override
    public String typeName() {
      return PATH_CHECK.name();
    }
  }

  record GroupCheck(Asked asked, String group) implements Opaque {
    @Override
    public String typeName() {
      return GROUP_CHECK.name();
    }
  }

  record ResourceCheck(
      GroupCheck group, String resource, String subresource, String namespace, String name, String fieldSelector, String labelSelector)
      implements Opaque {
    ResourceCheck(GroupCheck group, String resource) {
      this(group, resource, "", "", "", "", "");
    }

    @Override
    public String typeName() {
      return RESOURCE_CHECK.name();
    }

    private ResourceCheck withSubresource(String value) {
      return new ResourceCheck(group, resource, value, namespace, name, fieldSelector, labelSelector);
    }

    private ResourceCheck withNamespace(String value) {
      return new ResourceCheck(group, resource, subresource, value, name, fieldSelector, labelSelector);
    }

    private ResourceCheck withName(String value) {
      return new ResourceCheck(group, resource, subresource, namespace, value, fieldSelector, labelSelector);
    }

    private ResourceCheck withFieldSelector(String value) {
      return new ResourceCheck(group, resource, subresource, namespace, name, value, labelSelector);
    }

    private ResourceCheck withLabelSelector(String value) {
      return new ResourceCheck(group, resource, subresource, namespace, name, fieldSelector, value);
    }
  }

  record Decision(Authorizer.Decision decision) implements Opaque {
    @Override
    public String typeName() {
      return DECISION.name();
    }
  }

  static void declare(Library lib) {
    List.of(AUTHORIZER, PATH_CHECK, GROUP_CHECK, RESOURCE_CHECK, DECISION).forEach(lib::type);
    lib.member("path", "authorizer_path", PATH_CHECK, a -> path((Asked) a[0], (String) a[1]), AUTHORIZER, STRING);
    lib.member("group", "authorizer_group", GROUP_CHECK, a -> new GroupCheck((Asked) a[0], (String) a[1]), AUTHORIZER, STRING);
    lib.member(
        "serviceAccount",
        "authorizer_serviceaccount",
        AUTHORIZER,
        a -> account((Asked) a[0], (String) a[1], (String) a[2]),
        AUTHORIZER,
        STRING,
        STRING);
    lib.member("resource", "groupcheck_resource", RESOURCE_CHECK, a -> resource((GroupCheck) a[0], (String) a[1]), GROUP_CHECK, STRING);
    refine(lib, "subresource", "resourcecheck_subresource", ResourceCheck::withSubresource);
    refine(lib, "namespace", "resourcecheck_namespace", ResourceCheck::withNamespace);
    refine(lib, "name", "resourcecheck_name", ResourceCheck::withName);
    refine(lib, "fieldSelector", "authorizer_fieldselector", ResourceCheck::withFieldSelector);
    refine(lib, "labelSelector", "authorizer_labelselector", ResourceCheck::withLabelSelector);
    lib.member("check", "pathcheck_check", DECISION, a -> check((PathCheck) a[0], (String) a[1]), PATH_CHECK, STRING);
    lib.member("check", "resourcecheck_check", DECISION, a -> check((ResourceCheck) a[0], (String) a[1]), RESOURCE_CHECK, STRING);
    lib.member("errored", "decision_errored", BOOL, _ -> false, DECISION);
    lib.member("error", "decision_error", STRING, _ -> "", DECISION);
    lib.member("allowed", "decision_allowed", BOOL, a -> ((Decision) a[0]).decision().allowed(), DECISION);
    lib.member("reason", "decision_reason", STRING, a -> ((Decision) a[0]).decision().reason(), DECISION);
  }

  private interface Refinement {
    ResourceCheck apply(ResourceCheck check, String value);
  }

  private static void refine(Library lib, String function, String id, Refinement refinement) {
    lib.member(function, id, RESOURCE_CHECK, a -> refinement.apply((ResourceCheck) a[0], (String) a[1]), RESOURCE_CHECK, STRING);
  }

  private static PathCheck path(Asked asked, String path) {
    if (path.isBlank()) {
      throw new EvaluationException("path must not be empty");
    }
    return new PathCheck(asked, path);
  }

  private static ResourceCheck resource(GroupCheck group, String resource) {
    if (resource.isBlank()) {
      throw new EvaluationException("resource must not be empty");
    }
    return new ResourceCheck(group, resource);
  }

  private static Asked account(Asked asked, String namespace, String name) {
    if (!Names.DNS_SUBDOMAIN.check(name, false).isEmpty()) {
      throw new EvaluationException("Invalid service account name");
    }
    if (!Names.DNS_LABEL.check(namespace, false).isEmpty()) {
      throw new EvaluationException("Invalid service account namespace");
    }
    String user = "system:serviceaccount:" + namespace + ":" + name;
    List<String> groups = List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace);
    return new Asked(new UserInfo(user, "", groups), asked.authorizer());
  }

  private static Decision check(PathCheck check, String verb) {
    Asked asked = check.asked();
    return new Decision(asked.authorizer().authorize(AuthorizationAttributes.nonResource(asked.user(), verb, check.path())));
  }

  private static Decision check(ResourceCheck check, String verb) {
    Asked asked = check.group().asked();
    var question =
        new AuthorizationAttributes(
            asked.user(),
            verb,
            check.group().group(),
            "*",
            check.resource(),
            check.subresource(),
            check.namespace(),
            check.name(),
            "",
            true,
            fields(check.fieldSelector()),
            labels(check.labelSelector()));
    return new Decision(asked.authorizer().authorize(question));
  }

  /// The terms of a selector; none when it is none, as if nothing had been selected.
  private static List<Requirement> fields(String selector) {
    if (selector.isEmpty()) {
      return List.of();
    }
    try {
      return FieldSelector.parse(selector).requirements().stream()
          .map(r -> new Requirement(r.field(), r.equal() ? "In" : "NotIn", List.of(r.value())))
          .toList();
    } catch (SyntaxException _) {
      return List.of();
    }
  }

  private static List<Requirement> labels(String selector) {
    if (selector.isEmpty()) {
      return List.of();
    }
    var requirements = new ArrayList<Requirement>();
    try {
      for (LabelSelector.Requirement each : LabelSelector.parse(selector).requirements()) {
        String operator =
            switch (each.operator()) {
              case EQUALS, DOUBLE_EQUALS, IN -> "In";
              case NOT_EQUALS, NOT_IN -> "NotIn";
              case EXISTS -> "Exists";
              case DOES_NOT_EXIST -> "DoesNotExist";
              case GREATER_THAN -> "GreaterThan";
              case LESS_THAN -> "LessThan";
            };
        requirements.add(new Requirement(each.key(), operator, each.values()));
      }
      return requirements;
    } catch (SyntaxException _) {
      return List.of();
    }
  }
}
