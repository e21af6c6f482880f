package io.thyra.admission.policy;

import io.thyra.admission.Plugin;
import io.thyra.admission.Refusal;
import io.thyra.admission.Reinvocation;
import io.thyra.admission.Rounds;
import io.thyra.admission.RuleMatcher;
import io.thyra.admission.webhook.ObjectVersions;
import io.thyra.admission.webhook.VersionedRequest;
import io.thyra.cel.Costs;
import io.thyra.cel.Evaluation;
import io.thyra.cel.Variables;
import io.thyra.codec.DecodeException;
import io.thyra.machinery.JsonPatch;
import io.thyra.machinery.SyntaxException;
import io.thyra.machinery.apply.StructuredMerge;
import io.thyra.model.ApiException;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The plugin MutatingAdmissionPolicy: the policies that are about a request change it one after the other. Those that want to are
/// asked once more when others changed the object after them.
/// Source: apiserver pkg/admission/plugin/policy/mutating/dispatcher.go, reinvocationcontext.go, patch.
public final class MutatingPolicies implements Plugin {
  /// One policy with one binding and one parameter object.
  private record Invocation(PolicyDefinition policy, ObjectValue binding, RuleMatcher.Match match, Optional<ObjectValue> params) {
    String key() {
      String param = params.map(p -> p.string("metadata", "namespace") + "/" + p.string("metadata", "name")).orElse("");
      return policy.name() + " " + binding.string("metadata", "name") + " " + param;
    }
  }

  /// Why a request is refused.
  ///
  /// @param reason empty for that of the refusal itself
  private record Problem(PolicyDefinition policy, @Nullable ObjectValue binding, String message, String reason) {
    String text() {
      String by = binding == null ? "\"" + policy.name() + "\"" : "'" + policy.name() + "' with binding '" + binding.string("metadata", "name") + "'";
      return "policy " + by + " denied request: " + message;
    }
  }

  /// That a mutation cannot be made; the message is upstream's.
  private static final class Unmade extends Exception {
    private static final long serialVersionUID = 1L;

