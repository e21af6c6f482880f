package io.thyra.admission;

import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The secrets that a service account with `kubernetes.io/enforce-mountable-secrets` lets its pods use.
/// Source: kubernetes plugin/pkg/admission/serviceaccount/admission.go, pkg/api/pod/util.go.
///
/// @param account the name of the account
record MountableSecrets(String account, Set<String> secrets, Set<String> pullSecrets) {
  static MountableSecrets of(ObjectValue account) {
    return new MountableSecrets(
        account.string("metadata", "name"), names(account.list("secrets").objects()), names(account.list("imagePullSecrets").objects()));
  }

  private static Set<String> names(List<ObjectValue> references) {
    return references.stream().map(r -> r.string("name")).collect(Collectors.toUnmodifiableSet());
  }

  /// What a new pod uses although it may not.
  Optional<String> findProblem(ObjectValue spec) {
    for (ObjectValue volume : spec.list("volumes").objects()) {
      if (volume.get("secret") instanceof ObjectValue secret && !secrets.contains(secret.string("secretName"))) {
        return Optional.of("volume with secret.secretName=\"" + secret.string("secretName") + "\"" + notAllowed("secret"));
      }
    }
    Optional<String> problem = findIn("init container ", PodContainers.init(spec));
    problem = problem.isPresent() ? problem : findIn("container ", PodContainers.plain(spec));
    if (problem.isPresent()) {
      return problem;
    }
    List<ObjectValue> pulls = spec.list("imagePullSecrets").objects();
    for (int i = 0; i < pulls.size(); i++) {
      String name = pulls.get(i).string("name");
      if (!pullSecrets.contains(name)) {
        return Optional.of("imagePullSecrets[" + i + "].name=\"" + name + "\"" + notAllowed("imagePullSecret"));
      }
    }
    return Optional.empty();
  }

  Optional<String> findEphemeralProblem(ObjectValue spec) {
    return findIn("ephemeral container ", PodContainers.ephemeral(spec));
  }

  private Optional<String> findIn(String sort, List<ObjectValue> containers) {
    for (ObjectValue container : containers) {
      String subject = sort + container.string("name");
      for (ObjectValue env : container.list("env").objects()) {
        if (env.at("valueFrom", "secretKeyRef") instanceof ObjectValue ref && !secrets.contains(ref.string("name"))) {
          return Optional.of(
              subject + " with envVar " + env.string("name") + referencing(ref));
        }
      }
      for (ObjectValue from : container.list("envFrom").objects()) {
        if (from.get("secretRef") instanceof ObjectValue ref && !secrets.contains(ref.string("name"))) {
          return Optional.of(subject + " with envFrom" + referencing(ref));
        }
      }
    }
    return Optional.empty();
  }

  private String referencing(ObjectValue ref) {
    return " referencing secret.secretName=\"" + ref.string("name") + "\"" + notAllowed("secret");
  }

  private String notAllowed(String what) {
    return " is not allowed because service account " + account + " does not reference that " + what;
  }
}
