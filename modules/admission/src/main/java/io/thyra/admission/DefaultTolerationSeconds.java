package io.thyra.admission;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;

/// Every pod bears a node that is not ready or out of reach for a while, unless it says otherwise.
/// Source: kubernetes plugin/pkg/admission/defaulttolerationseconds/admission.go.
final class DefaultTolerationSeconds implements Plugin {
  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";

  private final long notReadySeconds;
  private final long unreachableSeconds;

  DefaultTolerationSeconds(long notReadySeconds, long unreachableSeconds) {
    this.notReadySeconds = notReadySeconds;
    this.unreachableSeconds = unreachableSeconds;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    ListValue before = pod.list("spec", "tolerations");
    ListValue after = before;
    if (!tolerates(before, NOT_READY)) {
      after = after.plus(toleration(NOT_READY, notReadySeconds));
    }
    if (!tolerates(before, UNREACHABLE)) {
      after = after.plus(toleration(UNREACHABLE, unreachableSeconds));
    }
    return after == before ? attributes : attributes.withObject(pod.withAt(after, "spec", "tolerations"));
  }

  private static boolean tolerates(ListValue tolerations, String key) {
    return tolerations.objects().stream()
        .anyMatch(
            t -> {
              String named = t.string("key");
              String effect = t.string("effect");
              return (named.equals(key) || named.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty());
            });
  }

  private static ObjectValue toleration(String key, long seconds) {
    return ObjectValue.builder()
        .put("key", key)
        .put("operator", "Exists")
        .put("effect", "NoExecute")
        .put("tolerationSeconds", seconds)
        .build();
  }
}
