package io.thyra.admission;

import io.thyra.machinery.Names;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Pods go to the nodes that an annotation of their namespace selects.
/// Source: kubernetes plugin/pkg/admission/podnodeselector/admission.go.
final class PodNodeSelector implements Plugin {
  private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";

  private final Registry registry;

  PodNodeSelector(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    Map<String, String> selected = checked(attributes, pod);
    if (selected.isEmpty()) {
      return attributes;
    }
    ObjectValue.Builder merged = pod.object("spec", "nodeSelector").toBuilder();
    selected.forEach(merged::put);
    return attributes.withObject(pod.withAt(merged.buildSorted(), "spec", "nodeSelector"));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    checked(attributes, Resources.object(attributes));
  }

  private Map<String, String> checked(AdmissionAttributes attributes, ObjectValue pod) {
    Map<String, String> selected = selected(attributes.namespace());
    Map<String, String> own = pod.object("spec", "nodeSelector").strings();
    boolean conflict = selected.entrySet().stream().anyMatch(e -> !own.getOrDefault(e.getKey(), e.getValue()).equals(e.getValue()));
    if (conflict) {
      throw new Failure.Forbidden(
              attributes.resource().groupResource(),
              Metadata.name(pod),
              "pod node label selector conflicts with its namespace node label selector")
          .toException();
    }
    return selected;
  }

  private Map<String, String> selected(String namespace) {
    ObjectValue found =
        registry
            .peek(Resources.NAMESPACES, "", namespace)
            .or(() -> registry.find(Resources.NAMESPACES, "", namespace))
            .orElseThrow(() -> new Failure.Internal("namespace " + namespace + " does not exist").toException());
    return labels(found.object("metadata", "annotations").string(ANNOTATION));
  }

  /// Reads `a=b,c=d`. Source: apimachinery pkg/labels/labels.go.
  private static Map<String, String> labels(String selector) {
    var labels = new TreeMap<String, String>();
    if (selector.isEmpty()) {
      return labels;
    }
    for (String term : selector.split(",", -1)) {
      String[] sides = term.split("=", -1);
      if (sides.length != 2) {
        throw Refusal.plain("invalid selector: [" + String.join(" ", sides) + "]");
      }
      String key = sides[0].strip();
      String value = sides[1].strip();
      check(key, Names.qualifiedName(key));
      check(value, Names.labelValue(value));
      labels.put(key, value);
    }
    return labels;
  }

  private static void check(String text, List<String> problems) {
    if (!problems.isEmpty()) {
      throw Refusal.plain(FieldError.invalid(null, text, String.join("; ", problems)).toString());
    }
  }
}
