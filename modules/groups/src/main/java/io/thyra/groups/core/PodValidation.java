package io.thyra.groups.core;

import io.thyra.groups.GoStruct;
import io.thyra.groups.Rules;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.BooleanValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Pod specs, alone and in templates. Source: pkg/apis/core/validation/validation.go.
public final class PodValidation {
  private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> DNS_POLICIES = List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
  private static final int NAMESERVERS_MAX = 3;
  private static final int SEARCHES_MAX = 32;
  private static final int SEARCHES_CHARS_MAX = 2048;
  private static final int HOSTNAME_MAX = 64;
  private static final String NOT_ON_WINDOWS = "cannot be set for a windows pod";
  static final Struct POD_TYPE = Schemas.builtin().findKind(new GroupVersionKind("", "v1", "Pod")).orElseThrow();
  static final Struct SPEC_TYPE = GoStruct.at(POD_TYPE, "spec");
  private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  private PodValidation() {}

  /// The spec of a pod template.
  ///
  /// @param privileged whether containers may be privileged
  public static void spec(ObjectValue spec, boolean privileged, FieldPath path, List<FieldError> errors) {
    spec(spec, ObjectValue.EMPTY, false, privileged, path, errors);
  }

  /// The spec of a pod or of a template.
  ///
  /// @param metadata that of the pod
  /// @param isPod whether it is a pod itself
  static void spec(
      ObjectValue spec, ObjectValue metadata, boolean isPod, boolean privileged, FieldPath path, List<FieldError> errors) {
    if (!spec.has("terminationGracePeriodSeconds")) {
      errors.add(FieldError.required(path.child("terminationGracePeriodSeconds"), ""));
    }
    Map<String, ObjectValue> volumes = volumes(spec, metadata.string("name"), path.child("volumes"), errors);
    resourceClaims(spec, metadata, path.child("resourceClaims"), errors);
    new ContainerValidation(spec, volumes, privileged, errors).check(path);
    podResources(spec, path.child("resources"), errors);
    hostNetwork(spec, isPod, path, errors);
    Checks.required(spec.string("restartPolicy"), RESTART_POLICIES, path.child("restartPolicy"), errors);
    Checks.required(spec.string("dnsPolicy"), DNS_POLICIES, path.child("dnsPolicy"), errors);
    errors.addAll(ObjectMetaValidation.labels(spec.object("nodeSelector"), path.child("nodeSelector")));
    SecurityValidation.pod(spec, path.child("securityContext"), errors);
    SchedulingValidation.affinity(spec, path.child("affinity"), errors);
    dnsConfig(spec, path.child("dnsConfig"), errors);
    gates(spec, path, errors);
    SchedulingValidation.spread(spec, path.child("topologySpreadConstraints"), errors);
    hostProcess(spec, privileged, path, errors);
    hostUsers(spec, path, errors);
    hostnameOverride(spec, path.child("hostnameOverride"), errors);
    names(spec, path, errors);
    tolerations(spec, path.child("tolerations"), errors);
    hostAliases(spec, path.child("hostAliases"), errors);
    classes(spec, path, errors);
    os(spec, path, errors);
    fileKeys(spec, path, errors);
  }

  /// What holds for pods and not for templates.
  static void podOnly(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (spec.string("serviceAccountName").isEmpty()) {
      List<ObjectValue> volumes = spec.list("volumes").objects();
      for (int i = 0; i < volumes.size(); i++) {
        List<ObjectValue> sources = volumes.get(i).list("projected", "sources").objects();
        for (int j = 0; j < sources.size(); j++) {
          if (sources.get(j).get("serviceAccountToken") instanceof ObjectValue) {
            errors.add(
                FieldError.forbidden(
                    path.child("volumes").index(i).child("projected", "sources").index(j).child("serviceAccountToken"),
                    "must not be specified when serviceAccountName is not set"));
          }
        }
      }
    }
    for (String list : List.of("containers", "initContainers")) {
      List<ObjectValue> containers = spec.list(list).objects();
      for (int i = 0; i < containers.size(); i++) {
        trimmedImage(containers.get(i).string("image"), path.child(list).index(i), errors);
      }
    }
  }

  static void trimmedImage(String image, FieldPath container, List<FieldError> errors) {
    if (!image.strip().equals(image)) {
      errors.add(FieldError.invalid(container.child("image"), image, "must not have leading or trailing whitespace"));
    }
  }

