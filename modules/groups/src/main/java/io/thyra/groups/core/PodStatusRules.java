package io.thyra.groups.core;

import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a kubelet may say about a pod. Source: pkg/apis/core/validation/validation.go, ValidatePodStatusUpdate.
final class PodStatusRules {
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final List<String> SYSTEM_CONDITIONS = List.of("PodScheduled", "Ready", "Initialized");
  private static final String NODE_CLAIMS = "nodeAllocatableResourceClaimStatuses";
  private static final List<String> LISTS = List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");
  private static final String CLAIM = "claim:";
  private static final List<String> HEALTH = List.of("Healthy", "Unhealthy", "Unknown");
  private static final int HEALTH_MESSAGE_BYTES_MAX = 1024;
  private static final String NOT_NEGATIVE = "must be a non-negative integer";

  private PodStatusRules() {}

  /// The pod without what gates that are off would report, unless it was reported before.
  static ObjectValue withoutGated(ObjectValue pod, ObjectValue old) {
    boolean had = old.object("status").has(NODE_CLAIMS);
    boolean digests = LISTS.stream().anyMatch(list -> old.list("status", list).objects().stream().anyMatch(PodStatusRules::hasVolumeStatus));
    return pod.change(
        "status",
        status -> {
          ObjectValue kept = had ? status : status.without(NODE_CLAIMS);
          for (String list : LISTS) {
            kept = digests ? kept : kept.changeList(list, all -> all.mapObjects(PodStatusRules::withoutVolumeStatus));
          }
          return kept;
        });
  }

  private static boolean hasVolumeStatus(ObjectValue container) {
    return container.list("volumeMounts").objects().stream().anyMatch(mount -> mount.has("volumeStatus"));
  }

  private static ObjectValue withoutVolumeStatus(ObjectValue container) {
    return hasVolumeStatus(container)
        ? container.changeList("volumeMounts", mounts -> mounts.mapObjects(mount -> mount.without("volumeStatus")))
        : container;
  }

  static void check(ObjectValue pod, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    PodUpdates.annotations(pod, old, errors);
    ObjectValue status = pod.object("status");
    ObjectValue before = old.object("status");
    conditions(status, errors);
    nomination(status, before, old, errors);
    if (status.integer(0, "observedGeneration") < 0) {
      errors.add(FieldError.invalid(STATUS.child("observedGeneration"), status.integer(0, "observedGeneration"), NOT_NEGATIVE));
    }
    errors.addAll(ObjectMetaValidation.immutable(status.get("qosClass"), before.get("qosClass"), STATUS.child("qosClass")));
    transitions(status, before, old.object("spec"), "containerStatuses", "containers", errors);
    transitions(status, before, old.object("spec"), "initContainerStatuses", "initContainers", errors);
    transitions(status, before, old.object("spec"), "ephemeralContainerStatuses", "", errors);
    claims(status, pod.object("spec"), errors);
    if (status.get("extendedResourceClaimStatus") instanceof ObjectValue extended) {
      extendedClaim(extended, pod.object("spec"), errors);
    }
    addresses(status, before, "podIPs", errors);
    hostAddresses(status, before, errors);
    for (String list : LISTS) {
      users(status, list, pod.string("spec", "os", "name").equals("windows"), errors);
    }
    allocated(status, "containerStatuses", pod.list("spec", "containers").objects(), errors);
    allocated(status, "initContainerStatuses", pod.list("spec", "initContainers").objects(), errors);
    List<ObjectValue> ephemeral = status.list("ephemeralContainerStatuses").objects();
    for (int i = 0; i < ephemeral.size(); i++) {
      if (!ephemeral.get(i).list("allocatedResourcesStatus").isEmpty()) {
        FieldPath at = STATUS.child("ephemeralContainerStatuses").index(i).child("allocatedResourcesStatus");
        errors.add(FieldError.forbidden(at, "must not be specified in container status"));
      }
    }
  }

