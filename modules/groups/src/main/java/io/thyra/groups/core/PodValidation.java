package io.thyra.groups.core;

import io.thyra.groups.Rules;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Pod specs, alone and in templates. Source: pkg/apis/core/validation/validation.go.
public final class PodValidation {
  private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> DNS_POLICIES = List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
  private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  private PodValidation() {}

  /// The spec of a pod.
  ///
  /// @param privileged whether containers may be privileged
  public static void spec(ObjectValue spec, boolean privileged, FieldPath path, List<FieldError> errors) {
    if (!spec.has("terminationGracePeriodSeconds")) {
      errors.add(FieldError.required(path.child("terminationGracePeriodSeconds"), ""));
    }
    Set<String> volumes = volumes(spec, path.child("volumes"), errors);
    new ContainerValidation(spec, volumes, privileged, errors).check(path);
    hostNetwork(spec, path, errors);
    Checks.required(spec.string("restartPolicy"), RESTART_POLICIES, path.child("restartPolicy"), errors);
    Checks.required(spec.string("dnsPolicy"), DNS_POLICIES, path.child("dnsPolicy"), errors);
    errors.addAll(ObjectMetaValidation.labels(spec.object("nodeSelector"), path.child("nodeSelector")));
    if (spec.string("dnsPolicy").equals("None") && !(spec.get("dnsConfig") instanceof ObjectValue)) {
      errors.add(FieldError.required(path.child("dnsConfig"), "must provide `dnsConfig` when `dnsPolicy` is None"));
    }
    names(spec, path, errors);
    tolerations(spec, path.child("tolerations"), errors);
    hostAliases(spec, path.child("hostAliases"), errors);
    classes(spec, path, errors);
  }

  private static void hostNetwork(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!spec.bool("hostNetwork")) {
      return;
    }
    for (String list : List.of("containers", "initContainers")) {
      List<ObjectValue> containers = spec.list(list).objects();
      for (int i = 0; i < containers.size(); i++) {
        List<ObjectValue> ports = containers.get(i).list("ports").objects();
        for (int j = 0; j < ports.size(); j++) {
          long host = ports.get(j).integer(0, "hostPort");
          if (host != ports.get(j).integer(0, "containerPort")) {
            errors.add(
                FieldError.invalid(
                    path.child(list).index(i).child("ports").index(j).child("hostPort"),
                    host,
                    "must match `containerPort` when `hostNetwork` is true"));
          }
        }
      }
    }
  }

  private static Set<String> volumes(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    var sound = new HashSet<String>();
    List<ObjectValue> volumes = spec.list("volumes").objects();
    for (int i = 0; i < volumes.size(); i++) {
      FieldPath at = path.index(i);
      String name = volumes.get(i).string("name");
      int before = errors.size();
      VolumeValidation.source(volumes.get(i), at, errors);
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name"), ""));
      } else {
        Checks.format(name, Names.dns1123Label(name), at.child("name"), errors);
      }
      if (sound.contains(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      }
      if (errors.size() == before) {
        sound.add(name);
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
        Checks.format(hosts.get(j), Names.dns1123Subdomain(hosts.get(j)), at.child("hostnames"), errors);
      }
    }
  }

  /// A number that a pod annotation carries.
  static void deletionCost(ObjectValue pod, List<FieldError> errors) {
    String key = "controller.kubernetes.io/pod-deletion-cost";
    ObjectValue annotations = pod.object("metadata", "annotations");
    if (!annotations.has(key)) {
      return;
    }
    String text = annotations.string(key);
    if (!text.matches("0|-?[1-9][0-9]{0,9}") || Long.parseLong(text) != (int) Long.parseLong(text) || !Words.decimalInteger(text).isEmpty()) {
      errors.add(FieldError.invalid(FieldPath.of("metadata", "annotations").key(key), text, "must be a 32bit integer"));
    }
  }
}
