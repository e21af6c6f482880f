package io.thyra.groups.resource;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The devices that a claim asks for. Source: pkg/apis/resource/validation/validation.go.
final class ClaimSpecRules {
  private static final int FIRST_AVAILABLE_MAX = 8;
  private static final String UNKNOWN =
      "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  private static final String ONE_OF = "exactly one of `exactly` or `firstAvailable` is required";

  private ClaimSpecRules() {}

  static void check(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    ObjectValue devices = spec.object("devices");
    FieldPath at = path.child("devices");
    Map<String, Set<String>> requests = requestNames(spec);
    DeviceNames.set(
        devices.list("requests"), DeviceRules.LIST_MAX, at.child("requests"), errors, ClaimSpecRules::request, r -> r.string("name"));
    DeviceNames.list(
        devices.list("constraints"),
        DeviceRules.LIST_MAX,
        at.child("constraints"),
        errors,
        (constraint, where, all) -> constraint(constraint, requests, where, all));
    DeviceNames.list(
        devices.list("config"),
        DeviceRules.LIST_MAX,
        at.child("config"),
        errors,
        (config, where, all) -> {
          references(config.list("requests"), requests, where.child("requests"), all);
          DeviceRules.configuration(config, where, all);
        });
  }

  /// The requests of a claim with the names of their alternatives.
  static Map<String, Set<String>> requestNames(ObjectValue spec) {
    Map<String, Set<String>> names = new HashMap<>();
    for (ObjectValue request : spec.list("devices", "requests").objects()) {
      Set<String> parts = new HashSet<>();
      request.list("firstAvailable").objects().forEach(part -> parts.add(part.string("name")));
      names.put(request.string("name"), parts);
    }
    return names;
  }

  private static void request(ObjectValue request, FieldPath path, List<FieldError> errors) {
    DeviceNames.label(request.string("name"), path.child("name"), errors);
    boolean exactly = isSet(request, "exactly");
    ListValue first = request.list("firstAvailable");
    if (exactly && !first.isEmpty()) {
      errors.add(FieldError.invalidPrinted(path, "null", ONE_OF + ", but multiple fields are set"));
    } else if (exactly) {
      device(request.object("exactly"), path.child("exactly"), errors);
    } else if (first.isEmpty()) {
      errors.add(FieldError.required(path, ONE_OF));
    } else {
      DeviceNames.set(
          first,
          FIRST_AVAILABLE_MAX,
          path.child("firstAvailable"),
          errors,
          (part, at, all) -> {
            DeviceNames.label(part.string("name"), at.child("name"), all);
            device(part, at, all);
          },
          part -> part.string("name"));
    }
  }

  private static void device(ObjectValue request, FieldPath path, List<FieldError> errors) {
    Checks.named(request, "deviceClassName", path, errors, Names::dns1123Subdomain);
    DeviceRules.selectors(request.list("selectors"), path.child("selectors"), errors);
    long count = number(request, "count");
    switch (request.string("allocationMode")) {
      case "All" -> {
        if (count != 0) {
          errors.add(FieldError.invalid(path.child("count"), count, "must not be specified when allocationMode is 'All'"));
        }
      }
      case "ExactCount" -> {
        if (count <= 0) {
          errors.add(FieldError.invalid(path.child("count"), count, "must be greater than zero"));
        }
      }
      case String mode -> Checks.oneOf(mode, path.child("allocationMode"), errors, "All", "ExactCount");
    }
    List<ObjectValue> tolerations = request.list("tolerations").objects();
    for (int i = 0; i < tolerations.size(); i++) {
      DeviceRules.toleration(tolerations.get(i), path.child("tolerations").index(i), errors);
    }
  }

  private static void constraint(
      ObjectValue constraint, Map<String, Set<String>> requests, FieldPath path, List<FieldError> errors) {
    references(constraint.list("requests"), requests, path.child("requests"), errors);
    if (isSet(constraint, "matchAttribute")) {
      DeviceNames.fullyQualified(constraint.string("matchAttribute"), path.child("matchAttribute"), errors);
    } else if (isSet(constraint, "distinctAttribute")) {
      DeviceNames.fullyQualified(constraint.string("distinctAttribute"), path.child("distinctAttribute"), errors);
    } else {
      errors.add(
          FieldError.required(
              path, "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set"));
    }
  }

  /// Names of requests, each once.
  static void references(ListValue list, Map<String, Set<String>> requests, FieldPath path, List<FieldError> errors) {
    List<String> names = list.strings();
    if (names.size() > DeviceRules.LIST_MAX) {
      errors.add(FieldError.tooMany(path, names.size(), DeviceRules.LIST_MAX));
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      reference(names.get(i), requests, path.index(i), errors);
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (!seen.add(names.get(i))) {
        errors.add(FieldError.duplicate(path.index(i), names.get(i)));
      }
    }
  }

  static void reference(String name, Map<String, Set<String>> requests, FieldPath path, List<FieldError> errors) {
    String[] parts = name.split("/", -1);
    if (parts.length > 2) {
      errors.add(FieldError.invalid(path, name, UNKNOWN));
      return;
    }
    for (String part : parts) {
      Rules.checkFormat(part, path, errors, Names::dns1123Label);
    }
    Set<String> alternatives = requests.get(parts[0]);
    if (alternatives == null || parts.length == 2 && !alternatives.contains(parts[1])) {
      errors.add(FieldError.invalid(path, name, UNKNOWN));
    }
  }
}
