package io.thyra.groups.networking;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ingresses. Source: pkg/apis/networking/validation/validation.go, pkg/registry/networking/ingress/strategy.go.
final class IngressRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String CLASS = "kubernetes.io/ingress.class";
  private static final String NO_ADDRESS = "must be a DNS name, not an IP address";
  private static final List<String> BAD_SEQUENCES = List.of("//", "/./", "/../", "%2f", "%2F");
  private static final List<String> BAD_ENDS = List.of("/..", "/.");

  private IngressRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksNameOnUpdate()
        .dropsStatus()
        .countsGenerations()
        .createRules((ingress, _, errors) -> spec(ingress.object("spec"), null, errors))
        .createRules(IngressRules::oneClass)
        .updateRules((ingress, old, _, errors) -> spec(ingress.object("spec"), old.object("spec"), errors))
        .warns(
            (ingress, old) ->
                old == null && ingress.object("metadata", "annotations").has(CLASS) && !isSet(ingress.at("spec", "ingressClassName"))
                    ? List.of("annotation \"" + CLASS + "\" is deprecated, please use 'spec.ingressClassName' instead")
                    : List.of());
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .updateRules((ingress, old, _, errors) -> status(ingress, old, errors))
        .warns((ingress, _) -> statusWarnings(ingress));
  }

  private static void oneClass(ObjectValue ingress, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue annotations = ingress.object("metadata", "annotations");
    String annotated = annotations.string(CLASS);
    if (annotations.has(CLASS)
        && isSet(ingress.at("spec", "ingressClassName"))
        && !annotated.equals(ingress.string("spec", "ingressClassName"))) {
      errors.add(
          FieldError.invalid(
              FieldPath.of("annotations", CLASS), annotated, "must match `ingressClassName` when both are specified"));
    }
  }

  private static void spec(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    List<ObjectValue> rules = spec.list("rules").objects();
    if (rules.isEmpty() && !isSet(spec, "defaultBackend")) {
      errors.add(FieldError.invalid(SPEC, Checks.list(spec, "rules"), "either `defaultBackend` or `rules` must be specified"));
    }
    if (spec.get("defaultBackend") instanceof ObjectValue backend) {
      backend(backend, SPEC.child("defaultBackend"), errors);
    }
    boolean anyWildcard = old != null && hasInvalidWildcard(old);
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.get(i), anyWildcard, SPEC.child("rules").index(i), errors);
    }
    boolean anySecret =
        old != null
            && old.list("tls").objects().stream()
                .map(tls -> tls.string("secretName"))
                .anyMatch(name -> !name.isEmpty() && !Names.dns1123Subdomain(name).isEmpty());
    List<ObjectValue> all = spec.list("tls").objects();
    for (int i = 0; i < all.size(); i++) {
      tls(all.get(i), anySecret, SPEC.child("tls").index(i), errors);
    }
    if (isSet(spec, "ingressClassName")) {
      Rules.checkFormat(spec.string("ingressClassName"), SPEC.child("ingressClassName"), errors, Names::dns1123Subdomain);
    }
  }

  private static boolean hasInvalidWildcard(ObjectValue spec) {
    for (ObjectValue rule : spec.list("rules").objects()) {
      var errors = new ArrayList<FieldError>();
      http(rule, SPEC, errors);
      if (rule.string("host").contains("*") && !errors.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static void tls(ObjectValue tls, boolean anySecret, FieldPath path, List<FieldError> errors) {
    List<String> hosts = tls.list("hosts").strings();
    for (int i = 0; i < hosts.size(); i++) {
      host(hosts.get(i), path.child("hosts").index(i), errors);
    }
    String secret = tls.string("secretName");
    if (!anySecret && !secret.isEmpty()) {
      Rules.checkFormat(secret, path.child("secretName"), errors, Names::dns1123Subdomain);
    }
  }

  private static void host(String host, FieldPath path, List<FieldError> errors) {
    Rules.checkFormat(host, path, errors, host.contains("*") ? Names::wildcardDns1123Subdomain : Names::dns1123Subdomain);
  }

  private static void rule(ObjectValue rule, boolean anyWildcard, FieldPath path, List<FieldError> errors) {
    String host = rule.string("host");
    if (!host.isEmpty()) {
      if (IpAddresses.isAddress(host)) {
        errors.add(FieldError.invalid(path.child("host"), host, NO_ADDRESS));
      }
      host(host, path.child("host"), errors);
    }
    if (!host.contains("*") || !anyWildcard) {
      http(rule, path, errors);
    }
  }

  private static void http(ObjectValue rule, FieldPath parent, List<FieldError> errors) {
    if (!(rule.get("http") instanceof ObjectValue http)) {
      return;
    }
    FieldPath path = parent.child("http", "paths");
    List<ObjectValue> paths = http.list("paths").objects();
    if (paths.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
    for (int i = 0; i < paths.size(); i++) {
      path(paths.get(i), path.index(i), errors);
    }
  }

  private static void path(ObjectValue given, FieldPath path, List<FieldError> errors) {
    if (!isSet(given, "pathType")) {
      errors.add(FieldError.required(path.child("pathType"), "pathType must be specified"));
      return;
    }
    String text = given.string("path");
    FieldPath at = path.child("path");
    switch (given.string("pathType")) {
      case "Exact", "Prefix" -> {
        absolute(text, at, errors);
        BAD_SEQUENCES.stream()
            .filter(text::contains)
            .forEach(bad -> errors.add(FieldError.invalid(at, text, "must not contain '" + bad + "'")));
        BAD_ENDS.stream()
            .filter(text::endsWith)
            .forEach(bad -> errors.add(FieldError.invalid(at, text, "cannot end with '" + bad + "'")));
      }
      case "ImplementationSpecific" -> {
        if (!text.isEmpty()) {
          absolute(text, at, errors);
        }
      }
      case String type -> Checks.oneOf(type, path.child("pathType"), errors, "Exact", "ImplementationSpecific", "Prefix");
    }
    backend(given.object("backend"), path.child("backend"), errors);
  }

  private static void absolute(String text, FieldPath path, List<FieldError> errors) {
    if (!text.startsWith("/")) {
      errors.add(FieldError.invalid(path, text, "must be an absolute path"));
    }
  }

  private static void backend(ObjectValue backend, FieldPath path, List<FieldError> errors) {
    boolean resource = isSet(backend, "resource");
    boolean service = isSet(backend, "service");
    if (resource && service) {
      errors.add(FieldError.invalid(path, "", "cannot set both resource and service backends"));
    } else if (resource) {
      ClassRules.reference(backend.object("resource"), path.child("resource"), errors);
    } else if (service) {
      service(backend.object("service"), path, errors);
    } else {
      errors.add(FieldError.invalid(path, "", "resource or service backend is required"));
    }
  }

  private static void service(ObjectValue service, FieldPath path, List<FieldError> errors) {
    Checks.named(service, "name", path.child("service"), errors, Names::dns1123Label);
    String name = service.string("port", "name");
    long number = Checks.number(service, "port", "number");
    if (!name.isEmpty() && number != 0) {
      errors.add(FieldError.invalid(path, "", "cannot set both port name & port number"));
    } else if (!name.isEmpty()) {
      Rules.checkFormat(name, path.child("service", "port", "name"), errors, Words::portName);
    } else if (number != 0) {
      for (String complaint : Words.portNumber(number)) {
        errors.add(FieldError.invalid(path.child("service", "port", "number"), number, complaint));
      }
    } else {
      errors.add(FieldError.required(path, "port name or number is required"));
    }
  }

  private static void status(ObjectValue ingress, ObjectValue old, List<FieldError> errors) {
    List<String> before = new ArrayList<>();
    old.list("status", "loadBalancer", "ingress").objects().forEach(point -> before.add(point.string("ip")));
    FieldPath path = FieldPath.of("status", "loadBalancer", "ingress");
    List<ObjectValue> points = ingress.list("status", "loadBalancer", "ingress").objects();
    for (int i = 0; i < points.size(); i++) {
      String ip = points.get(i).string("ip");
      String host = points.get(i).string("hostname");
      if (!ip.isEmpty()) {
        errors.addAll(IpAddresses.validateLegacy(path.index(i).child("ip"), ip, true, before));
      }
      if (!host.isEmpty()) {
        Rules.checkFormat(host, path.index(i).child("hostname"), errors, Names::dns1123Subdomain);
        if (IpAddresses.isAddress(host)) {
          errors.add(FieldError.invalid(path.index(i).child("hostname"), host, NO_ADDRESS));
        }
      }
    }
  }

  private static List<String> statusWarnings(ObjectValue ingress) {
    var warnings = new ArrayList<String>();
    List<ObjectValue> points = ingress.list("status", "loadBalancer", "ingress").objects();
    for (int i = 0; i < points.size(); i++) {
      String ip = points.get(i).string("ip");
      if (!ip.isEmpty()) {
        warnings.addAll(IpAddresses.warnings(FieldPath.of("status", "loadBalancer", "ingress").index(i), ip));
      }
    }
    return warnings;
  }
}
