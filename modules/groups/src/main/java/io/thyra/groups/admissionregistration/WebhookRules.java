package io.thyra.groups.admissionregistration;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Webhook configurations of both kinds. An update may repeat what the stored configuration did wrong.
/// Source: pkg/apis/admissionregistration/validation/validation.go, apiserver pkg/util/webhook/validation.go.
final class WebhookRules {
  /// What an object must do better than old ones had to.
  private record Demands(boolean noSideEffects, boolean knownVersion, boolean uniqueNames, boolean lenientSelectors, boolean sameConditions) {
    static final Demands NEW = new Demands(true, true, true, false, false);

    static Demands after(ObjectValue object, ObjectValue old) {
      List<ObjectValue> hooks = old.list("webhooks").objects();
      long names = hooks.stream().map(h -> h.string("name")).distinct().count();
      return new Demands(
          hooks.stream().allMatch(h -> NO_SIDE_EFFECTS.contains(h.string("sideEffects"))),
          hooks.stream()
              .map(h -> h.list("admissionReviewVersions").strings())
              .allMatch(versions -> versions.isEmpty() || versions.stream().anyMatch(VERSIONS::contains)),
          names == hooks.size(),
          hooks.stream()
              .flatMap(h -> Stream.of(h.object("namespaceSelector"), h.object("objectSelector")))
              .anyMatch(Checks::hasInvalidValues),
          Objects.equals(conditions(object), conditions(old)));
    }

    private static List<ListValue> conditions(ObjectValue object) {
      return object.list("webhooks").objects().stream().map(h -> h.list("matchConditions")).toList();
    }
  }

  private static final List<String> NO_SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
  private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun", "Some", "Unknown");
  private static final List<String> VERSIONS = List.of("v1", "v1beta1");
  private static final FieldPath WEBHOOKS = FieldPath.of("webhooks");

  private WebhookRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .anyFinalizers()
        .countsGenerations("webhooks")
        .countsEmpties()
        .requiresResourceVersion()
        .createRules((object, _, errors) -> configuration(object, Demands.NEW, errors))
        .updateRules((object, old, _, errors) -> configuration(object, Demands.after(object, old), errors))
        .warns((object, _) -> MatchRules.nameWarnings(object));
  }

  private static void configuration(ObjectValue object, Demands demands, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    List<ObjectValue> hooks = object.list("webhooks").objects();
    for (int i = 0; i < hooks.size(); i++) {
      ObjectValue hook = hooks.get(i);
      FieldPath path = WEBHOOKS.index(i);
      String name = hook.string("name");
      hook(hook, demands, path, errors);
      versions(hook.list("admissionReviewVersions"), demands, path.child("admissionReviewVersions"), errors);
      if (demands.uniqueNames && !name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(path.child("name"), name));
      }
    }
  }

  private static void hook(ObjectValue hook, Demands demands, FieldPath path, List<FieldError> errors) {
    errors.addAll(Words.fullyQualifiedName(path.child("name"), hook.string("name")));
    List<ObjectValue> rules = hook.list("rules").objects();
    for (int i = 0; i < rules.size(); i++) {
      MatchRules.rule(rules.get(i), path.child("rules").index(i), errors);
    }
    word(hook, "failurePolicy", path, errors, "Fail", "Ignore");
    word(hook, "matchPolicy", path, errors, "Equivalent", "Exact");
    List<String> allowed = demands.noSideEffects ? NO_SIDE_EFFECTS : SIDE_EFFECTS;
    if (!isSet(hook, "sideEffects")) {
      errors.add(FieldError.required(path.child("sideEffects"), "must specify one of " + String.join(", ", allowed)));
    }
    word(hook, "sideEffects", path, errors, allowed.toArray(String[]::new));
    long seconds = number(hook, "timeoutSeconds");
    if (isSet(hook, "timeoutSeconds") && (seconds < 1 || seconds > 30)) {
      errors.add(
          FieldError.invalid(path.child("timeoutSeconds"), seconds, "the timeout value must be between 1 and 30 seconds"));
    }
    Checks.selector(hook, "namespaceSelector", demands.lenientSelectors, path, errors);
    Checks.selector(hook, "objectSelector", demands.lenientSelectors, path, errors);
    word(hook, "reinvocationPolicy", path, errors, "IfNeeded", "Never");
    client(hook.object("clientConfig"), path.child("clientConfig"), errors);
    if (!demands.sameConditions) {
      MatchRules.conditions(hook.list("matchConditions"), false, path.child("matchConditions"), errors);
    }
  }

  private static void word(ObjectValue hook, String field, FieldPath path, List<FieldError> errors, String... words) {
    if (isSet(hook, field)) {
      Checks.oneOf(hook.string(field), path.child(field), errors, words);
    }
  }

  private static void versions(ListValue list, Demands demands, FieldPath path, List<FieldError> errors) {
    List<String> versions = list.strings();
    if (versions.isEmpty()) {
      errors.add(FieldError.required(path, "must specify one of v1, v1beta1"));
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < versions.size(); i++) {
      if (seen.add(versions.get(i))) {
        Rules.checkFormat(versions.get(i), path.index(i), errors, Names::dns1035Label);
      } else {
        errors.add(FieldError.invalid(path.index(i), versions.get(i), "duplicate version"));
      }
    }
    if (demands.knownVersion && versions.stream().noneMatch(VERSIONS::contains)) {
      errors.add(FieldError.invalid(path, list, "must include at least one of v1, v1beta1"));
    }
  }

  private static void client(ObjectValue client, FieldPath path, List<FieldError> errors) {
    if (isSet(client, "url") == isSet(client, "service")) {
      errors.add(FieldError.required(path, "exactly one of url or service is required"));
    } else if (isSet(client, "url")) {
      WebhookUrl.check(client.string("url"), path.child("url"), errors);
    } else {
      service(client.object("service"), path.child("service"), errors);
    }
  }

  private static void service(ObjectValue service, FieldPath path, List<FieldError> errors) {
    // Upstream hands name and namespace over the other way round: each complains about the other's field.
    if (service.string("namespace").isEmpty()) {
      errors.add(FieldError.required(path.child("name"), ""));
    }
    if (service.string("name").isEmpty()) {
      errors.add(FieldError.required(path.child("namespace"), ""));
    }
    long port = number(service, "port");
    List<String> complaints = Words.portNumber(port);
    if (!complaints.isEmpty()) {
      errors.add(FieldError.invalid(path.child("port"), port, "port is not valid: " + String.join(", ", complaints)));
    }
    path(service.string("path"), path.child("path"), errors);
  }

  private static void path(String text, FieldPath path, List<FieldError> errors) {
    if (text.isEmpty() || text.equals("/")) {
      return;
    }
    if (text.equals("//")) {
      errors.add(FieldError.invalid(path, text, "segment[0] may not be empty"));
      return;
    }
    if (!text.startsWith("/")) {
      errors.add(FieldError.invalid(path, text, "must start with a '/'"));
    }
    String steps = text.substring(1);
    steps = steps.endsWith("/") ? steps.substring(0, steps.length() - 1) : steps;
    String[] segments = steps.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String start = "segment[" + i + "]";
      if (segments[i].isEmpty()) {
        errors.add(FieldError.invalid(path, text, start + " may not be empty"));
      } else {
        Names.dns1123Subdomain(segments[i])
            .forEach(complaint -> errors.add(FieldError.invalid(path, text, start + ": " + complaint)));
      }
    }
  }
}
