package io.thyra.admission.policy;

import io.thyra.admission.Plugin;
import io.thyra.admission.Refusal;
import io.thyra.admission.RuleMatcher;
import io.thyra.admission.webhook.ObjectVersions;
import io.thyra.admission.webhook.VersionedRequest;
import io.thyra.cel.Costs;
import io.thyra.cel.Evaluation;
import io.thyra.cel.Variables;
import io.thyra.codec.JsonWriter;
import io.thyra.model.ApiException;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The plugin ValidatingAdmissionPolicy: all policies that are about a request judge it; the first refusal is told.
/// Source: apiserver pkg/admission/plugin/policy/validating/dispatcher.go, validator.go.
public final class ValidatingPolicies implements Plugin {
  private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";
  private static final int ANNOTATION_BYTES_MAX = 10 * 1024;

  /// A judgment against a request.
  ///
  /// @param reason empty for the usual one
  /// @param index the place of the validation among those of its policy
  private record Denial(PolicyDefinition policy, @Nullable ObjectValue binding, String message, String reason, int index) {}

  /// What one policy makes of a request with some parameters.
  ///
  /// @param problems what is wrong with annotations, which refuses a request whatever the binding says
  /// @param annotations for the audit log, by their keys
  private record Judgment(List<Denial> denials, List<String> problems, Map<String, String> annotations) {}

  private final PolicySource<PolicyDefinition> source;
  private final Invocations invocations;
  private final ObjectVersions versions;
  private final Authorizer authorizer;

  /// @param authorizer answers what expressions ask about rights
  public ValidatingPolicies(Registry registry, Authorizer authorizer) {
    this.source =
        new PolicySource<>(
            registry,
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            policy -> new PolicyDefinition(policy, false));
    this.invocations = new Invocations(registry);
    this.versions = new ObjectVersions(registry);
    this.authorizer = authorizer;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return !Invocations.isExempt(attributes);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    List<PolicySource.Bound<PolicyDefinition>> policies = source.policies();
    if (policies.isEmpty()) {
      return;
    }
    var denials = new ArrayList<Denial>();
    // What the bindings of each policy tell the audit log: one value where they agree.
    var published = new LinkedHashMap<PolicyDefinition, Map<String, Set<String>>>();
    invocations.visit(
        policies,
        attributes,
        new Invocations.Visitor() {
          @Override
          public void invoke(
              PolicyDefinition policy, ObjectValue binding, RuleMatcher.Match match, List<Optional<ObjectValue>> params) {
            ask(policy, binding, match, params, attributes, denials, published.computeIfAbsent(policy, _ -> new LinkedHashMap<>()));
          }

          @Override
          public void misconfigured(PolicyDefinition policy, @Nullable ObjectValue binding, String why) {
            if (!policy.ignoresFailures()) {
              denials.add(new Denial(policy, binding, why, "", 0));
            }
          }
        });
    published.forEach(
        (policy, annotations) ->
            annotations.forEach((key, values) -> attributes.context().audit(policy.name() + "/" + key, String.join(", ", values))));
    if (!denials.isEmpty()) {
      throw refusal(attributes, denials.getFirst());
    }
  }

  private void ask(
      PolicyDefinition policy,
      ObjectValue binding,
      RuleMatcher.Match match,
      List<Optional<ObjectValue>> params,
      AdmissionAttributes attributes,
      List<Denial> denials,
      Map<String, Set<String>> published) {
    VersionedRequest versioned = versions.of(attributes, match);
    ObjectValue namespace = invocations.namespace(attributes);
    List<String> actions = binding.list("spec", "validationActions").strings();
    String name = binding.string("metadata", "name");
    for (Optional<ObjectValue> each : params) {
      var input = new PolicyInput(versioned, namespace, each.orElse(null), authorizer);
      Judgment judgment = judge(policy, binding, input);
      for (Denial denial : judgment.denials()) {
        for (String action : actions) {
          switch (action) {
            case "Deny" -> denials.add(denial);
            case "Warn" ->
                attributes
                    .context()
                    .warn(
                        "Validation failed for ValidatingAdmissionPolicy '%s' with binding '%s': %s"
                            .formatted(policy.name(), name, denial.message()));
            case "Audit" -> attributes.context().audit(FAILURE, failure(denial, name, binding.object("spec")));
            default -> {}
          }
        }
      }
      judgment.annotations().forEach((key, value) -> published.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(value));
      judgment.problems().forEach(problem -> denials.add(new Denial(policy, binding, problem, "", 0)));
    }
  }

  private static String failure(Denial denial, String binding, ObjectValue spec) {
    ObjectValue failure =
        ObjectValue.builder()
            .put("message", denial.message())
            .put("policy", spec.string("policyName"))
            .put("binding", binding)
            .put("expressionIndex", denial.index())
            .put("validationActions", spec.list("validationActions"))
            .build();
    return new String(JsonWriter.write(ListValue.of(failure)), StandardCharsets.UTF_8);
  }

