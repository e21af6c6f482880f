package io.thyra.authorization;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.Authorizer.Decision;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.NodeIdentity;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers the reviews of authorization.k8s.io: may somebody, may I, what may I. Bodies are canonical.
/// Source: kubernetes pkg/registry/authorization.
public final class AccessReviews {
  private final Authorizer authorizer;
  private final Optional<RbacPolicy> policy;
  private final boolean nodes;

  /// @param policy the rules that a rules review lists; empty when RBAC is off, which makes every such review incomplete
  /// @param nodes whether the mode Node is on, whose rules cannot be listed
  public AccessReviews(Authorizer authorizer, Optional<RbacPolicy> policy, boolean nodes) {
    this.authorizer = authorizer;
    this.policy = policy;
    this.nodes = nodes;
  }

  /// The handler of a review, by the name of its resource.
  public Optional<Subresource.Action.Handler> find(String resource) {
    return switch (resource) {
      case "subjectaccessreviews" -> Optional.of((_, _, _, body) -> review(AccessReviewRules.subject(body), userOf(body)));
      case "localsubjectaccessreviews" -> Optional.of((_, _, _, body) -> review(AccessReviewRules.local(body), userOf(body)));
      case "selfsubjectaccessreviews" -> Optional.of((context, _, _, body) -> review(AccessReviewRules.self(body), context.user()));
      case "selfsubjectrulesreviews" -> Optional.of((context, _, _, body) -> rules(context, body));
      default -> Optional.empty();
    };
  }

  private static UserInfo userOf(ObjectValue body) {
    ObjectValue spec = body.object("spec");
    var extra = new LinkedHashMap<String, List<String>>();
    spec.object("extra").forEach((key, values) -> extra.put(key, values instanceof ListValue list ? list.strings() : List.of()));
    return new UserInfo(spec.string("user"), spec.string("uid"), spec.list("groups").strings(), extra);
  }

  private ObjectValue review(ObjectValue body, UserInfo user) {
    ObjectValue spec = body.object("spec");
    ObjectValue of = spec.object("resourceAttributes");
    AskedSelector fields = AskedSelector.ofFields(of.object("fieldSelector"));
    AskedSelector labels = AskedSelector.ofLabels(of.object("labelSelector"));
    Decision decision = authorizer.authorize(attributes(spec, user, fields, labels));
    var status = ObjectValue.builder().put("allowed", decision.allowed());
    if (decision instanceof Decision.Deny) {
      status.put("denied", true);
    }
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
    var complaints = new ArrayList<String>(2);
    fields.complaint("spec.resourceAttributes.fieldSelector").ifPresent(complaints::add);
    labels.complaint("spec.resourceAttributes.labelSelector").ifPresent(complaints::add);
    if (!complaints.isEmpty()) {
      status.put("evaluationError", String.join("; ", complaints));
    }
    return body.with("status", status.build());
  }

  private static AuthorizationAttributes attributes(ObjectValue spec, UserInfo user, AskedSelector fields, AskedSelector labels) {
    if (!spec.has("resourceAttributes")) {
      ObjectValue path = spec.object("nonResourceAttributes");
      return AuthorizationAttributes.nonResource(user, path.string("verb"), path.string("path"));
    }
    ObjectValue of = spec.object("resourceAttributes");
    String version = of.string("version");
    return new AuthorizationAttributes(
        user,
        of.string("verb"),
        of.string("group"),
        version.isEmpty() ? "*" : version,
        of.string("resource"),
        of.string("subresource"),
        of.string("namespace"),
        of.string("name"),
        "",
        true,
        fields.requirements(),
        labels.requirements());
  }

  private ObjectValue rules(RequestContext context, ObjectValue body) {
    String namespace = body.string("spec", "namespace");
    if (namespace.isEmpty()) {
      throw new Failure.BadRequest("no namespace on request").toException();
    }
    var resourceRules = new ArrayList<Value>();
    var pathRules = new ArrayList<Value>();
    var errors = new ArrayList<String>();
    boolean node = nodes && NodeIdentity.of(context.user()).isPresent();
    if (node) {
      errors.add("node authorizer does not support user rule resolution");
    }
    policy.ifPresent(
        rbac ->
            rbac.visit(
                context.user(),
                namespace,
                (_, rule) -> {
                  if (!rule.resources().isEmpty()) {
                    resourceRules.add(resourceRule(rule));
                  }
                  if (!rule.nonResourceUrls().isEmpty()) {
                    pathRules.add(
                        ObjectValue.of(
                            "verbs", ListValue.ofStrings(rule.verbs()), "nonResourceURLs", ListValue.ofStrings(rule.nonResourceUrls())));
                  }
                  return true;
                },
                errors));
    var status =
        ObjectValue.builder()
            .put("resourceRules", new ListValue(resourceRules))
            .put("nonResourceRules", new ListValue(pathRules))
            .put("incomplete", policy.isEmpty() || node);
    if (!errors.isEmpty()) {
      status.put("evaluationError", RbacPolicy.aggregate(errors));
    }
    // The question is not repeated, nor anything else that was sent.
    return ObjectValue.builder()
        .put("kind", body.string("kind"))
        .put("apiVersion", body.string("apiVersion"))
        .put("metadata", ObjectValue.EMPTY)
        .put("spec", ObjectValue.EMPTY)
        .put("status", status.build())
        .build();
  }

  private static ObjectValue resourceRule(PolicyRule rule) {
    var lists = new LinkedHashMap<String, List<String>>();
    lists.put("verbs", rule.verbs());
    lists.put("apiGroups", rule.groups());
    lists.put("resources", rule.resources());
    lists.put("resourceNames", rule.resourceNames());
    var out = ObjectValue.builder();
    for (Map.Entry<String, List<String>> list : lists.entrySet()) {
      if (!list.getValue().isEmpty()) {
        out.put(list.getKey(), ListValue.ofStrings(list.getValue()));
      }
    }
    return out.build();
  }
}