    Unmade(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /// The failure of a JSON patch on its way out of the library.
  private static final class PatchFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PatchFailure(String message) {
      super(message, null, false, false);
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  private final Registry registry;
  private final PolicySource<PolicyDefinition> source;
  private final Invocations invocations;
  private final ObjectVersions versions;
  private final Authorizer authorizer;

  /// @param authorizer answers what expressions ask about rights
  public MutatingPolicies(Registry registry, Authorizer authorizer) {
    this.registry = registry;
    this.source =
        new PolicySource<>(
            registry, "mutatingadmissionpolicies", "mutatingadmissionpolicybindings", policy -> new PolicyDefinition(policy, true));
    this.invocations = new Invocations(registry);
    this.versions = new ObjectVersions(registry);
    this.authorizer = authorizer;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return !Invocations.isExempt(attributes);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes, Reinvocation reinvocation) {
    List<PolicySource.Bound<PolicyDefinition>> policies = source.policies();
    if (policies.isEmpty()) {
      return attributes;
    }
    var problems = new ArrayList<Problem>();
    var relevant = new ArrayList<Invocation>();
    invocations.visit(
        policies,
        attributes,
        new Invocations.Visitor() {
          @Override
          public void invoke(
              PolicyDefinition policy, ObjectValue binding, RuleMatcher.Match match, List<Optional<ObjectValue>> params) {
            params.forEach(each -> relevant.add(new Invocation(policy, binding, match, each)));
          }

          @Override
          public void misconfigured(PolicyDefinition policy, @Nullable ObjectValue binding, String why) {
            problems.add(new Problem(policy, binding, why, ""));
          }
        });
    AdmissionAttributes told = relevant.isEmpty() ? attributes : mutate(attributes, relevant, reinvocation, problems);
    List<Problem> counting = problems.stream().filter(p -> !p.policy().ignoresFailures()).toList();
    if (!counting.isEmpty()) {
      throw refusal(attributes, counting);
    }
    return told;
  }

  private AdmissionAttributes mutate(
      AdmissionAttributes attributes, List<Invocation> relevant, Reinvocation reinvocation, List<Problem> problems) {
    Rounds rounds = reinvocation.rounds(MutatingPolicies.class);
    rounds.begin(attributes);
    ObjectValue namespace = invocations.namespace(attributes);
    AdmissionAttributes told = attributes;
    for (Invocation invocation : relevant) {
      PolicyDefinition policy = invocation.policy();
      var input = new PolicyInput(versions.of(told, invocation.match()), namespace, invocation.params().orElse(null), authorizer);
      Conditions.Outcome conditions = policy.compiled().conditions().match(input, policy.ignoresFailures());
      if (!conditions.error().isEmpty()) {
        problems.add(new Problem(policy, invocation.binding(), conditions.error(), "Invalid"));
        continue;
      }
      if (!conditions.matches() || !rounds.asks(invocation.key())) {
        continue;
      }
      AdmissionAttributes changed = mutate(told, invocation, namespace, problems);
      if (changed != told) {
        rounds.changed();
        told = changed;
      }
      if (policy.reinvocable()) {
        rounds.note(invocation.key());
      }
    }
    rounds.end(told);
    return told;
  }

  private AdmissionAttributes mutate(
      AdmissionAttributes attributes, Invocation invocation, @Nullable ObjectValue namespace, List<Problem> problems) {
    AdmissionAttributes told = attributes;
    for (PolicyDefinition.Mutation mutation : invocation.policy().compiled().mutations()) {
      VersionedRequest versioned = versions.of(told, invocation.match());
      if (versioned.object().isEmpty()) {
        return told;
      }
      ObjectValue before = versioned.object().get();
      var input = new PolicyInput(versioned, namespace, invocation.params().orElse(null), authorizer);
      try {
        Value after = made(invocation, mutation, input, before);
        if (!after.equals(before)) {
          told = told.withObject(versions.back(invocation.match(), after));
        }
      } catch (Unmade e) {
        problems.add(new Problem(invocation.policy(), invocation.binding(), e.getMessage(), "Invalid"));
      } catch (DecodeException e) {
        throw new Failure.Internal(e.text()).toException();
      }
    }
    return told;
  }

  private Value made(Invocation invocation, PolicyDefinition.Mutation mutation, PolicyInput input, ObjectValue before) throws Unmade {
    Program program = mutation.expression();
    if (program.expression() == null) {
      throw new Unmade(program.error());
    }
    var budget = new Budget(Costs.RUNTIME_BUDGET);
    Variables variables = input.variables(true, invocation.policy().compiled().variables(), budget);
    Program.Outcome outcome;
    try {
      outcome = program.evaluate(variables, budget);
    } catch (Budget.Exhausted e) {
      throw new Unmade(e.getMessage());
    }
    Evaluation result = outcome.result();
    if (result == null) {
      throw new Unmade(outcome.error());
    }
    return mutation.patch() ? patched(result, before) : applied(result, invocation.match().kind(), before);
  }

  private ObjectValue applied(Evaluation result, GroupVersionKind kind, ObjectValue before) throws Unmade {
    if (!(result.json().orElse(null) instanceof ObjectValue patch)) {
      throw new Unmade("unsupported return type from ApplyConfiguration expression: " + result.typeName());
    }
    Optional<String> mismatch = result.findTypeProblem();
    if (mismatch.isPresent()) {
      throw new Unmade("type mismatch: " + mismatch.get());
    }
    Struct type =
        type(kind)
            .orElseThrow(
                () ->
                    new Failure.ServiceUnavailable(
                            "Resource kind %s, Kind=%s not found. There can be a delay between when CustomResourceDefinitions are created and when they are available."
                                .formatted(kind.group() + "/" + kind.version(), kind.kind()))
                        .toException());
    ObjectValue named = patch.with("apiVersion", kind.apiVersion()).with("kind", kind.kind());
    try {
      return StructuredMerge.apply(before, named, type);
    } catch (SyntaxException e) {
      throw new Unmade("error applying patch: " + e.text());
    }
  }

  private Optional<Struct> type(GroupVersionKind kind) {
    return registry.stores().stream()
        .flatMap(store -> store.definition().versions().stream())
        .filter(version -> version.kind().equals(kind))
        .map(VersionedType::struct)
        .findFirst()
        .or(() -> Schemas.builtin().findKind(kind));
  }

  private static Value patched(Evaluation result, ObjectValue before) throws Unmade {
    var operations = new ArrayList<Value>();
    for (Evaluation item : result.items()) {
      ObjectValue.Builder operation = ObjectValue.builder();
      for (String field : List.of("op", "path", "from")) {
        item.field(field).flatMap(Evaluation::text).filter(text -> !text.isEmpty() || !field.equals("from")).ifPresent(text -> operation.put(field, text));
      }
      Evaluation value = item.field("value").orElse(null);
      if (value != null) {
        Optional<String> mismatch = value.findTypeProblem();
        if (mismatch.isPresent()) {
          throw new Unmade("type mismatch: " + mismatch.get());
        }
        operation.put(
            "value",
            value
                .json()
                .orElseThrow(
                    () ->
                        new Unmade(
                            "JSONPath valueExpression evaluated to a type that could not marshal to JSON: type conversion error from '"
                                + value.typeName()
                                + "' to 'google.protobuf.Value'")));
      }
      operations.add(operation.build());
    }
    try {
      return JsonPatch.apply(before, new ListValue(operations), PatchFailure::new);
    } catch (PatchFailure e) {
      // A test that fails means that there is nothing to do.
      if (e.text().endsWith("test failed")) {
        return before;
      }
      throw new Unmade("JSON Patch: " + e.text());
    }
  }

  private static ApiException refusal(AdmissionAttributes attributes, List<Problem> problems) {
    Status plain = Refusal.forbidden(attributes, "admission request denied by policy").status();
    Problem first = problems.getFirst();
    String reason = first.reason().isEmpty() ? plain.reason() : first.reason();
    List<String> messages = problems.stream().map(Problem::text).toList();
    Status.Details details = ValidatingPolicies.withCause(Objects.requireNonNull(plain.details()), messages);
    return new Failure.Told(Status.failure(plain.code(), reason, first.text(), details)).toException();
  }
}