  private static void conditions(ObjectValue status, List<FieldError> errors) {
    List<ObjectValue> conditions = status.list("conditions").objects();
    for (int i = 0; i < conditions.size(); i++) {
      FieldPath at = STATUS.child("conditions").index(i);
      long generation = conditions.get(i).integer(0, "observedGeneration");
      if (generation < 0) {
        errors.add(FieldError.invalid(at.child("observedGeneration"), generation, NOT_NEGATIVE));
      }
      String type = conditions.get(i).string("type");
      if (!SYSTEM_CONDITIONS.contains(type)) {
        Checks.format(type, Names.qualifiedName(type), at.child("Type"), errors);
      }
    }
  }

  private static void nomination(ObjectValue status, ObjectValue before, ObjectValue old, List<FieldError> errors) {
    String nominated = status.string("nominatedNodeName");
    FieldPath path = STATUS.child("nominatedNodeName");
    if (nominated.isEmpty() || nominated.equals(before.string("nominatedNodeName"))) {
      return;
    }
    Checks.format(nominated, Names.DNS_SUBDOMAIN.check(nominated, false), path, errors);
    if (!old.string("spec", "nodeName").isEmpty()) {
      errors.add(FieldError.forbidden(path, "may not be set on pods that are already bound to a node"));
    }
  }

  /// Containers that have ended stay ended, unless their pod restarts them.
  private static void transitions(
      ObjectValue status, ObjectValue before, ObjectValue spec, String list, String containers, List<FieldError> errors) {
    if (!containers.isEmpty() && restartsAll(spec)) {
      return;
    }
    List<ObjectValue> earlier = before.list(list).objects();
    for (int i = 0; i < earlier.size(); i++) {
      if (!(earlier.get(i).at("state", "terminated") instanceof ObjectValue ended)) {
        continue;
      }
      String name = earlier.get(i).string("name");
      for (ObjectValue now : status.list(list).objects()) {
        if (now.string("name").equals(name) && !(now.at("state", "terminated") instanceof ObjectValue)) {
          if (containers.isEmpty() || !mayRestart(spec, containers, name, ended.integer(0, "exitCode"))) {
            errors.add(
                FieldError.forbidden(STATUS.child(list).index(i).child("state"), "may not be transitioned to non-terminated state"));
          }
          break;
        }
      }
    }
  }

  private static boolean restartsAll(ObjectValue spec) {
    return List.of("initContainers", "containers").stream()
        .flatMap(list -> spec.list(list).objects().stream())
        .flatMap(container -> container.list("restartPolicyRules").objects().stream())
        .anyMatch(rule -> rule.string("action").equals("RestartAllContainers"));
  }

  // Source: pkg/api/v1/pod/util.go, ContainerShouldRestart.
  private static boolean mayRestart(ObjectValue spec, String list, String name, long exitCode) {
    for (ObjectValue container : spec.list(list).objects()) {
      if (!container.string("name").equals(name)) {
        continue;
      }
      for (ObjectValue rule : container.list("restartPolicyRules").objects()) {
        if (rule.string("action").equals("Restart") && matches(rule.object("exitCodes"), exitCode)) {
          return true;
        }
      }
      String own = container.string("restartPolicy");
      String policy = own.isEmpty() ? spec.string("restartPolicy") : own;
      return policy.equals("Always") || policy.equals("OnFailure") && exitCode != 0;
    }
    return false;
  }

