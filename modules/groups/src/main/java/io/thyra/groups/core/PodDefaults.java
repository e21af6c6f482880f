package io.thyra.groups.core;

import static io.thyra.groups.Defaults.isNil;
import static io.thyra.groups.Defaults.number;
import static io.thyra.groups.Defaults.numberForZero;
import static io.thyra.groups.Defaults.text;
import static io.thyra.groups.Defaults.value;

import io.thyra.groups.Defaults;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import java.util.List;

/// What is filled in for pods and, by their types, for everything that holds a pod template.
/// Source: pkg/apis/core/v1/defaults.go.
final class PodDefaults {
  private static final long DEFAULT_MODE = 0644;

  private PodDefaults() {}

  static void declare(Defaults defaults) {
    defaults
        .of("core.v1.Pod", PodDefaults::pod)
        .of("core.v1.PodSpec", PodDefaults::podSpec)
        .of("core.v1.PodStatus", PodDefaults::addresses)
        .of("core.v1.NodeSpec", PodDefaults::ranges)
        .of("core.v1.Volume", PodDefaults::volume)
        .of("core.v1.Container", PodDefaults::container)
        .of("core.v1.EphemeralContainer", PodDefaults::container)
        .of("core.v1.EphemeralContainerCommon", PodDefaults::container)
        .of("core.v1.Probe", PodDefaults::probe)
        .of("core.v1.GRPCAction", grpc -> value(grpc, "service", StringValue.EMPTY))
        .of("core.v1.HTTPGetAction", http -> text(text(http, "path", "/"), "scheme", "HTTP"))
        .of("core.v1.SecretVolumeSource", PodDefaults::mode)
        .of("core.v1.ConfigMapVolumeSource", PodDefaults::mode)
        .of("core.v1.DownwardAPIVolumeSource", PodDefaults::mode)
        .of("core.v1.ProjectedVolumeSource", PodDefaults::mode)
        .of("core.v1.ServiceAccountTokenProjection", token -> number(token, "expirationSeconds", 3600))
        .of("core.v1.ObjectFieldSelector", selector -> text(selector, "apiVersion", "v1"))
        .of("core.v1.HostPathVolumeSource", path -> value(path, "type", StringValue.EMPTY))
        .of("core.v1.ResourceRequirements", PodDefaults::requirements)
        .of("core.v1.VolumeResourceRequirements", PodDefaults::requirements);
  }

  private static ObjectValue mode(ObjectValue source) {
    return number(source, "defaultMode", DEFAULT_MODE);
  }

  /// Amounts finer than a thousandth are rounded up, as the API promised before it refused them.
  private static ObjectValue requirements(ObjectValue requirements) {
    return requirements.change("limits", Quantities::roundUp).change("requests", Quantities::roundUp);
  }

  private static ObjectValue podSpec(ObjectValue spec) {
    ObjectValue changed = text(spec, "dnsPolicy", "ClusterFirst");
    changed = text(changed, "restartPolicy", "Always");
    changed = value(changed, "securityContext", ObjectValue.EMPTY);
    changed = number(changed, "terminationGracePeriodSeconds", 30);
    return twin(text(changed, "schedulerName", "default-scheduler"));
  }

  /// The account under both of its names, the newer one counts.
  static ObjectValue twin(ObjectValue spec) {
    String name = spec.string("serviceAccountName");
    String old = spec.string("serviceAccount");
    if (name.equals(old)) {
      return spec;
    }
    return name.isEmpty() ? spec.with("serviceAccountName", old) : spec.with("serviceAccount", name);
  }

  /// The first address of a pod under both of its names; where they differ the older one counts.
  private static ObjectValue addresses(ObjectValue status) {
    String ip = status.string("podIP");
    String first = status.list("podIPs").isEmpty() ? "" : status.list("podIPs").object(0).string("ip");
    if (ip.equals(first)) {
      return status;
    }
    return ip.isEmpty()
        ? status.with("podIP", first)
        : status.with("podIPs", ListValue.of(ObjectValue.builder().put("ip", ip).build()));
  }

