package io.thyra.admission;

import io.thyra.machinery.Names;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Pods go to the nodes that an annotation of their namespace selects, or else the configuration.
/// Source: kubernetes plugin/pkg/admission/podnodeselector/admission.go.
final class PodNodeSelector implements Plugin {
  private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";

  private static final String CLUSTER_DEFAULT = "clusterDefaultNodeSelector";

  private final Registry registry;
  private final Map<String, String> configured;

  /// @param configured selectors that the pods of a namespace must stay within, by its name, and the default of all
  PodNodeSelector(Registry registry, Map<String, String> configured) {
    this.registry = registry;
    this.configured = configured;
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
    Map<String, String> allowed = labels(configured.getOrDefault(attributes.namespace(), ""));
    boolean conflict = selected.entrySet().stream().anyMatch(e -> !own.getOrDefault(e.getKey(), e.getValue()).equals(e.getValue()));
    if (conflict) {
      throw refused(attributes, pod, "pod node label selector conflicts with its namespace node label selector");
    }
    var merged = new TreeMap<>(selected);
    merged.putAll(own);
    if (!allowed.isEmpty() && !allowed.entrySet().containsAll(merged.entrySet())) {
      throw refused(attributes, pod, "pod node label selector labels conflict with its namespace whitelist");
    }
    return selected;
  }

  private static ApiException refused(AdmissionAttributes attributes, ObjectValue pod, String why) {
    return new Failure.Forbidden(attributes.resource().groupResource(), Metadata.name(pod), why).toException();
  }

  private Map<String, String> selected(String namespace) {
    ObjectValue found =
        registry
            .peek(Resources.NAMESPACES, "", namespace)
            .or(() -> registry.find(Resources.NAMESPACES, "", namespace))
            .orElseThrow(() -> new Failure.Internal("namespace " + namespace + " does not exist").toException());
    ObjectValue annotations = found.object("metadata", "annotations");
    return labels(annotations.has(ANNOTATION) ? annotations.string(ANNOTATION) : configured.getOrDefault(CLUSTER_DEFAULT, ""));
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