  private static void resourceClaims(ObjectValue spec, ObjectValue metadata, FieldPath path, List<FieldError> errors) {
    var seen = new HashSet<String>();
    List<ObjectValue> claims = spec.list("resourceClaims").objects();
    for (int i = 0; i < claims.size(); i++) {
      ObjectValue claim = claims.get(i);
      FieldPath at = path.index(i);
      if (metadata.object("annotations").has(PodUpdates.MIRROR)) {
        errors.add(FieldError.forbidden(FieldPath.of(""), "static pods do not support resource claims"));
        continue;
      }
      String name = claim.string("name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name"), ""));
      } else if (!seen.add(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      } else {
        Checks.format(name, Names.dns1123Label(name), at.child("name"), errors);
      }
      boolean named = claim.has("resourceClaimName");
      boolean made = claim.has("resourceClaimTemplateName");
      if (named == made) {
        String shown = GoText.json(GoStruct.of(GoStruct.at(SPEC_TYPE, "resourceClaims"), claim));
        errors.add(
            FieldError.invalidPrinted(
                at,
                shown,
                named
                    ? "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
                    : "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
      }
      for (String field : List.of("resourceClaimName", "resourceClaimTemplateName")) {
        if (claim.has(field)) {
          Checks.format(claim.string(field), Names.DNS_SUBDOMAIN.check(claim.string(field), false), at.child(field), errors);
        }
      }
    }
  }

  private static void podResources(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!(spec.get("resources") instanceof ObjectValue own)) {
      return;
    }
    if (spec.string("os", "name").equals("windows")) {
      errors.add(FieldError.forbidden(path, "may not be set for a windows pod"));
      return;
    }
    if (own.has("claims") || own.saidEmpty("claims")) {
      errors.add(FieldError.forbidden(path.child("claims"), "claims may not be set for Resources at pod-level"));
    }
    ContainerValidation.podResources(spec, path, errors);
    ObjectValue requests = own.object("requests");
    ObjectValue limits = own.object("limits");
    PodResources.containers(spec, "requests")
        .forEach(
            (name, sum) -> {
              if (requests.has(name) && sum.compareTo(Quantities.of(requests, name)) > 0) {
                errors.add(
                    FieldError.invalid(
                        path.child("requests").key(name),
                        Quantities.of(requests, name).toString(),
                        "must be greater than or equal to aggregate container requests of " + sum));
              }
            });
    PodResources.containers(spec, "limits")
        .forEach(
            (name, sum) -> {
              if (ResourceNames.isHugePages(name) && limits.has(name) && sum.compareTo(Quantities.of(limits, name)) > 0) {
                errors.add(
                    FieldError.invalid(
                        path.child("limits").key(name),
                        Quantities.of(limits, name).toString(),
                        "must be greater than or equal to aggregate container limits of " + sum));
              }
            });
    List<ObjectValue> containers = spec.list("containers").objects();
    for (int i = 0; i < containers.size(); i++) {
      ObjectValue asked = containers.get(i).object("resources", "limits");
      for (String name : asked.names()) {
        if (limits.has(name) && Quantities.of(asked, name).compareTo(Quantities.of(limits, name)) > 0) {
          errors.add(
              FieldError.invalid(
                  path.child("containers").index(i).key(name).child("limits"),
                  Quantities.of(asked, name).toString(),
                  "must be less than or equal to pod limits of " + Quantities.of(limits, name)));
        }
      }
    }
  }

  private static void dnsConfig(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    boolean alone = spec.string("dnsPolicy").equals("None");
    if (!(spec.get("dnsConfig") instanceof ObjectValue config)) {
      if (alone) {
        errors.add(FieldError.required(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
      }
      return;
    }
    List<String> servers = config.list("nameservers").strings();
    FieldPath at = path.child("nameservers");
    if (alone && servers.isEmpty()) {
      errors.add(FieldError.required(at, "must provide at least one DNS nameserver when `dnsPolicy` is None"));
      return;
    }
    if (servers.size() > NAMESERVERS_MAX) {
      errors.add(FieldError.invalid(at, config.list("nameservers"), "must not have more than " + NAMESERVERS_MAX + " nameservers"));
    }
    for (int i = 0; i < servers.size(); i++) {
      errors.addAll(IpAddresses.validateLegacy(at.index(i), servers.get(i), true, List.of()));
    }
    List<String> searches = config.list("searches").strings();
    FieldPath list = path.child("searches");
    if (searches.size() > SEARCHES_MAX) {
      errors.add(FieldError.invalid(list, config.list("searches"), "must not have more than " + SEARCHES_MAX + " search paths"));
    }
    if (String.join(" ", searches).length() > SEARCHES_CHARS_MAX) {
      errors.add(
          FieldError.invalid(
              list,
              config.list("searches"),
              "must not have more than " + SEARCHES_CHARS_MAX + " characters (including spaces) in the search list"));
    }
    for (int i = 0; i < searches.size(); i++) {
      String search = searches.get(i);
      if (!search.equals(".")) {
        String name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
        Checks.format(name, Names.dns1123SubdomainWithUnderscore(name), list.index(i), errors);
      }
    }
    List<ObjectValue> options = config.list("options").objects();
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).string("name").isEmpty()) {
        errors.add(FieldError.required(path.child("options").index(i), "must not be empty"));
      }
    }
  }

  private static void gates(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> readiness = spec.list("readinessGates").objects();
    for (int i = 0; i < readiness.size(); i++) {
      String type = readiness.get(i).string("conditionType");
      Checks.format(type, Names.qualifiedName(type), path.child("readinessGates").index(i).child("conditionType"), errors);
    }
    var seen = new HashSet<String>();
    List<ObjectValue> scheduling = spec.list("schedulingGates").objects();
    for (int i = 0; i < scheduling.size(); i++) {
      String name = scheduling.get(i).string("name");
      FieldPath at = path.child("schedulingGates").index(i);
      Checks.format(name, Names.qualifiedName(name), at, errors);
      if (!seen.add(name)) {
        errors.add(FieldError.duplicate(at, name));
      }
    }
  }

  private static void hostProcess(ObjectValue spec, boolean privileged, FieldPath path, List<FieldError> errors) {
    Value ofPod = spec.at("securityContext", "windowsOptions", "hostProcess");
    var count = new int[2];
    PodAnnotations.visit(
        spec,
        path,
        (container, at) -> {
          count[0]++;
          Value own = container.at("securityContext", "windowsOptions", "hostProcess");
          if (ofPod != null && own != null && !ofPod.equals(own)) {
            errors.add(
                FieldError.invalid(
                    at.child("securityContext", "windowsOptions", "hostProcess"),
                    own,
                    "pod hostProcess value must be identical if both are specified, was " + GoText.json(ofPod)));
          }
          if (BooleanValue.TRUE.equals(own == null ? ofPod : own)) {
            count[1]++;
          }
        });
    if (count[1] == 0) {
      return;
    }
    if (count[1] != count[0]) {
      errors.add(
          FieldError.invalid(path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers"));
    }
    if (!spec.bool("hostNetwork")) {
      errors.add(
          FieldError.invalidPrinted(
              path.child("hostNetwork"), "false", "hostNetwork must be true if pod contains any hostProcess containers"));
    }
    if (!privileged) {
      errors.add(FieldError.forbidden(path, "hostProcess containers are disallowed by cluster policy"));
    }
  }

  private static void hostUsers(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!spec.has("hostUsers") || spec.bool("hostUsers")) {
      return;
    }
    String why = "when `hostUsers` is false";
    if (spec.bool("hostNetwork")) {
      errors.add(FieldError.forbidden(path.child("hostNetwork"), why));
    }
    if (spec.bool("hostPID")) {
      errors.add(FieldError.forbidden(path.child("HostPID"), why));
    }
    if (spec.bool("hostIPC")) {
      errors.add(FieldError.forbidden(path.child("HostIPC"), why));
    }
    PodAnnotations.visit(
        spec,
        path,
        (container, at) -> {
          if (!container.list("volumeDevices").isEmpty()) {
            errors.add(FieldError.forbidden(at.child("volumeDevices"), why));
          }
        });
  }

  private static void hostnameOverride(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!spec.has("hostnameOverride")) {
      return;
    }
    String name = spec.string("hostnameOverride");
    if (spec.bool("setHostnameAsFQDN")) {
      errors.add(FieldError.forbidden(path, "may not be specified when setHostnameAsFQDN is true"));
    }
    if (spec.bool("hostNetwork")) {
      errors.add(FieldError.forbidden(path, "may not be specified when hostNetwork is true"));
    }
    if (name.length() > HOSTNAME_MAX) {
      errors.add(FieldError.tooLong(path, HOSTNAME_MAX));
    }
    Checks.format(name, Names.dns1123Subdomain(name), path, errors);
  }

  private static void os(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!(spec.get("os") instanceof ObjectValue os)) {
      return;
    }
    switch (os.string("name")) {
      case "" -> errors.add(FieldError.required(path.child("os", "name"), ""));
      case "linux" -> notOnLinux(spec, path, errors);
      case "windows" -> notOnWindows(spec, path, errors);
      default -> errors.add(FieldError.notSupported(path.child("os"), os.string("name"), List.of("linux", "windows")));
    }
  }

  private static void notOnLinux(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    String why = "windows options cannot be set for a linux pod";
    forbid(spec.object("securityContext"), path.child("securityContext"), why, errors, "windowsOptions");
    PodAnnotations.visit(
        spec, path, (c, at) -> forbid(c.object("securityContext"), at.child("securityContext"), why, errors, "windowsOptions"));
  }

  private static void notOnWindows(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    ObjectValue context = spec.object("securityContext");
    FieldPath at = path.child("securityContext");
    forbid(context, at, NOT_ON_WINDOWS, errors, "appArmorProfile", "seLinuxOptions");
    forbid(spec, path, NOT_ON_WINDOWS, errors, "hostUsers");
    for (String field : List.of("hostPID", "hostIPC")) {
      if (spec.bool(field)) {
        errors.add(FieldError.forbidden(path.child(field), NOT_ON_WINDOWS));
      }
    }
    forbid(context, at, NOT_ON_WINDOWS, errors, "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls");
    forbid(spec, path, NOT_ON_WINDOWS, errors, "shareProcessNamespace");
    forbid(
        context, at, NOT_ON_WINDOWS, errors, "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy",
        "seLinuxChangePolicy");
    PodAnnotations.visit(
        spec,
        path,
        (c, one) ->
            forbid(
                c.object("securityContext"), one.child("securityContext"), NOT_ON_WINDOWS, errors, "appArmorProfile", "seLinuxOptions",
                "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount",
                "runAsUser", "runAsGroup"));
  }

  private static void forbid(ObjectValue object, FieldPath path, String why, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      Value value = object.get(field);
      if (value != null && !value.isNull()) {
        errors.add(FieldError.forbidden(path.child(field), why));
      }
    }
  }

  /// Variables read from files of a volume, which must be there.
  private static void fileKeys(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> volumes = spec.list("volumes").objects();
    PodAnnotations.visit(
        spec,
        path,
        (container, at) -> {
          List<ObjectValue> env = container.list("env").objects();
          for (int i = 0; i < env.size(); i++) {
            if (!(env.get(i).at("valueFrom", "fileKeyRef") instanceof ObjectValue key)) {
              continue;
            }
            String name = key.string("volumeName");
            FieldPath field = at.child("env").index(i).child("valueFrom", "fileKeyRef", "volumeName");
            ObjectValue volume = volumes.stream().filter(v -> v.string("name").equals(name)).findFirst().orElse(null);
            if (volume == null) {
              errors.add(FieldError.notFound(field, name));
            } else if (!(volume.get("emptyDir") instanceof ObjectValue)) {
              errors.add(FieldError.invalid(field, name, "referenced volume must be of type emptyDir"));
            }
          }
        });
  }

  private static void hostNetwork(ObjectValue spec, boolean isPod, FieldPath path, List<FieldError> errors) {
    if (!spec.bool("hostNetwork")) {
      return;
    }
    List<ObjectValue> containers = spec.list("containers").objects();
    for (int i = 0; i < containers.size(); i++) {
      List<ObjectValue> ports = containers.get(i).list("ports").objects();
      for (int j = 0; j < ports.size(); j++) {
        long host = ports.get(j).integer(0, "hostPort");
        if ((isPod || host != 0) && host != ports.get(j).integer(0, "containerPort")) {
          errors.add(
              FieldError.invalid(
                  path.child("containers").index(i).child("ports").index(j).child("hostPort"),
                  host,
                  "must match `containerPort` when `hostNetwork` is true"));
        }
      }
    }
  }

  private static Map<String, ObjectValue> volumes(ObjectValue spec, String pod, FieldPath path, List<FieldError> errors) {
    var sound = new HashMap<String, ObjectValue>();
    List<ObjectValue> volumes = spec.list("volumes").objects();
    for (int i = 0; i < volumes.size(); i++) {
      FieldPath at = path.index(i);
      String name = volumes.get(i).string("name");
      int before = errors.size();
      VolumeValidation.source(volumes.get(i), pod, at, errors);
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name"), ""));
      } else {
        Checks.format(name, Names.dns1123Label(name), at.child("name"), errors);
      }
      if (sound.containsKey(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      }
      if (errors.size() == before) {
        sound.put(name, volumes.get(i));
      }
    }
    return sound;
  }

  private static void names(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    for (String field : List.of("serviceAccountName", "nodeName")) {
      String name = spec.string(field);
      if (!name.isEmpty()) {
        Checks.format(name, Names.DNS_SUBDOMAIN.check(name, false), path.child(field), errors);
      }
    }
    long deadline = spec.integer(1, "activeDeadlineSeconds");
    if (deadline < 1 || deadline > Integer.MAX_VALUE) {
      errors.add(FieldError.invalid(path.child("activeDeadlineSeconds"), deadline, Rules.inRange(1, Integer.MAX_VALUE)));
    }
    for (String field : List.of("hostname", "subdomain")) {
      String name = spec.string(field);
      if (!name.isEmpty()) {
        Checks.format(name, Names.dns1123Label(name), path.child(field), errors);
      }
    }
  }

  private static void classes(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    for (String field : List.of("priorityClassName", "runtimeClassName")) {
      String name = spec.string(field);
      if (!name.isEmpty()) {
        Checks.format(name, Names.DNS_SUBDOMAIN.check(name, false), path.child(field), errors);
      }
    }
    if (spec.has("preemptionPolicy")) {
      Checks.required(
          spec.string("preemptionPolicy"), List.of("PreemptLowerPriority", "Never"), path.child("preemptionPolicy"), errors);
    }
    if (spec.get("overhead") instanceof ObjectValue overhead) {
      ContainerValidation.resources(ObjectValue.of("limits", overhead), path.child("overhead"), errors);
    }
  }

  static void tolerations(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> tolerations = spec.list("tolerations").objects();
    for (int i = 0; i < tolerations.size(); i++) {
      toleration(tolerations.get(i), path.index(i), errors);
    }
  }

  private static void toleration(ObjectValue toleration, FieldPath path, List<FieldError> errors) {
    String key = toleration.string("key");
    String operator = toleration.string("operator");
    String effect = toleration.string("effect");
    String value = toleration.string("value");
    if (!key.isEmpty()) {
      Checks.format(key, Names.qualifiedName(key), path.child("key"), errors);
    } else if (!operator.equals("Exists")) {
      errors.add(
          FieldError.invalid(
              path.child("operator"),
              operator,
              "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
    }
    if (toleration.has("tolerationSeconds") && !effect.equals("NoExecute")) {
      errors.add(FieldError.invalid(path.child("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    switch (operator) {
      case "Equal", "" -> {
        List<String> complaints = Names.labelValue(value);
        if (!complaints.isEmpty()) {
          errors.add(FieldError.invalid(path.child("operator"), value, String.join(";", complaints)));
        }
      }
      case "Exists" -> {
        if (!value.isEmpty()) {
          errors.add(FieldError.invalid(path.child("operator"), value, "value must be empty when `operator` is 'Exists'"));
        }
      }
      case "Lt", "Gt" ->
          errors.add(FieldError.notSupported(path.child("operator"), operator, List.of("Equal", "Exists", "Lt", "Gt")));
      default -> errors.add(FieldError.notSupported(path.child("operator"), operator, List.of("Equal", "Exists")));
    }
    if (!effect.isEmpty() && !EFFECTS.contains(effect)) {
      errors.add(FieldError.notSupported(path.child("effect"), effect, EFFECTS));
    }
  }

  private static void hostAliases(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> aliases = spec.list("hostAliases").objects();
    for (int i = 0; i < aliases.size(); i++) {
      FieldPath at = path.index(i);
      errors.addAll(IpAddresses.validateLegacy(at.child("ip"), aliases.get(i).string("ip"), true, List.of()));
      List<String> hosts = aliases.get(i).list("hostnames").strings();
      for (int j = 0; j < hosts.size(); j++) {
        Checks.format(hosts.get(j), Names.dns1123Subdomain(hosts.get(j)), at.child("hostnames").index(j), errors);
      }
    }
  }

  /// A number that a pod annotation carries.
  static void deletionCost(ObjectValue annotations, FieldPath path, List<FieldError> errors) {
    String key = "controller.kubernetes.io/pod-deletion-cost";
    if (!annotations.has(key)) {
      return;
    }
    String text = annotations.string(key);
    if (!text.matches("0|-?[1-9][0-9]{0,9}") || Long.parseLong(text) != (int) Long.parseLong(text)) {
      errors.add(FieldError.invalid(path.key(key), text, "must be a 32bit integer"));
    }
  }
}
