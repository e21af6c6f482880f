package io.thyra.admission;

import io.thyra.codec.JsonReader;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Pods get the tolerations of their namespace, and no others than it allows, both told in annotations or
/// else in the configuration.
/// Source: kubernetes plugin/pkg/admission/podtolerationrestriction/admission.go.
final class PodTolerationRestriction implements Plugin {
  private static final String DEFAULT = "scheduler.alpha.kubernetes.io/defaultTolerations";
  private static final String ALLOWED = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";
  private static final ObjectValue MEMORY_PRESSURE =
      ObjectValue.builder()
          .put("key", "node.kubernetes.io/memory-pressure")
          .put("operator", "Exists")
          .put("effect", "NoSchedule")
          .build();

  private final Registry registry;
  private final PluginConfiguration.Tolerated configured;

  PodTolerationRestriction(Registry registry, PluginConfiguration.Tolerated configured) {
    this.registry = registry;
    this.configured = configured;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    ListValue more = Resources.creates(attributes) ? told(attributes, DEFAULT).orElse(configured.defaults()) : ListValue.EMPTY;
    if (!PodQuota.isBestEffort(pod)) {
      more = more.plus((Value) MEMORY_PRESSURE);
    }
    AdmissionAttributes changed =
        more.isEmpty()
            ? attributes
            : attributes.withObject(
                pod.withAt(Tolerations.merge(pod.list("spec", "tolerations"), more), "spec", "tolerations"));
    validate(changed);
    return changed;
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    List<ObjectValue> tolerations = Resources.object(attributes).list("spec", "tolerations").objects();
    if (tolerations.isEmpty()) {
      return;
    }
    Optional<ListValue> told = told(attributes, ALLOWED);
    ListValue allowed = told.orElse(configured.allowed());
    if (!Tolerations.allAllowed(tolerations, allowed.objects())) {
      throw Refusal.plain(
          "pod tolerations (possibly merged with namespace default tolerations) conflict with its "
              + (told.isPresent() ? "namespace" : "cluster")
              + " whitelist");
    }
  }

  private Optional<ListValue> told(AdmissionAttributes attributes, String annotation) {
    String name = attributes.namespace();
    String text =
        registry
            .peek(Resources.NAMESPACES, "", name)
            .or(() -> registry.find(Resources.NAMESPACES, "", name))
            .orElseThrow(() -> Refusal.notFound(Resources.NAMESPACES, name))
            .object("metadata", "annotations")
            .string(annotation);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return JsonReader.read(text.getBytes(StandardCharsets.UTF_8)) instanceof ListValue list
          ? Optional.of(list)
          : Optional.empty();
    } catch (io.thyra.codec.DecodeException e) {
      throw Refusal.plain(e.getMessage());
    }
  }
}
