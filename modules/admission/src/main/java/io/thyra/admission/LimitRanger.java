package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.List;

/// Containers get what a namespace gives by default, and nothing is stored that exceeds its limits.
/// Source: kubernetes plugin/pkg/admission/limitranger/admission.go.
final class LimitRanger implements Plugin {
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";

  private final Registry registry;

  LimitRanger(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    if (!Resources.writes(attributes)) {
      return false;
    }
    boolean pod = Resources.isKind(attributes, "", "Pod");
    return switch (attributes.subresource()) {
      case "" -> pod ? Resources.creates(attributes) : Resources.isKind(attributes, "", "PersistentVolumeClaim");
      case "resize" -> pod && Resources.updates(attributes);
      default -> false;
    };
  }

  private List<ObjectValue> ranges(AdmissionAttributes attributes) {
    boolean deleting = attributes.oldObject().filter(o -> Metadata.deletionTimestamp(o) != null).isPresent();
    return deleting ? List.of() : registry.peekAll(Resources.LIMIT_RANGES, attributes.namespace());
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    if (!Resources.is(attributes, Resources.PODS)) {
      return attributes;
    }
    ObjectValue pod = Resources.object(attributes);
    for (ObjectValue range : ranges(attributes)) {
      pod = withDefaults(pod, range);
    }
    return attributes.withObject(pod);
  }

  private static ObjectValue withDefaults(ObjectValue pod, ObjectValue range) {
    ResourceAmounts requests = defaults(range, "defaultRequest");
    ResourceAmounts limits = defaults(range, "default");
    var told = new ArrayList<String>();
    ObjectValue spec = pod.object("spec");
    spec = PodContainers.change(spec, PodContainers.PLAIN, c -> withDefaults(c, requests, limits, "container", told));
    spec = PodContainers.change(spec, PodContainers.INIT, c -> withDefaults(c, requests, limits, "init container", told));
    if (told.isEmpty()) {
      return pod;
    }
    ObjectValue annotations = pod.object("metadata", "annotations").with(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", told));
    return Metadata.with(pod.with("spec", spec), "annotations", annotations);
  }

  private static ResourceAmounts defaults(ObjectValue range, String sort) {
    ResourceAmounts all = ResourceAmounts.NONE;
    for (ObjectValue item : range.list("spec", "limits").objects()) {
      if (item.string("type").equals("Container")) {
        ResourceAmounts given = ResourceAmounts.of(item.object(sort));
        for (String name : given.names()) {
          all = all.with(name, given.get(name));
        }
      }
    }
    return all;
  }

  private static ObjectValue withDefaults(
      ObjectValue container, ResourceAmounts requests, ResourceAmounts limits, String sort, List<String> told) {
    ObjectValue changed = withDefaults(container, "requests", requests, "request for " + sort, told);
    return withDefaults(changed, "limits", limits, "limit for " + sort, told);
  }

  private static ObjectValue withDefaults(
      ObjectValue container, String field, ResourceAmounts defaults, String words, List<String> told) {
    ObjectValue own = container.object("resources", field);
    ResourceAmounts missing = defaults.filter(name -> !own.has(name));
    if (missing.isEmpty()) {
      return container;
    }
    told.add(String.join(", ", missing.names()) + " " + words + " " + container.string("name"));
    ObjectValue.Builder filled = own.toBuilder();
    missing.names().forEach(name -> filled.put(name, new StringValue(missing.get(name).toString())));
    return container.withAt(filled.buildSorted(), "resources", field);
  }

  // What may be stored.

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue object = Resources.object(attributes);
    boolean pod = Resources.is(attributes, Resources.PODS);
    for (ObjectValue range : ranges(attributes)) {
      var problems = new ArrayList<String>();
      for (ObjectValue item : range.list("spec", "limits").objects()) {
        Limit limit = Limit.of(item);
        switch (limit.type()) {
          case "Container" -> {
            if (pod) {
              checkContainers(limit, object.object("spec"), problems);
            }
          }
          case "Pod" -> {
            if (pod) {
              ResourceAmounts requests = PodResources.requests(object, PodResources.Way.LIMITS);
              limit.check(requests, PodResources.limits(object, PodResources.Way.LIMITS), problems);
            }
          }
          case "PersistentVolumeClaim" -> {
            if (Resources.is(attributes, Resources.CLAIMS)) {
              limit.checkRequests(ResourceAmounts.of(object.object("spec", "resources", "requests")), problems);
            }
          }
          default -> {}
        }
      }
      if (!problems.isEmpty()) {
        throw Refusal.forbidden(attributes, Refusal.aggregate(problems));
      }
    }
  }

  private static void checkContainers(Limit limit, ObjectValue spec, List<String> problems) {
    var containers = new ArrayList<>(PodContainers.plain(spec));
    containers.addAll(PodContainers.init(spec));
    for (ObjectValue container : containers) {
      ObjectValue resources = container.object("resources");
      limit.check(ResourceAmounts.of(resources.object("requests")), ResourceAmounts.of(resources.object("limits")), problems);
    }
  }
}
