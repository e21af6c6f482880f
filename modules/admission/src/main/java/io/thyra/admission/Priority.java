package io.thyra.admission;

import io.thyra.model.IntegerValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the name of a priority class into the number that counts, and keeps the global default single.
/// Source: kubernetes plugin/pkg/admission/priority/admission.go.
final class Priority implements Plugin {
  private static final String PREEMPT_LOWER = "PreemptLowerPriority";

  private final Registry registry;
  private final boolean ofGroups;

  /// @param ofGroups whether groups of pods have a priority too
  Priority(Registry registry, boolean ofGroups) {
    this.registry = registry;
    this.ofGroups = ofGroups;
  }

  /// What a class gives; the policy is empty where the class has none.
  private record Given(String className, long value, String preemptionPolicy) {
    static Given of(ObjectValue priorityClass) {
      return new Given(Metadata.name(priorityClass), priorityClass.integer(0, "value"), priorityClass.string("preemptionPolicy"));
    }
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes)
        && (Resources.isWhole(attributes, Resources.PODS)
            || Resources.isWhole(attributes, Resources.PRIORITY_CLASSES)
            || ofGroups && Resources.isWhole(attributes, Resources.POD_GROUPS));
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue object = Resources.object(attributes);
    if (Resources.is(attributes, Resources.PODS)) {
      return attributes.withObject(
          Resources.creates(attributes) ? created(attributes, object) : kept(object, Resources.oldObject(attributes)));
    }
    if (Resources.is(attributes, Resources.POD_GROUPS) && Resources.creates(attributes)) {
      return attributes.withObject(createdGroup(attributes, object));
    }
    return attributes;
  }

  /// An update that leaves the computed fields out means those that are there.
  private static ObjectValue kept(ObjectValue pod, ObjectValue old) {
    return keep(keep(pod, old, "priority"), old, "preemptionPolicy");
  }

  private static ObjectValue keep(ObjectValue pod, ObjectValue old, String field) {
    Value before = old.at("spec", field);
    return before == null || pod.at("spec", field) != null ? pod : pod.withAt(before, "spec", field);
  }

  private ObjectValue created(AdmissionAttributes attributes, ObjectValue pod) {
    Given given = given(attributes, pod.string("spec", "priorityClassName"));
    ObjectValue spec = pod.object("spec");
    if (spec.get("priority") instanceof IntegerValue(long sent) && sent != given.value()) {
      throw Refusal.forbidden(
          attributes,
          "the integer value of priority ("
              + sent
              + ") must not be provided in pod spec; priority admission controller computed "
              + given.value()
              + " from the given PriorityClass name");
    }
    spec = named(spec, given).with("priority", given.value());
    String policy = given.preemptionPolicy();
    if (!policy.isEmpty()) {
      if (spec.get("preemptionPolicy") instanceof StringValue(String sent) && !sent.equals(policy)) {
        throw Refusal.forbidden(
            attributes,
            "the string value of PreemptionPolicy ("
                + sent
                + ") must not be provided in pod spec; priority admission controller computed "
                + policy
                + " from the given PriorityClass name");
      }
      spec = spec.with("preemptionPolicy", policy);
    }
    return pod.with("spec", spec);
  }

  private ObjectValue createdGroup(AdmissionAttributes attributes, ObjectValue group) {
    Given given = given(attributes, group.string("spec", "priorityClassName"));
    ObjectValue spec = group.object("spec");
    if (spec.get("priority") instanceof IntegerValue(long sent) && sent != given.value()) {
      throw Refusal.forbidden(
          attributes,
          "priority set in the pod group ("
              + sent
              + ") must match the priority computed ("
              + given.value()
              + ") based on the priority class set in the spec");
    }
    return group.with("spec", named(spec, given).with("priority", given.value()));
  }

  private static ObjectValue named(ObjectValue spec, Given given) {
    return given.className().isEmpty() ? spec : spec.with("priorityClassName", given.className());
  }

  private Given given(AdmissionAttributes attributes, String name) {
    if (name.isEmpty()) {
      return globalDefault().map(Given::of).orElse(new Given("", 0, PREEMPT_LOWER));
    }
    Optional<ObjectValue> found =
        registry.peek(Resources.PRIORITY_CLASSES, "", name).or(() -> registry.find(Resources.PRIORITY_CLASSES, "", name));
    return found.map(Given::of).orElseThrow(() -> Refusal.forbidden(attributes, "no PriorityClass with name " + name + " was found"));
  }

  /// The lowest of the classes that say to be the default.
  private Optional<ObjectValue> globalDefault() {
    return registry.peekAll(Resources.PRIORITY_CLASSES, "").stream()
        .filter(c -> c.bool("globalDefault"))
        .min(Comparator.comparingLong(c -> c.integer(0, "value")));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    if (!Resources.is(attributes, Resources.PRIORITY_CLASSES)) {
      return;
    }
    ObjectValue sent = Resources.object(attributes);
    if (!sent.bool("globalDefault")) {
      return;
    }
    @Nullable ObjectValue there = globalDefault().orElse(null);
    if (there != null && (Resources.creates(attributes) || !Metadata.name(there).equals(Metadata.name(sent)))) {
      throw Refusal.forbidden(
          attributes, "PriorityClass " + Metadata.name(there) + " is already marked as default. Only one default can exist");
    }
  }
}
