package io.thyra.admission;

import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The scopes of a quota: which objects it is about. Source: apiserver pkg/quota/v1/generic/evaluator.go.
final class QuotaScopes {
  /// One condition on objects, in upstream's operators.
  record Scope(String name, String operator, List<String> values) {
    /// Whether one of the values that an object has for a scope meets the condition.
    boolean matches(Set<String> has) {
      return switch (operator) {
        case "Exists" -> !has.isEmpty();
        case "DoesNotExist" -> has.isEmpty();
        case "In" -> has.stream().anyMatch(values::contains);
        case "NotIn" -> has.isEmpty() || has.stream().anyMatch(v -> !values.contains(v));
        default -> false;
      };
    }
  }

  private QuotaScopes() {}

  static List<Scope> of(ObjectValue quota) {
    var scopes = new ArrayList<Scope>();
    quota.list("spec", "scopes").strings().forEach(name -> scopes.add(new Scope(name, "Exists", List.of())));
    for (ObjectValue term : quota.list("spec", "scopeSelector", "matchExpressions").objects()) {
      scopes.add(new Scope(term.string("scopeName"), term.string("operator"), term.list("values").strings()));
    }
    return scopes;
  }
}
