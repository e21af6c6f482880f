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
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.registry.AdmissionAttributes;
import java.util.Map;
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
    versioned.describe(request);
    request.put("dryRun", attributes.context().dryRun());
    attributes.options().ifPresent(options -> request.put("options", options));
    return request.build();
  }
}
