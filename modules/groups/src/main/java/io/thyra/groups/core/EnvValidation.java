package io.thyra.groups.core;

import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Environment variables and where their values come from. Source: pkg/apis/core/validation/validation.go.
final class EnvValidation {
  private static final List<String> SOURCES = List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");
  private static final List<String> FIELDS =
      List.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final Set<String> LABELS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.serviceAccountName",
          "spec.schedulerName",
          "status.phase",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final List<String> RESOURCES =
      List.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");
  private static final Pattern SUBSCRIPTED = Pattern.compile("(.+)\\['(.*)'\\]");

  private EnvValidation() {}

  static void check(ObjectValue container, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> variables = container.list("env").objects();
    for (int i = 0; i < variables.size(); i++) {
      FieldPath at = path.child("env").index(i);
      String name = variables.get(i).string("name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name"), ""));
      } else {
        Checks.format(name, Words.relaxedEnvVarName(name), at.child("name"), errors);
      }
      if (variables.get(i).get("valueFrom") instanceof ObjectValue from) {
        valueFrom(from, !variables.get(i).string("value").isEmpty(), at.child("valueFrom"), errors);
      }
    }
    sources(container, path.child("envFrom"), errors);
  }

  private static void valueFrom(ObjectValue from, boolean hasValue, FieldPath path, List<FieldError> errors) {
    int count = 0;
    for (String source : SOURCES) {
      if (!(from.get(source) instanceof ObjectValue reference)) {
        continue;
      }
      count++;
      FieldPath at = path.child(source);
      switch (source) {
        case "fieldRef" -> field(reference, FIELDS, at, errors);
        case "resourceFieldRef" -> resource(reference, false, at, errors);
        case "fileKeyRef" -> file(reference, at, errors);
        default -> key(reference, at, errors);
      }
    }
    if (count == 0) {
      errors.add(
          FieldError.invalid(
              path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"));
    } else if (hasValue) {
      errors.add(FieldError.invalid(path, "", "may not be specified when `value` is not empty"));
    } else if (count > 1) {
      errors.add(FieldError.invalid(path, "", "may not have more than one field specified at a time"));
    }
  }

  /// A field of the pod; labels and annotations may be picked one by one.
  static void field(ObjectValue reference, List<String> known, FieldPath path, List<FieldError> errors) {
    String field = reference.string("fieldPath");
    if (reference.string("apiVersion").isEmpty()) {
      errors.add(FieldError.required(path.child("apiVersion"), ""));
      return;
    }
    if (field.isEmpty()) {
      errors.add(FieldError.required(path.child("fieldPath"), ""));
      return;
    }
    Matcher subscripted = SUBSCRIPTED.matcher(field);
    boolean picked = subscripted.matches();
    String plain = picked ? subscripted.group(1) : field;
    String refusal = refusal(reference.string("apiVersion"), field, plain, picked);
    if (!refusal.isEmpty()) {
      errors.add(FieldError.invalid(path.child("fieldPath"), field, "error converting fieldPath: " + refusal));
      return;
    }
    String internal = field.equals("spec.host") ? "spec.nodeName" : plain;
    if (picked) {
      String key = plain.equals("metadata.annotations") ? subscripted.group(2).toLowerCase(Locale.ROOT) : subscripted.group(2);
      Checks.format(key, Names.qualifiedName(key), path, errors);
    } else if (!known.contains(internal)) {
      errors.add(FieldError.notSupported(path.child("fieldPath"), internal, known));
    }
  }

  private static String refusal(String version, String field, String plain, boolean picked) {
    if (!version.equals("v1")) {
      return "unsupported pod version: " + version;
    }
    if (picked) {
      return switch (plain) {
        case "metadata.annotations", "metadata.labels" -> "";
        default -> "field label does not support subscript: " + field;
      };
    }
    return LABELS.contains(field) || field.equals("spec.host") ? "" : "field label not supported: " + field;
  }

  /// An amount of a container.
  static void resource(ObjectValue reference, boolean inVolume, FieldPath path, List<FieldError> errors) {
    String resource = reference.string("resource");
    if (inVolume && reference.string("containerName").isEmpty()) {
      errors.add(FieldError.required(path.child("containerName"), ""));
    } else if (resource.isEmpty()) {
      errors.add(FieldError.required(path.child("resource"), ""));
    } else if (!RESOURCES.contains(resource)
        && !resource.startsWith("limits.hugepages-")
        && !resource.startsWith("requests.hugepages-")) {
      errors.add(FieldError.notSupported(path.child("resource"), resource, RESOURCES));
    }
    divisor(resource, reference.string("divisor"), path.child("divisor"), errors);
  }

  private static void divisor(String resource, String divisor, FieldPath path, List<FieldError> errors) {
    if (divisor.isEmpty() || divisor.equals("0")) {
      return;
    }
    List<String> allowed =
        resource.endsWith(".cpu")
            ? List.of("1m", "1")
            : resource.endsWith(".memory") || resource.endsWith(".ephemeral-storage") || resource.contains("hugepages-")
                ? List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
                : List.of();
    if (!allowed.isEmpty() && !allowed.contains(divisor)) {
      String word =
          resource.endsWith(".cpu")
              ? "only divisor's values 1m and 1 are supported with the cpu resource"
              : "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the "
                  + (resource.endsWith(".memory") ? "memory" : resource.contains("hugepages-") ? "hugepages" : "local ephemeral storage")
                  + " resource";
      errors.add(FieldError.invalid(path, resource, word));
    }
  }

  private static void file(ObjectValue reference, FieldPath path, List<FieldError> errors) {
    String key = reference.string("key");
    String volume = reference.string("volumeName");
    String file = reference.string("path");
    if (key.isEmpty()) {
      errors.add(FieldError.required(path.child("key"), ""));
    } else {
      Checks.format(key, Words.relaxedEnvVarName(key), path.child("key"), errors);
    }
    if (volume.isEmpty()) {
      errors.add(FieldError.required(path.child("volumeName"), ""));
    } else {
      Checks.format(volume, Names.dns1123Label(volume), path.child("volumeName"), errors);
    }
    if (file.isEmpty()) {
      errors.add(FieldError.required(path.child("path"), ""));
    } else {
      Checks.noBacksteps(file, path.child("path"), errors);
    }
  }

  private static void key(ObjectValue reference, FieldPath path, List<FieldError> errors) {
    String name = reference.string("name");
    Checks.format(name, Names.DNS_SUBDOMAIN.check(name, false), path.child("name"), errors);
    String key = reference.string("key");
    if (key.isEmpty()) {
      errors.add(FieldError.required(path.child("key"), ""));
    } else {
      Checks.format(key, Words.configMapKey(key), path.child("key"), errors);
    }
  }

  private static void sources(ObjectValue container, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> sources = container.list("envFrom").objects();
    for (int i = 0; i < sources.size(); i++) {
      ObjectValue source = sources.get(i);
      FieldPath at = path.index(i);
      String prefix = source.string("prefix");
      if (!prefix.isEmpty()) {
        Checks.format(prefix, Words.relaxedEnvVarName(prefix), at.child("prefix"), errors);
      }
      int count = 0;
      for (String field : List.of("configMapRef", "secretRef")) {
        if (source.get(field) instanceof ObjectValue reference) {
          count++;
          String name = reference.string("name");
          if (name.isEmpty()) {
            errors.add(FieldError.required(at.child(field, "name"), ""));
          } else {
            Checks.format(name, Names.DNS_SUBDOMAIN.check(name, false), at.child(field, "name"), errors);
          }
        }
      }
      if (count == 0) {
        errors.add(FieldError.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
      } else if (count > 1) {
        errors.add(FieldError.invalid(path, "", "may not have more than one field specified at a time"));
      }
    }
  }
}
