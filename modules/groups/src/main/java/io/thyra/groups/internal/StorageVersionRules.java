package io.thyra.groups.internal;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// StorageVersions. Source: pkg/apis/apiserverinternal/validation/validation.go.
final class StorageVersionRules {
  private static final FieldPath STATUS = FieldPath.of("status");

  private StorageVersionRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named((name, _) -> name(name))
        .dropsStatus()
        .requiresResourceVersion()
        .createRules((version, _, errors) -> status(version.object("status"), errors));
    r.statusRules()
        .requiresResourceVersion()
        .resetsMetadata()
        .updateRules((version, _, _, errors) -> status(version.object("status"), errors));
  }

  private static List<String> name(String name) {
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return List.of("name must be in the form of <group>.<resource>");
    }
    var complaints = new ArrayList<String>();
    Names.dns1123Subdomain(name.substring(0, dot)).forEach(c -> complaints.add("the group segment " + c));
    Names.dns1035Label(name.substring(dot + 1)).forEach(c -> complaints.add("the resource segment " + c));
    return complaints;
  }

  private static void status(ObjectValue status, List<FieldError> errors) {
    Set<String> servers = new HashSet<>();
    List<ObjectValue> versions = status.list("storageVersions").objects();
    for (int i = 0; i < versions.size(); i++) {
      FieldPath path = STATUS.child("storageVersions").index(i);
      String id = versions.get(i).string("apiServerID");
      if (!servers.add(id)) {
        errors.add(FieldError.duplicate(path.child("apiServerID"), id));
      }
      server(versions.get(i), path, errors);
    }
    common(status, versions, errors);
    conditions(status.list("conditions").objects(), errors);
  }

  private static void server(ObjectValue server, FieldPath path, List<FieldError> errors) {
    Rules.checkFormat(server.string("apiServerID"), path.child("apiServerID"), errors, Names::dns1123Subdomain);
    String encoding = server.string("encodingVersion");
    version(encoding, path.child("encodingVersion"), errors);
    ListValue decodable = server.list("decodableVersions");
    versions(decodable.strings(), path.child("decodableVersions"), errors);
    if (!decodable.strings().contains(encoding)) {
      errors.add(
          Checks.invalid(
              path.child("decodableVersions"),
              server.get("decodableVersions"),
              "decodableVersions must include encodingVersion " + encoding));
    }
    List<String> served = server.list("servedVersions").strings();
    for (int i = 0; i < served.size(); i++) {
      FieldPath at = path.child("servedVersions").index(i);
      version(served.get(i), at, errors);
      if (!decodable.strings().contains(served.get(i))) {
        errors.add(
            FieldError.invalid(
                at,
                served.get(i),
                "individual served version : "
                    + served.get(i)
                    + " must be included in decodableVersions : ["
                    + String.join(" ", decodable.strings())
                    + "]"));
      }
    }
  }

  private static void versions(List<String> versions, FieldPath path, List<FieldError> errors) {
    for (int i = 0; i < versions.size(); i++) {
      version(versions.get(i), path.index(i), errors);
    }
  }

  private static void version(String text, FieldPath path, List<FieldError> errors) {
    List<String> complaints = complaints(text);
    if (!complaints.isEmpty()) {
      errors.add(FieldError.invalid(path, text, String.join(",", complaints)));
    }
  }

  private static List<String> complaints(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length > 2) {
      return List.of(
          "an apiVersion is "
              + Names.regexError(
                  "a DNS-1035 label, which must consist of lower case alphanumeric characters or '-', start with an alphabetic "
                      + "character, and end with an alphanumeric character",
                  "[a-z]([-a-z0-9]*[a-z0-9])?",
                  "my-name",
                  "abc-123")
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyVersion')");
    }
    var complaints = new ArrayList<String>();
    if (parts.length == 2) {
      part("group part: ", parts[0], Names.dns1123Subdomain(parts[0]), complaints);
    }
    String version = parts[parts.length - 1];
    part("version part: ", version, Names.dns1035Label(version), complaints);
    return complaints;
  }

  private static void part(String start, String text, List<String> format, List<String> complaints) {
    (text.isEmpty() ? List.of("must be non-empty") : format).forEach(c -> complaints.add(start + c));
  }

  private static void common(ObjectValue status, List<ObjectValue> versions, List<FieldError> errors) {
    FieldPath path = STATUS.child("commonEncodingVersion");
    Set<String> encodings = new HashSet<>();
    versions.forEach(v -> encodings.add(v.string("encodingVersion")));
    String told = status.string("commonEncodingVersion");
    boolean tells = Checks.isSet(status, "commonEncodingVersion");
    if (encodings.size() != 1) {
      if (tells) {
        errors.add(
            FieldError.invalid(
                path,
                told,
                "should be nil if servers do not agree on the same encoding version, or if there is no server reporting the "
                    + "supported versions yet"));
      }
      return;
    }
    String common = encodings.iterator().next();
    if (!tells) {
      errors.add(FieldError.invalidPrinted(path, "null", "the common encoding version is " + common));
    } else if (!told.equals(common)) {
      errors.add(FieldError.invalid(path, told, "the actual common encoding version is " + common));
    }
  }

  private static void conditions(List<ObjectValue> conditions, List<FieldError> errors) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < conditions.size(); i++) {
      ObjectValue condition = conditions.get(i);
      FieldPath path = STATUS.index(i);
      String type = condition.string("type");
      if (seen.containsKey(type)) {
        errors.add(
            FieldError.invalid(
                path.child("type"),
                type,
                "the type of the condition is not unique, it also appears in conditions[" + seen.get(type) + "]"));
      }
      seen.put(type, i);
      Rules.checkFormat(type, path.child("type"), errors, Names::qualifiedName);
      Rules.checkFormat(condition.string("status"), path.child("status"), errors, Names::qualifiedName);
      Checks.required(condition, "reason", "", path, errors);
      Checks.required(condition, "message", "", path, errors);
    }
  }
}
