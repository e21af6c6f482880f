package io.thyra.groups.core;

import io.thyra.groups.KindStrategy;
import io.thyra.groups.UpdateRule;
import io.thyra.machinery.Names;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;

/// The parts of a pod that are written alone: debug containers, and the resources of running ones. Whatever else such a
/// write changes is put back. Source: pkg/registry/core/pod/strategy.go.
final class PodParts {
  private PodParts() {}

  static Subresource.Part ephemeralContainers(Struct pod, boolean privileged, PodUpdates updates) {
    return new Subresource.Part(part(pod, privileged, PodParts::onlyEphemeralContainers, updates::ephemeralContainers), true);
  }

  static Subresource.Part resize(Struct pod, boolean privileged) {
    return new Subresource.Part(part(pod, privileged, PodParts::onlyResources, PodResizes::check), true);
  }

  private static KindStrategy part(Struct pod, boolean privileged, KindStrategy.UpdateStep step, UpdateRule rule) {
    return KindStrategy.of(pod)
        .named(Names.DNS_SUBDOMAIN)
        .checksNameOnUpdate()
        .onUpdate(step)
        .countsGenerations()
        .updateRules((changed, _, _, errors) -> PodRules.whole(changed, privileged, errors))
        .updateRules(rule)
        .build();
  }

  private static ObjectValue onlyEphemeralContainers(RequestContext context, ObjectValue pod, ObjectValue old) {
    Value containers = pod.at("spec", "ephemeralContainers");
    return containers == null ? kept(pod, old.withoutAt("spec", "ephemeralContainers")) : kept(pod, old.withAt(containers, "spec", "ephemeralContainers"));
  }

  /// The stored pod with what a client may not say about it, its version and managed fields, taken from the request.
  private static ObjectValue kept(ObjectValue pod, ObjectValue changed) {
    ObjectValue metadata = changed.object("metadata");
    for (String field : List.of("uid", "resourceVersion", "managedFields")) {
      Value value = pod.at("metadata", field);
      metadata = value == null ? metadata.without(field) : metadata.with(field, value);
    }
    return changed.with("metadata", metadata);
  }

  private static ObjectValue onlyResources(RequestContext context, ObjectValue pod, ObjectValue old) {
    ObjectValue spec = old.object("spec");
    for (String list : List.of("containers", "initContainers")) {
      ListValue now = pod.list("spec", list);
      ListValue before = spec.list(list);
      // Another number of containers is for validation to refuse.
      if (now.size() != before.size()) {
        return pod;
      }
      if (!before.isEmpty()) {
        spec = spec.with(list, resources(now, before));
      }
    }
    Value own = pod.at("spec", "resources");
    spec = own == null ? spec.without("resources") : spec.with("resources", own);
    return kept(pod, old.with("spec", spec));
  }

  private static ListValue resources(ListValue now, ListValue before) {
    var out = new ArrayList<Value>();
    for (int i = 0; i < now.size(); i++) {
      ObjectValue container = now.object(i);
      ObjectValue merged = before.object(i);
      if (!container.string("name").equals(merged.string("name"))) {
        return now;
      }
      for (String field : List.of("resources", "resizePolicy")) {
        Value value = container.get(field);
        merged = value == null ? merged.without(field) : merged.with(field, value);
      }
      out.add(merged);
    }
    return new ListValue(out);
  }
}
