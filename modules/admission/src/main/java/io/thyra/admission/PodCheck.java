package io.thyra.admission;

import io.thyra.model.ObjectValue;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One rule of pod security at one version. Source: pod-security-admission policy/checks.go, helpers.go.
@FunctionalInterface
interface PodCheck {
  /// Why a pod does not pass.
  record Violation(String reason, String detail) {
    static Optional<Violation> of(String reason, String detail) {
      return Optional.of(new Violation(reason, detail));
    }

    @Override
    public String toString() {
      return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }
  }

  Optional<Violation> check(ObjectValue metadata, ObjectValue spec);

  /// The rule, but pods of Windows pass.
  default PodCheck unlessWindows() {
    return (metadata, spec) -> spec.string("os", "name").equals("windows") ? Optional.empty() : check(metadata, spec);
  }

  /// The rule, but pods in a user namespace of their own pass.
  default PodCheck unlessUserNamespace() {
    return (metadata, spec) ->
        spec.get("hostUsers") == io.thyra.model.BooleanValue.FALSE ? Optional.empty() : check(metadata, spec);
  }

  /// All containers: init, plain, ephemeral.
  static List<ObjectValue> containers(ObjectValue spec) {
    return PodContainers.all(spec).stream().map(PodContainers.Placed::container).toList();
  }

  static String quoted(Collection<String> items) {
    return items.stream().collect(Collectors.joining("\", \"", "\"", "\""));
  }

  static String plural(String word, int count) {
    return count == 1 ? word : word + "s";
  }

  /// `container "a"`, `containers "a", "b"`.
  static String named(String word, Collection<String> names) {
    return plural(word, names.size()) + " " + quoted(names);
  }
}
