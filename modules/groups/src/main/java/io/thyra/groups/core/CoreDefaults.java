package io.thyra.groups.core;

import static io.thyra.groups.Defaults.isNil;
import static io.thyra.groups.Defaults.text;
import static io.thyra.groups.Defaults.truth;
import static io.thyra.groups.Defaults.value;

import io.thyra.groups.Defaults;
import io.thyra.model.IntegerValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is filled in for the kinds of the core group that are no pods. Source: pkg/apis/core/v1/defaults.go.
public final class CoreDefaults {
  private static final long CLIENT_IP_SECONDS = 10800;

  private CoreDefaults() {}

  public static void declare(Defaults defaults) {
    PodDefaults.declare(defaults);
    defaults
        .of("core.v1.ReplicationController", CoreDefaults::replicationController)
        .of("core.v1.Service", CoreDefaults::service)
        .of("core.v1.Secret", secret -> text(secret, "type", "Opaque"))
        .of("core.v1.PersistentVolume", CoreDefaults::volume)
        .of("core.v1.PersistentVolumeSpec", spec -> spec.change("capacity", Quantities::roundUp))
        .of("core.v1.PersistentVolumeClaim", claim -> claim.with("status", text(claim.object("status"), "phase", "Pending")))
        .of("core.v1.PersistentVolumeClaimSpec", spec -> value(spec, "volumeMode", new StringValue("Filesystem")))
        .of("core.v1.PersistentVolumeClaimStatus", status -> status.change("capacity", Quantities::roundUp))
        .of("core.v1.EndpointPort", port -> text(port, "protocol", "TCP"))
        .of("core.v1.Namespace", CoreDefaults::namespace)
        .of("core.v1.NamespaceStatus", status -> text(status, "phase", "Active"))
        .of("core.v1.NodeStatus", CoreDefaults::nodeStatus)
        .of("core.v1.LimitRangeItem", CoreDefaults::limitRangeItem)
        .of("core.v1.ResourceQuotaSpec", spec -> spec.change("hard", Quantities::roundUp))
        .of(
            "core.v1.ResourceQuotaStatus",
            status -> status.change("hard", Quantities::roundUp).change("used", Quantities::roundUp));
  }

  private static ObjectValue replicationController(ObjectValue controller) {
    ObjectValue labels = controller.object("spec", "template", "metadata", "labels");
    if (labels.isEmpty()) {
      return controller;
    }
    ObjectValue changed = controller;
    if (controller.object("spec", "selector").isEmpty()) {
      changed = changed.withAt(labels, "spec", "selector");
    }
    return PodDefaults.labelsOf(changed, labels);
  }

  private static ObjectValue namespace(ObjectValue namespace) {
    String name = namespace.string("metadata", "name");
    if (name.isEmpty()) {
      return namespace;
    }
    ObjectValue labels = namespace.object("metadata", "labels");
    return labels.string("kubernetes.io/metadata.name").equals(name)
        ? namespace
        : namespace.withAt(labels.toBuilder().put("kubernetes.io/metadata.name", name).buildSorted(), "metadata", "labels");
  }

  private static ObjectValue volume(ObjectValue volume) {
    ObjectValue spec = text(volume.object("spec"), "persistentVolumeReclaimPolicy", "Retain");
    spec = value(spec, "volumeMode", new StringValue("Filesystem"));
    return volume.with("spec", spec).with("status", text(volume.object("status"), "phase", "Pending"));
  }

  private static ObjectValue nodeStatus(ObjectValue status) {
    ObjectValue changed = status;
    if (isNil(status.get("allocatable")) && status.get("capacity") instanceof ObjectValue capacity) {
      changed = status.with("allocatable", capacity);
    }
    return changed.change("capacity", Quantities::roundUp).change("allocatable", Quantities::roundUp);
  }

  private static ObjectValue limitRangeItem(ObjectValue item) {
    ObjectValue changed = item;
    if (item.string("type").equals("Container")) {
      ObjectValue.Builder limits = item.object("default").toBuilder();
      fill(limits, item.object("max"));
      ObjectValue allLimits = limits.buildSorted();
      ObjectValue.Builder requests = item.object("defaultRequest").toBuilder();
      fill(requests, allLimits);
      fill(requests, item.object("min"));
      ObjectValue allRequests = requests.buildSorted();
      changed = allLimits.isEmpty() ? changed : changed.with("default", allLimits);
      changed = allRequests.isEmpty() ? changed : changed.with("defaultRequest", allRequests);
    }
    for (String field : new String[] {"max", "min", "default", "defaultRequest", "maxLimitRequestRatio"}) {
      changed = changed.change(field, Quantities::roundUp);
    }
    return changed;
  }

  private static void fill(ObjectValue.Builder amounts, ObjectValue from) {
    from.forEach(
        (name, amount) -> {
          if (!amounts.has(name)) {
            amounts.put(name, amount);
          }
        });
  }

  private static ObjectValue service(ObjectValue service) {
    ObjectValue spec = affinity(text(service.object("spec"), "sessionAffinity", "None"));
    spec = text(spec, "type", "ClusterIP");
    spec = spec.changeList("ports", ports -> ports.mapObjects(CoreDefaults::servicePort));
    String type = spec.string("type");
    boolean outside = type.equals("LoadBalancer") || type.equals("NodePort");
    if (outside || type.equals("ClusterIP") && !spec.list("externalIPs").isEmpty()) {
      spec = text(spec, "externalTrafficPolicy", "Cluster");
    }
    if (Set.of("NodePort", "LoadBalancer", "ClusterIP").contains(type)) {
      spec = value(spec, "internalTrafficPolicy", new StringValue("Cluster"));
    }
    ObjectValue changed = service;
    if (type.equals("LoadBalancer")) {
      spec = truth(spec, "allocateLoadBalancerNodePorts", true);
      changed =
          changed.change(
              "status",
              status ->
                  status.change(
                      "loadBalancer",
                      balancer -> balancer.changeList("ingress", all -> all.mapObjects(CoreDefaults::ipMode))));
    }
    return changed.with("spec", spec);
  }

  private static ObjectValue ipMode(ObjectValue ingress) {
    return ingress.string("ip").isEmpty() ? ingress : value(ingress, "ipMode", new StringValue("VIP"));
  }

  private static ObjectValue affinity(ObjectValue spec) {
    return switch (spec.string("sessionAffinity")) {
      case "None" -> spec.without("sessionAffinityConfig");
      case "ClientIP" ->
          isNil(spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds"))
              ? spec.with(
                  "sessionAffinityConfig",
                  ObjectValue.of("clientIP", ObjectValue.of("timeoutSeconds", new IntegerValue(CLIENT_IP_SECONDS))))
              : spec;
      default -> spec;
    };
  }

  private static ObjectValue servicePort(ObjectValue port) {
    ObjectValue changed = text(port, "protocol", "TCP");
    return isUnset(port.get("targetPort")) ? changed.with("targetPort", port.integer(0, "port")) : changed;
  }

  private static boolean isUnset(@Nullable Value port) {
    return isNil(port) || IntegerValue.ZERO.equals(port) || StringValue.EMPTY.equals(port);
  }
}
