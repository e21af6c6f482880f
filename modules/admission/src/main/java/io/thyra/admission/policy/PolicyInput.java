package io.thyra.admission.policy;

import io.thyra.admission.webhook.VersionedRequest;
import io.thyra.cel.DeclType;
import io.thyra.cel.Evaluation;
import io.thyra.cel.Expression;
import io.thyra.cel.LazyFields;
import io.thyra.cel.PolicyCompiler;
import io.thyra.cel.Variables;
import io.thyra.model.Authorizer;
import io.thyra.model.GoText;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The variables of expressions about one request. Source: apiserver pkg/admission/plugin/cel/activation.go, condition.go.
///
/// @param namespace the namespace of the request, null for what lies outside of namespaces
/// @param params the parameters, null for none
record PolicyInput(
    VersionedRequest versioned, @Nullable ObjectValue namespace, @Nullable ObjectValue params, Authorizer authorizer) {
  /// @param authorized whether expressions may ask what the user may do
  Variables variables(boolean authorized) {
    AdmissionAttributes attributes = versioned.attributes();
    var variables =
        new Variables()
            .put("object", versioned.object().orElse(null), DeclType.DYN)
            .put("oldObject", versioned.oldObject().orElse(null), DeclType.DYN)
            .put("request", request(), PolicyCompiler.REQUEST)
            .put("namespaceObject", namespace, PolicyCompiler.NAMESPACE)
            .put("params", params, DeclType.DYN);
    if (authorized) {
      UserInfo user = attributes.context().user();
      GroupVersionResource resource = attributes.resource();
      variables
          .putAuthorizer("authorizer", user, authorizer)
          .putResourceCheck(
              "authorizer.requestResource",
              user,
              authorizer,
              resource.group(),
              resource.resource(),
              attributes.subresource(),
              attributes.namespace(),
              attributes.name());
    }
    return variables;
  }

  /// The same with the variables that a policy names, each computed when it is asked for.
  Variables variables(boolean authorized, Map<String, Program> named, Budget budget) {
    Variables variables = variables(authorized);
    var fields =
        new LazyFields(
            PolicyCompiler.VARIABLES_TYPE,
            name -> {
              Program program = named.get(name);
              return program == null ? null : evaluate(name, program, variables, budget);
            });
    return variables.putLazy("variables", fields);
  }

  private static Evaluation evaluate(String name, Program program, Variables variables, Budget budget) {
    String shown = "composited variable " + GoText.quote(name);
    Expression expression = program.expression();
    if (expression == null) {
      return Evaluation.failed(shown + " fails to compile: " + program.error(), 0);
    }
    Evaluation evaluation = expression.evaluate(variables);
    budget.note(evaluation.cost());
    return evaluation
        .error()
        .map(e -> Evaluation.failed(shown + " fails to evaluate: " + e.getMessage(), evaluation.cost()))
        .orElse(evaluation);
  }

  private ObjectValue request() {
    AdmissionAttributes attributes = versioned.attributes();
    ObjectValue.Builder request = ObjectValue.builder(16);
    request.put("kind", kind(versioned.match().kind()));
    request.put("resource", resource(versioned.match().resource()));
    text(request, "subResource", attributes.subresource());
    request.put("requestKind", kind(attributes.kind()));
    request.put("requestResource", resource(attributes.resource()));
    text(request, "requestSubResource", attributes.subresource());
    text(request, "name", attributes.name());
    text(request, "namespace", attributes.namespace());
    request.put("operation", attributes.operation().name());
    request.put("userInfo", user(attributes.context().user()));
    request.put("dryRun", attributes.context().dryRun());
    attributes.options().ifPresent(options -> request.put("options", options));
    return request.build();
  }

  private static void text(ObjectValue.Builder request, String name, String value) {
    if (!value.isEmpty()) {
      request.put(name, value);
    }
  }

  private static ObjectValue kind(GroupVersionKind kind) {
    return ObjectValue.builder().put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind()).build();
  }

  private static ObjectValue resource(GroupVersionResource resource) {
    return ObjectValue.builder()
        .put("group", resource.group())
        .put("version", resource.version())
        .put("resource", resource.resource())
        .build();
  }

  private static ObjectValue user(UserInfo user) {
    ObjectValue.Builder info = ObjectValue.builder();
    text(info, "username", user.name());
    text(info, "uid", user.uid());
    if (!user.groups().isEmpty()) {
      info.put("groups", ListValue.ofStrings(user.groups()));
    }
    if (!user.extra().isEmpty()) {
      ObjectValue.Builder extra = ObjectValue.builder();
      new TreeMap<>(user.extra()).forEach((key, values) -> extra.put(key, (Value) ListValue.ofStrings(values)));
      info.put("extra", extra.build());
    }
    return info.build();
  }
}