  /// The first address range of a node under both of its names; where they differ the older one counts.
  private static ObjectValue ranges(ObjectValue spec) {
    String range = spec.string("podCIDR");
    String first = spec.list("podCIDRs").isEmpty() ? "" : spec.list("podCIDRs").strings().getFirst();
    if (range.equals(first)) {
      return spec;
    }
    return range.isEmpty() ? spec.with("podCIDR", first) : spec.with("podCIDRs", ListValue.of(new StringValue(range)));
  }

  private static ObjectValue volume(ObjectValue volume) {
    boolean sourced = false;
    for (String name : volume.names()) {
      sourced |= !name.equals("name") && !isNil(volume.get(name));
    }
    if (!sourced) {
      return volume.with("emptyDir", ObjectValue.EMPTY);
    }
    return volume.change("image", image -> text(image, "pullPolicy", pullPolicy(image.string("reference"))));
  }

  private static ObjectValue container(ObjectValue container) {
    ObjectValue changed = text(container, "imagePullPolicy", pullPolicy(container.string("image")));
    changed = text(changed, "terminationMessagePath", "/dev/termination-log");
    return text(changed, "terminationMessagePolicy", "File");
  }

  private static String pullPolicy(String image) {
    return ImageNames.tag(image).equals("latest") ? "Always" : "IfNotPresent";
  }

  private static ObjectValue probe(ObjectValue probe) {
    ObjectValue changed = numberForZero(probe, "timeoutSeconds", 1);
    changed = numberForZero(changed, "periodSeconds", 10);
    changed = numberForZero(changed, "successThreshold", 1);
    return numberForZero(changed, "failureThreshold", 3);
  }

  /// What holds for pods themselves and not for templates.
  private static ObjectValue pod(ObjectValue pod) {
    return pod.with("spec", podOnly(pod.object("spec")));
  }

  private static ObjectValue podOnly(ObjectValue spec) {
    ObjectValue changed = spec;
    for (String list : List.of("containers", "initContainers")) {
      changed = changed.changeList(list, all -> all.mapObjects(c -> c.change("resources", PodDefaults::requestsFromLimits)));
    }
    changed = PodResources.defaultPodLevel(changed);
    if (changed.integer(0, "terminationGracePeriodSeconds") < 0) {
      changed = changed.with("terminationGracePeriodSeconds", 1);
    }
    changed = Defaults.truth(changed, "enableServiceLinks", true);
    if (changed.bool("hostNetwork")) {
      for (String list : List.of("containers", "initContainers")) {
        changed =
            changed.changeList(
                list,
                all -> all.mapObjects(c -> c.changeList("ports", ports -> ports.mapObjects(PodDefaults::hostPort))));
      }
    }
    return changed;
  }

  private static ObjectValue hostPort(ObjectValue port) {
    long containerPort = port.integer(0, "containerPort");
    return containerPort == 0 ? port : numberForZero(port, "hostPort", containerPort);
  }

  private static ObjectValue requestsFromLimits(ObjectValue resources) {
    if (!(resources.get("limits") instanceof ObjectValue limits) || limits.isEmpty()) {
      // Limits that were sent empty make requests that are as empty.
      return resources.saidEmpty("limits") && !resources.has("requests") ? resources.sayEmpty("requests") : resources;
    }
    ObjectValue.Builder requests = resources.object("requests").toBuilder();
    limits.forEach(
        (name, amount) -> {
          if (!requests.has(name)) {
            requests.put(name, amount);
          }
        });
    return resources.with("requests", requests.buildSorted());
  }

  /// Fills labels, and the selector where there is one, from a template.
  static ObjectValue labelsOf(ObjectValue object, ObjectValue labels) {
    if (labels.isEmpty() || !object.object("metadata", "labels").isEmpty()) {
      return object;
    }
    return object.withAt(labels, "metadata", "labels");
  }
}