  private static boolean matches(ObjectValue exitCodes, long exitCode) {
    boolean listed = exitCodes.list("values").items().contains(Value.of(exitCode));
    return switch (exitCodes.string("operator")) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      default -> false;
    };
  }

  private static void claims(ObjectValue status, ObjectValue spec, List<FieldError> errors) {
    List<String> known = spec.list("resourceClaims").objects().stream().map(c -> c.string("name")).toList();
    List<ObjectValue> claims = status.list("resourceClaimStatuses").objects();
    var seen = new HashSet<String>();
    for (int i = 0; i < claims.size(); i++) {
      FieldPath at = STATUS.child("resourceClaimStatuses").index(i);
      String name = claims.get(i).string("name");
      if (!known.contains(name)) {
        errors.add(FieldError.invalid(at.child("name"), name, "must match the name of an entry in `spec.resourceClaims`"));
      }
      if (!seen.add(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      }
      if (claims.get(i).has("resourceClaimName")) {
        String claim = claims.get(i).string("resourceClaimName");
        Checks.format(claim, Names.DNS_SUBDOMAIN.check(claim, false), at.child("resourceClaimName"), errors);
      }
    }
  }

  /// The claim that stands for extended resources, and which request of it each container's resource is.
  private static void extendedClaim(ObjectValue claim, ObjectValue spec, List<FieldError> errors) {
    FieldPath path = STATUS.child("extendedResourceClaimStatus");
    FieldPath mappings = path.child("requestMappings");
    var containers = new HashMap<String, ObjectValue>();
    spec.list("initContainers").objects().forEach(c -> containers.put(c.string("name"), c));
    spec.list("containers").objects().forEach(c -> containers.put(c.string("name"), c));
    List<ObjectValue> requests = claim.list("requestMappings").objects();
    if (requests.isEmpty()) {
      errors.add(FieldError.required(mappings, "at least one request mapping is required"));
    }
    var seen = new HashSet<List<String>>();
    for (int i = 0; i < requests.size(); i++) {
      FieldPath at = mappings.index(i);
      String container = requests.get(i).string("containerName");
      String resource = requests.get(i).string("resourceName");
      String request = requests.get(i).string("requestName");
      ObjectValue found = containers.get(container);
      if (found == null) {
        errors.add(
            FieldError.invalid(
                at.child("containerName"),
                container,
                "must match the name of an entry in spec.initContainers.name or spec.containers.name"));
      } else if (!found.object("resources", "requests").has(resource)) {
        errors.add(
            FieldError.invalid(
                at.child("resourceName"),
                resource,
                "must match the extended resource name of an entry in spec.initContainers.resources.requests or"
                    + " spec.containers.resources.requests"));
      }
      Checks.format(request, Names.dns1123Label(request), path.child("requestName"), errors);
      if (!seen.add(List.of(container, resource, request))) {
        errors.add(FieldError.duplicate(at.child("containerName"), container));
        errors.add(FieldError.duplicate(at.child("resourceName"), resource));
        errors.add(FieldError.duplicate(at.child("requestName"), request));
      }
    }
    String name = claim.string("resourceClaimName");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child("resourceClaimName"), ""));
    } else {
      Checks.format(name, Names.DNS_SUBDOMAIN.check(name, false), path.child("resourceClaimName"), errors);
    }
  }

  /// The health of devices: each of a resource or claim of its container, told once.
  private static void allocated(ObjectValue status, String list, List<ObjectValue> containers, List<FieldError> errors) {
    List<ObjectValue> statuses = status.list(list).objects();
    for (int i = 0; i < statuses.size(); i++) {
      String name = statuses.get(i).string("name");
      ObjectValue container = containers.stream().filter(c -> c.string("name").equals(name)).findFirst().orElse(null);
      List<ObjectValue> all = statuses.get(i).list("allocatedResourcesStatus").objects();
      for (int j = 0; j < all.size(); j++) {
        FieldPath at = STATUS.child(list).index(i).child("allocatedResourcesStatus").index(j);
        if (container != null) {
          belongs(all.get(j).string("name"), container.object("resources"), at.child("name"), errors);
        }
        devices(all.get(j).list("resources").objects(), at.child("resources"), errors);
      }
    }
  }

  private static void belongs(String resource, ObjectValue resources, FieldPath path, List<FieldError> errors) {
    if (!resource.startsWith(CLAIM)) {
      if (!resources.object("requests").has(resource)) {
        errors.add(FieldError.invalid(path, resource, "must match one of the container's resource requests"));
      }
      return;
    }
    boolean found =
        resources.list("claims").objects().stream()
            .map(c -> CLAIM + c.string("name") + (c.string("request").isEmpty() ? "" : "/" + c.string("request")))
            .anyMatch(resource::equals);
    if (!found) {
      errors.add(
          FieldError.invalid(
              path,
              resource,
              "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if"
                  + " request is empty"));
    }
  }

  private static void devices(List<ObjectValue> devices, FieldPath path, List<FieldError> errors) {
    var ids = new HashSet<String>();
    for (int i = 0; i < devices.size(); i++) {
      ObjectValue device = devices.get(i);
      FieldPath at = path.index(i);
      if (!HEALTH.contains(device.string("health"))) {
        errors.add(FieldError.notSupported(at.child("health"), device.string("health"), HEALTH));
      }
      if (device.has("message")) {
        String message = device.string("message");
        if (message.isEmpty()) {
          errors.add(FieldError.required(at.child("message"), "must be non-empty if specified"));
        } else if (message.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > HEALTH_MESSAGE_BYTES_MAX) {
          errors.add(FieldError.tooLong(at.child("message"), HEALTH_MESSAGE_BYTES_MAX));
        }
      }
      if (!ids.add(device.string("resourceID"))) {
        errors.add(FieldError.duplicate(at.child("resourceID"), device.string("resourceID")));
      }
    }
  }

  private static List<String> ips(ObjectValue status, String field) {
    return status.list(field).objects().stream().map(a -> a.string("ip")).toList();
  }

  private static void hostAddresses(ObjectValue status, ObjectValue before, List<FieldError> errors) {
    List<String> ips = ips(status, "hostIPs");
    if (ips.isEmpty()) {
      return;
    }
    if (!status.string("hostIP").equals(ips.getFirst())) {
      errors.add(
          FieldError.invalid(STATUS.child("hostIPs").index(0).child("ip"), ips.getFirst(), "must be equal to `hostIP`"));
    }
    addresses(status, before, "hostIPs", errors);
  }

  private static void addresses(ObjectValue status, ObjectValue before, String field, List<FieldError> errors) {
    List<String> ips = ips(status, field);
    FieldPath path = STATUS.child(field);
    for (int i = 0; i < ips.size(); i++) {
      errors.addAll(IpAddresses.validateLegacy(path.index(i), ips.get(i), true, ips(before, field)));
    }
    if (ips.size() > 1) {
      int broken = firstBroken(ips);
      if (broken >= 0) {
        errors.add(
            FieldError.internal(
                path, "failed to check for dual stack with error:invalid IP[" + broken + "]: " + ips.get(broken)));
      }
      boolean dual = ips.stream().anyMatch(ip -> ip.contains(":")) && ips.stream().anyMatch(ip -> !ip.contains(":"));
      if (broken >= 0 || !dual || ips.size() > 2) {
        var shown = io.thyra.model.ListValue.of(
            ips.stream().map(ip -> ObjectValue.builder().put("IP", ip).build()).toArray(Value[]::new));
        errors.add(FieldError.invalidPrinted(path, GoText.json(shown), "may specify no more than one IP for each IP family"));
      }
    }
  }

  private static int firstBroken(List<String> ips) {
    for (int i = 0; i < ips.size(); i++) {
      if (!IpAddresses.validateLegacy(null, ips.get(i), false, List.of()).isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  private static void users(ObjectValue status, String list, boolean windows, List<FieldError> errors) {
    List<ObjectValue> statuses = status.list(list).objects();
    for (int i = 0; i < statuses.size(); i++) {
      if (!(statuses.get(i).at("user", "linux") instanceof ObjectValue user)) {
        continue;
      }
      FieldPath at = STATUS.child(list).index(i).child("user", "linux");
      if (windows) {
        errors.add(FieldError.forbidden(at, "cannot be set for a windows pod"));
        continue;
      }
      for (String field : List.of("uid", "gid")) {
        long id = user.integer(0, field);
        io.thyra.machinery.Words.unixId(id).forEach(c -> errors.add(FieldError.invalid(at.child(field), id, c)));
      }
      List<Value> groups = user.list("supplementalGroups").items();
      for (int j = 0; j < groups.size(); j++) {
        if (groups.get(j) instanceof io.thyra.model.IntegerValue(long id)) {
          FieldPath group = at.child("supplementalGroups").index(j);
          io.thyra.machinery.Words.unixId(id).forEach(c -> errors.add(FieldError.invalid(group, id, c)));
        }
      }
    }
  }
}
