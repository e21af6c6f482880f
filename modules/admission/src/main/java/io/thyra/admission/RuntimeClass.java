package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pod takes the overhead, the node selector and the tolerations of its runtime class.
/// Source: kubernetes plugin/pkg/admission/runtimeclass/admission.go.
final class RuntimeClass implements Plugin {
  private static final String OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

  private final Registry registry;

  RuntimeClass(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  private Optional<ObjectValue> runtimeClass(AdmissionAttributes attributes, ObjectValue pod) {
    if (!(pod.at("spec", "runtimeClassName") instanceof StringValue(String name))) {
      return Optional.empty();
    }
    Optional<ObjectValue> found =
        registry
            .peek(Resources.RUNTIME_CLASSES, "", name)
            .or(
                () -> {
                  Resources.checkName(name);
                  return registry.find(Resources.RUNTIME_CLASSES, "", name);
                });
    if (found.isEmpty()) {
      throw Refusal.forbidden(attributes, "pod rejected: RuntimeClass " + GoText.quote(name) + " not found");
    }
    return found;
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    Optional<ObjectValue> runtimeClass = runtimeClass(attributes, pod);
    if (runtimeClass.isEmpty()) {
      return attributes;
    }
    ObjectValue spec = withOverhead(attributes, pod.object("spec"), runtimeClass.get());
    spec = withScheduling(attributes, spec, runtimeClass.get());
    return attributes.withObject(pod.with("spec", spec));
  }

  private static ObjectValue withOverhead(AdmissionAttributes attributes, ObjectValue spec, ObjectValue runtimeClass) {
    if (!runtimeClass.has("overhead")) {
      return spec;
    }
    ObjectValue fixed = runtimeClass.object("overhead", "podFixed");
    ObjectValue own = spec.object("overhead");
    if (!own.isEmpty() && !ResourceAmounts.of(own).sameAs(ResourceAmounts.of(fixed))) {
      throw Refusal.forbidden(attributes, OTHER_OVERHEAD);
    }
    return fixed.isEmpty() ? spec.without("overhead") : spec.with("overhead", fixed);
  }

  private static ObjectValue withScheduling(AdmissionAttributes attributes, ObjectValue spec, ObjectValue runtimeClass) {
    if (!(runtimeClass.get("scheduling") instanceof ObjectValue scheduling)) {
      return spec;
    }
    ObjectValue.Builder selector = spec.object("nodeSelector").toBuilder();
    scheduling
        .object("nodeSelector")
        .strings()
        .forEach(
            (key, value) -> {
              @Nullable Value own = selector.get(key);
              if (own instanceof StringValue(String other) && !other.equals(value)) {
                throw Refusal.forbidden(
                    attributes,
                    "conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + value + "; pod.spec.nodeSelector[" + key + "] = "
                        + other);
              }
              selector.put(key, value);
            });
    ObjectValue changed = selector.size() == 0 ? spec : spec.with("nodeSelector", selector.buildSorted());
    ListValue tolerations = Tolerations.merge(spec.list("tolerations"), scheduling.list("tolerations"));
    return tolerations.isEmpty() ? changed : changed.with("tolerations", tolerations);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    Optional<ObjectValue> runtimeClass = runtimeClass(attributes, pod).filter(c -> c.has("overhead"));
    ObjectValue own = pod.object("spec", "overhead");
    if (runtimeClass.isEmpty()) {
      if (!own.isEmpty() || pod.object("spec").saidEmpty("overhead")) {
        throw Refusal.forbidden(attributes, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
      }
      return;
    }
    if (!ResourceAmounts.of(own).sameAs(ResourceAmounts.of(runtimeClass.get().object("overhead", "podFixed")))) {
      throw Refusal.forbidden(attributes, OTHER_OVERHEAD);
    }
  }
}
