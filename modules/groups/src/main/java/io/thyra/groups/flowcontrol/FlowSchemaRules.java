package io.thyra.groups.flowcontrol;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// FlowSchemas. Source: pkg/apis/flowcontrol/validation/validation.go.
final class FlowSchemaRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final long PRECEDENCE_MAX = 10_000;
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");
  private static final List<String> KINDS = List.of("ServiceAccount", "User", "Group");

  private FlowSchemaRules() {}

  static void declare(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .dropsStatus()
        .countsGenerations()
        .rules(
            (schema, _, errors) -> {
              String name = schema.string("metadata", "name");
              spec(name, schema.object("spec"), GoStruct.at(spec, "distinguisherMethod"), errors);
              fixed(name, schema.object("spec"), spec, errors);
              conditions(schema, errors);
            });
    r.statusRules().resetsMetadata().updateRules((schema, _, _, errors) -> conditions(schema, errors));
  }

  /// Each condition has a type of its own.
  static void conditions(ObjectValue object, List<FieldError> errors) {
    Rules.in(
            "status",
            Rules.each("conditions", (condition, path, all) -> Checks.required(condition, "type", "", path, all)),
            Rules.unique("conditions", "type"))
        .check(object, null, errors);
  }

  private static void spec(String name, ObjectValue spec, Struct method, List<FieldError> errors) {
    FieldPath at = SPEC.child("matchingPrecedence");
    long precedence = number(spec, "matchingPrecedence");
    if (precedence <= 0) {
      errors.add(FieldError.invalid(at, precedence, "must be a positive value"));
    }
    if (precedence > PRECEDENCE_MAX) {
      errors.add(FieldError.invalid(at, precedence, "must not be greater than " + PRECEDENCE_MAX));
    }
    if (precedence == 1 && !name.equals("exempt")) {
      errors.add(FieldError.invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
    }
    if (spec.get("distinguisherMethod") instanceof ObjectValue given
        && !List.of("ByNamespace", "ByUser").contains(given.string("type"))) {
      errors.add(
          Checks.notSupportedPrinted(
              SPEC.child("distinguisherMethod", "type"), GoText.of(GoStruct.of(method, given)), "ByNamespace", "ByUser"));
    }
    FieldPath level = SPEC.child("priorityLevelConfiguration", "name");
    String reference = spec.string("priorityLevelConfiguration", "name");
    if (reference.isEmpty()) {
      errors.add(FieldError.required(level, "must reference a priority level"));
    } else {
      Rules.checkFormat(reference, level, errors, Names::dns1123Subdomain);
    }
    Rules.each("rules", FlowSchemaRules::rule).check(spec, SPEC, errors);
  }

  private static void fixed(String name, ObjectValue spec, Struct struct, List<FieldError> errors) {
    Optional<ObjectValue> wanted = Mandatory.findFlowSchema(name);
    if (wanted.isPresent() && !wanted.get().equals(spec)) {
      String printed = GoText.of(GoStruct.of(struct, spec));
      errors.add(FieldError.invalidPrinted(SPEC, printed, "spec of '" + name + "' must equal the fixed value"));
    }
  }

  private static void rule(ObjectValue rule, @Nullable FieldPath path, List<FieldError> errors) {
    Checks.required(rule, "subjects", "subjects must contain at least one value", path, errors);
    Rules.each("subjects", FlowSchemaRules::subject).check(rule, path, errors);
    if (rule.list("resourceRules").isEmpty() && rule.list("nonResourceRules").isEmpty()) {
      errors.add(FieldError.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty"));
    }
    Rules.each("resourceRules", FlowSchemaRules::resources).check(rule, path, errors);
    Rules.each("nonResourceRules", FlowSchemaRules::urls).check(rule, path, errors);
  }

  private static String field(String kind) {
    return Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
  }

  private static void subject(ObjectValue subject, @Nullable FieldPath path, List<FieldError> errors) {
    String kind = subject.string("kind");
    if (!KINDS.contains(kind)) {
      errors.add(
          FieldError.notSupported(FieldPath.child(path, "kind"), kind, List.of("Group", "ServiceAccount", "User")));
      return;
    }
    FieldPath at = FieldPath.child(path, field(kind));
    if (subject.get(field(kind)) instanceof ObjectValue given) {
      named(kind, given, at, errors);
    } else {
      errors.add(FieldError.required(at, field(kind) + " is required when subject kind is '" + kind + "'"));
    }
    for (String other : KINDS) {
      if (!other.equals(kind) && isSet(subject, field(other))) {
        errors.add(
            FieldError.forbidden(
                FieldPath.child(path, field(other)), field(other) + " is forbidden when subject kind is not '" + other + "'"));
      }
    }
  }

  private static void named(String kind, ObjectValue given, FieldPath path, List<FieldError> errors) {
    String name = given.string("name");
    Checks.required(given, "name", "", path, errors);
    if (kind.equals("ServiceAccount")) {
      if (!name.isEmpty() && !name.equals("*")) {
        Rules.checkFormat(name, path.child("name"), errors, Names::dns1123Subdomain);
      }
      String namespace = given.string("namespace");
      if (namespace.isEmpty()) {
        errors.add(FieldError.required(path.child("namespace"), "must specify namespace for service account"));
      } else {
        Rules.checkFormat(namespace, path.child("namespace"), errors, Names::dns1123Label);
      }
    }
  }

  private static void verbs(ObjectValue rule, @Nullable FieldPath path, List<FieldError> errors) {
    FieldPath at = FieldPath.child(path, "verbs");
    ListValue verbs = rule.list("verbs");
    if (verbs.isEmpty()) {
      errors.add(FieldError.required(at, "verbs must contain at least one value"));
    } else if (verbs.strings().contains("*")) {
      alone(rule, "verbs", "verbs", path, errors);
    } else if (!Set.copyOf(VERBS).containsAll(verbs.strings())) {
      errors.add(Checks.notSupportedPrinted(at, GoText.of(verbs), VERBS.toArray(String[]::new)));
    }
  }

  /// A list with `*` has nothing else.
  private static void alone(ObjectValue rule, String field, String what, @Nullable FieldPath path, List<FieldError> errors) {
    ListValue all = rule.list(field);
    if (all.size() > 1 && all.strings().contains("*")) {
      errors.add(FieldError.invalid(FieldPath.child(path, field), all, "if '*' is present, must not specify other " + what));
    }
  }

  private static void urls(ObjectValue rule, @Nullable FieldPath path, List<FieldError> errors) {
    verbs(rule, path, errors);
    Checks.required(rule, "nonResourceURLs", "nonResourceURLs must contain at least one value", path, errors);
    alone(rule, "nonResourceURLs", "non-resource URLs", path, errors);
    List<String> urls = rule.list("nonResourceURLs").strings();
    if (urls.contains("*")) {
      return;
    }
    for (int i = 0; i < urls.size(); i++) {
      FieldPath at = FieldPath.child(path, "nonResourceURLs").index(i);
      String url = urls.get(i);
      findComplaint(url).ifPresent(complaint -> errors.add(FieldError.invalid(at, url, complaint)));
    }
  }

  private static Optional<String> findComplaint(String url) {
    if (url.isEmpty()) {
      return Optional.of("must not be empty");
    }
    if (url.equals("/")) {
      return Optional.empty();
    }
    if (!url.startsWith("/")) {
      return Optional.of("must start with slash");
    }
    if (url.contains(" ")) {
      return Optional.of("must not contain white-space");
    }
    if (url.contains("//")) {
      return Optional.of("must not contain double slash");
    }
    long stars = url.chars().filter(c -> c == '*').count();
    return stars > 1 || stars == 1 && !url.endsWith("/*") ? Optional.of("wildcard can only do suffix matching") : Optional.empty();
  }

  private static void resources(ObjectValue rule, @Nullable FieldPath path, List<FieldError> errors) {
    verbs(rule, path, errors);
    Checks.required(rule, "apiGroups", "resource rules must supply at least one api group", path, errors);
    alone(rule, "apiGroups", "api groups", path, errors);
    Checks.required(rule, "resources", "resource rules must supply at least one resource", path, errors);
    alone(rule, "resources", "resources", path, errors);
    List<String> namespaces = rule.list("namespaces").strings();
    FieldPath at = FieldPath.child(path, "namespaces");
    if (namespaces.isEmpty() && !rule.bool("clusterScope")) {
      errors.add(FieldError.required(at, "resource rules that are not cluster scoped must supply at least one namespace"));
    }
    alone(rule, "namespaces", "namespaces", path, errors);
    if (!namespaces.contains("*")) {
      for (int i = 0; i < namespaces.size(); i++) {
        for (String complaint : Names.dns1123Label(namespaces.get(i))) {
          errors.add(
              FieldError.invalid(
                  at.index(i), namespaces.get(i), "each member of this list must be '*' or a DNS-1123 label; " + complaint));
        }
      }
    }
  }
}
