package io.thyra.aggregation;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;

/// What the condition Available of an APIService says.
///
/// @param status True, False or Unknown
record Condition(String status, String reason, String message) {
  static final Condition LOCAL = new Condition("True", "Local", "Local APIServices are always available");
  static final Condition PASSED = new Condition("True", "Passed", "all checks passed");

  static Optional<ObjectValue> available(ObjectValue apiService) {
    return apiService.list("status", "conditions").objects().stream().filter(c -> c.string("type").equals("Available")).findFirst();
  }

  private boolean isTold(ObjectValue apiService) {
    return available(apiService)
        .filter(c -> new Condition(c.string("status"), c.string("reason"), c.string("message")).equals(this))
        .isPresent();
  }

  /// Writes the condition where it is another; an APIService that is gone is left alone.
  ///
  /// @return whether the APIService was available until now and is no longer
  boolean tell(Registry registry, String name) {
    Optional<ObjectValue> known = registry.peek(ApiService.RESOURCE, "", name);
    if (known.isEmpty() || isTold(known.get())) {
      return false;
    }
    try {
      registry.update(
          Registry.SYSTEM_ACTOR, ApiService.RESOURCE, "status", "", name, live -> isTold(live) ? live : in(live, now(registry)));
    } catch (ApiException e) {
      if (!(e.failure() instanceof Failure.NotFound)) {
        throw e;
      }
    }
    boolean was = available(known.get()).map(c -> c.string("status").equals("True")).orElse(true);
    return was && !status.equals("True");
  }

  private static String now(Registry registry) {
    return registry.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// Source: kube-aggregator pkg/apis/apiregistration/v1/helper SetAPIServiceCondition.
  private ObjectValue in(ObjectValue apiService, String now) {
    var conditions = new ArrayList<>(apiService.list("status", "conditions").items());
    Optional<ObjectValue> old = available(apiService);
    ObjectValue.Builder built = ObjectValue.builder().put("type", "Available").put("status", status);
    boolean same = old.isPresent() && old.get().string("status").equals(status);
    built.put("lastTransitionTime", same ? old.get().string("lastTransitionTime") : now);
    ObjectValue told = built.put("reason", reason).put("message", message).build();
    if (old.isPresent()) {
      conditions.set(conditions.indexOf(old.get()), told);
    } else {
      conditions.add(told);
    }
    return apiService.withAt(new ListValue(conditions), "status", "conditions");
  }
}