  private static Judgment judge(PolicyDefinition policy, ObjectValue binding, PolicyInput input) {
    PolicyDefinition.Compiled compiled = policy.compiled();
    Conditions.Outcome conditions = compiled.conditions().match(input, policy.ignoresFailures());
    if (!conditions.error().isEmpty()) {
      return failed(policy, binding, conditions.error());
    }
    if (!conditions.matches()) {
      return new Judgment(List.of(), List.of(), Map.of());
    }
    var budget = new Budget(Costs.RUNTIME_BUDGET);
    var outcomes = new ArrayList<Program.Outcome>();
    try {
      Variables variables = input.variables(true, compiled.variables(), budget);
      for (PolicyDefinition.Validation validation : compiled.validations()) {
        outcomes.add(validation.expression().evaluate(variables, budget));
      }
    } catch (Budget.Exhausted e) {
      return failed(policy, binding, e.getMessage());
    }
    List<@Nullable String> messages = messages(compiled, input, budget);
    var denials = new ArrayList<Denial>();
    for (int i = 0; i < outcomes.size(); i++) {
      Evaluation result = outcomes.get(i).result();
      PolicyDefinition.Validation validation = compiled.validations().get(i);
      if (result == null) {
        failed(policy, binding, outcomes.get(i).error(), i).ifPresent(denials::add);
      } else if (messages.isEmpty() && !compiled.validations().isEmpty()) {
        failed(policy, binding, "failed messageExpression: " + new Budget.Exhausted().getMessage(), i).ifPresent(denials::add);
      } else if (!result.isTrue()) {
        String reason = validation.source().string("reason");
        denials.add(new Denial(policy, binding, message(validation, messages.get(i)), reason.isEmpty() ? "Invalid" : reason, i));
      }
    }
    return annotated(policy, binding, compiled, input, denials);
  }

  private static Optional<Denial> failed(PolicyDefinition policy, ObjectValue binding, String why, int index) {
    return policy.ignoresFailures() ? Optional.empty() : Optional.of(new Denial(policy, binding, why, "", index));
  }

  private static Judgment failed(PolicyDefinition policy, ObjectValue binding, String why) {
    return new Judgment(failed(policy, binding, why, 0).stream().toList(), List.of(), Map.of());
  }

  /// What the message expressions say, null for each that says nothing; an empty list when they cost too much.
  private static List<@Nullable String> messages(PolicyDefinition.Compiled compiled, PolicyInput input, Budget budget) {
    Variables variables = input.variables(false, compiled.variables(), budget);
    var messages = new ArrayList<@Nullable String>();
    try {
      for (PolicyDefinition.Validation validation : compiled.validations()) {
        Program program = validation.message();
        Evaluation computed = program == null ? null : program.evaluate(variables, budget).result();
        messages.add(computed == null ? null : computed.text().map(String::strip).filter(ValidatingPolicies::isMessage).orElse(null));
      }
    } catch (Budget.Exhausted _) {
      return List.of();
    }
    return messages;
  }

  private static boolean isMessage(String text) {
    return !text.isEmpty() && text.indexOf('\n') < 0 && text.getBytes(StandardCharsets.UTF_8).length <= Costs.MESSAGE_BYTES_MAX;
  }

  private static String message(PolicyDefinition.Validation validation, @Nullable String computed) {
    String plain = validation.source().string("message").strip();
    if (computed != null) {
      return computed;
    }
    return plain.isEmpty() ? "failed expression: " + validation.expression().text().strip() : plain;
  }

  /// The judgment with the annotations for the audit log; where these cost too much, that alone is the judgment.
  private static Judgment annotated(
      PolicyDefinition policy, ObjectValue binding, PolicyDefinition.Compiled compiled, PolicyInput input, List<Denial> denials) {
    var problems = new ArrayList<String>();
    var annotations = new LinkedHashMap<String, String>();
    var budget = new Budget(Costs.RUNTIME_BUDGET);
    Variables variables = input.variables(true, compiled.variables(), budget);
    try {
      for (PolicyDefinition.Annotation annotation : compiled.annotations()) {
        Program.Outcome outcome = annotation.expression().evaluate(variables, budget);
        Evaluation result = outcome.result();
        if (result == null) {
          problems.add(outcome.error());
        } else {
          result.text().map(String::strip).filter(text -> !text.isEmpty()).ifPresent(text -> annotations.put(annotation.key(), cut(text)));
        }
      }
    } catch (Budget.Exhausted e) {
      return failed(policy, binding, e.getMessage());
    }
    return new Judgment(denials, policy.ignoresFailures() ? List.of() : problems, annotations);
  }

  private static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length > ANNOTATION_BYTES_MAX ? new String(bytes, 0, ANNOTATION_BYTES_MAX, StandardCharsets.UTF_8) : text;
  }

  private static ApiException refusal(AdmissionAttributes attributes, Denial denial) {
    String binding = denial.binding() == null ? "" : " with binding '" + denial.binding().string("metadata", "name") + "'";
    String message = "ValidatingAdmissionPolicy '" + denial.policy().name() + "'" + binding + " denied request: " + denial.message();
    Status plain = Refusal.forbidden(attributes, message).status();
    String reason = denial.reason().isEmpty() ? "Invalid" : denial.reason();
    int code =
        switch (reason) {
          case "Unauthorized" -> 401;
          case "Forbidden" -> 403;
          case "RequestEntityTooLarge" -> 413;
          default -> 422;
        };
    Status.Details details = withCause(Objects.requireNonNull(plain.details()), List.of(message));
    return new Failure.Told(Status.failure(code, reason, plain.message(), details)).toException();
  }

  static Status.Details withCause(Status.Details details, List<String> messages) {
    var causes = new ArrayList<>(details.causes());
    messages.forEach(message -> causes.add(new Status.Cause("", message, "")));
    return new Status.Details(details.name(), details.group(), details.kind(), details.uid(), causes, details.retryAfterSeconds());
  }
}
