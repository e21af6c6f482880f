package io.thyra.groups.core;

import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Services. Some fields are told under odd names, as upstream does.
/// Source: pkg/apis/core/validation/validation.go.
final class ServiceValidation {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String BALANCER_ALONE = "may only be used when `type` is 'LoadBalancer'";
  private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
  private static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
  private static final long AFFINITY_SECONDS_MAX = 86400;

  private ServiceValidation() {}

  static boolean isHeadless(ObjectValue service) {
    List<String> addresses = service.list("spec", "clusterIPs").strings();
    return addresses.size() == 1 && addresses.getFirst().equals("None");
  }

  static boolean isType(ObjectValue service, String type) {
    return service.string("spec", "type").equals(type);
  }

  static boolean isReachableFromOutside(ObjectValue service) {
    return isType(service, "LoadBalancer")
        || isType(service, "NodePort")
        || isType(service, "ClusterIP") && !service.list("spec", "externalIPs").isEmpty();
  }

  static boolean needsHealthCheck(ObjectValue service) {
    return isType(service, "LoadBalancer") && service.string("spec", "externalTrafficPolicy").equals("Local");
  }

  static void check(ObjectValue service, @Nullable ObjectValue old, List<FieldError> errors) {
    ObjectValue annotations = service.object("metadata", "annotations");
    if (annotations.has(TOPOLOGY_HINTS)
        && annotations.has(TOPOLOGY_MODE)
        && !annotations.string(TOPOLOGY_HINTS).equals(annotations.string(TOPOLOGY_MODE))) {
      errors.add(
          FieldError.invalid(
              FieldPath.of("metadata", "annotations").key(TOPOLOGY_MODE),
              annotations.string(TOPOLOGY_MODE),
              "must match annotations[" + TOPOLOGY_HINTS + "] when both are specified"));
    }
    ObjectValue spec = service.object("spec");
    boolean headless = isHeadless(service);
    if (spec.list("ports").isEmpty() && !headless && !isType(service, "ExternalName")) {
      errors.add(FieldError.required(SPEC.child("ports"), ""));
    }
    type(service, spec, headless, errors);
    ports(spec, errors);
    if (spec.has("selector")) {
      errors.addAll(ObjectMetaValidation.labels(spec.object("selector"), SPEC.child("selector")));
    }
    affinity(spec, errors);
    AddressRules.check(service, old, errors);
    externalAddresses(spec, old, errors);
    Checks.required(
        spec.string("type"), List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"), SPEC.child("type"), errors);
    portClashes(service, spec, errors);
    balancer(service, spec, old, errors);
    traffic(service, spec, errors);
  }

  private static void type(ObjectValue service, ObjectValue spec, boolean headless, List<FieldError> errors) {
    String type = spec.string("type");
    switch (type) {
      case "LoadBalancer", "NodePort" -> {
        if (headless) {
          errors.add(
              FieldError.invalid(SPEC.child("clusterIPs").index(0), "None", "may not be set to 'None' for " + type + " services"));
        }
      }
      case "ExternalName" -> {
        for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
          boolean set = field.equals("ipFamilyPolicy") ? spec.has(field) : !spec.list(field).isEmpty();
          if (set) {
            errors.add(FieldError.forbidden(SPEC.child(field), "may not be set for ExternalName services"));
          }
        }
        String name = spec.string("externalName");
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (host.isEmpty()) {
          errors.add(FieldError.required(SPEC.child("externalName"), ""));
        } else {
          Checks.format(host, Names.dns1123Subdomain(host), SPEC.child("externalName"), errors);
        }
      }
      default -> {}
    }
  }

  private static void ports(ObjectValue spec, List<FieldError> errors) {
    List<ObjectValue> ports = spec.list("ports").objects();
    var names = new HashSet<String>();
    for (int i = 0; i < ports.size(); i++) {
      ObjectValue port = ports.get(i);
      FieldPath path = SPEC.child("ports").index(i);
      String name = port.string("name");
      if (name.isEmpty()) {
        if (ports.size() > 1) {
          errors.add(FieldError.required(path.child("name"), ""));
        }
      } else {
        Checks.format(name, Names.dns1123Label(name), path.child("name"), errors);
        if (!names.add(name)) {
          errors.add(FieldError.duplicate(path.child("name"), name));
        }
      }
      Checks.portNumber(port.integer(0, "port"), path.child("port"), errors);
      Checks.protocol(port.string("protocol"), path.child("protocol"), errors);
      Checks.portNumberOrName(port.get("targetPort"), path.child("targetPort"), errors);
      if (port.has("appProtocol")) {
        String protocol = port.string("appProtocol");
        Checks.format(protocol, Names.qualifiedName(protocol), path.child("appProtocol"), errors);
      }
    }
  }

  private static void affinity(ObjectValue spec, List<FieldError> errors) {
    String affinity = spec.string("sessionAffinity");
    Checks.required(affinity, List.of("ClientIP", "None"), SPEC.child("sessionAffinity"), errors);
    FieldPath path = SPEC.child("sessionAffinityConfig");
    if (affinity.equals("ClientIP")) {
      long seconds = spec.integer(Long.MIN_VALUE, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
      if (seconds == Long.MIN_VALUE) {
        errors.add(FieldError.required(path, "when session affinity type is ClientIP"));
      } else if (seconds <= 0 || seconds > AFFINITY_SECONDS_MAX) {
        errors.add(
            FieldError.invalid(
                path.child("clientIP", "timeoutSeconds"), seconds, "must be greater than 0 and less than " + AFFINITY_SECONDS_MAX));
      }
    } else if (affinity.equals("None") && spec.has("sessionAffinityConfig")) {
      errors.add(FieldError.forbidden(path, "must not be set when session affinity is None"));
    }
  }

  private static void externalAddresses(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    List<String> known = old == null ? List.of() : old.list("spec", "externalIPs").strings();
    List<String> addresses = spec.list("externalIPs").strings();
    for (int i = 0; i < addresses.size(); i++) {
      FieldPath path = SPEC.child("externalIPs").index(i);
      List<FieldError> found = IpAddresses.validateLegacy(path, addresses.get(i), true, known);
      errors.addAll(found);
      if (found.isEmpty()) {
        Addresses.checkNotSpecial(addresses.get(i), path, errors);
      }
    }
  }

  private static void portClashes(ObjectValue service, ObjectValue spec, List<FieldError> errors) {
    List<ObjectValue> ports = spec.list("ports").objects();
    var nodePorts = new HashSet<String>();
    var numbers = new HashSet<String>();
    for (int i = 0; i < ports.size() && isType(service, "ClusterIP"); i++) {
      if (ports.get(i).integer(0, "nodePort") != 0) {
        errors.add(
            FieldError.forbidden(SPEC.child("ports").index(i).child("nodePort"), "may not be used when `type` is 'ClusterIP'"));
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      long node = ports.get(i).integer(0, "nodePort");
      if (node != 0 && !nodePorts.add(ports.get(i).string("protocol") + node)) {
        errors.add(FieldError.duplicatePrinted(SPEC.child("ports").index(i).child("nodePort"), Long.toString(node)));
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      String protocol = ports.get(i).string("protocol");
      long number = ports.get(i).integer(0, "port");
      if (!numbers.add(protocol + number)) {
        // The key that clashes is a port of which nothing else is set, printed as the internal struct.
        errors.add(
            FieldError.duplicatePrinted(
                SPEC.child("ports").index(i),
                "{\"Name\":\"\",\"Protocol\":\"" + protocol + "\",\"AppProtocol\":null,\"Port\":" + number
                    + ",\"TargetPort\":0,\"NodePort\":0}"));
      }
    }
  }

  private static void balancer(ObjectValue service, ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    boolean balancer = isType(service, "LoadBalancer");
    sourceRanges(service, spec, balancer, old, errors);
    if (spec.has("allocateLoadBalancerNodePorts") && !balancer) {
      errors.add(FieldError.forbidden(SPEC.child("allocateLoadBalancerNodePorts"), BALANCER_ALONE));
    }
    if (balancer && !spec.has("allocateLoadBalancerNodePorts")) {
      errors.add(FieldError.required(FieldPath.of("allocateLoadBalancerNodePorts"), ""));
    }
    balancerClass(service, errors);
  }

  static void balancerClass(ObjectValue service, List<FieldError> errors) {
    if (!service.object("spec").has("loadBalancerClass")) {
      return;
    }
    String name = service.string("spec", "loadBalancerClass");
    FieldPath path = SPEC.child("loadBalancerClass");
    if (isType(service, "LoadBalancer")) {
      Checks.format(name, Names.qualifiedName(name), path, errors);
    } else {
      errors.add(FieldError.forbidden(path, BALANCER_ALONE));
    }
  }

  private static void sourceRanges(
      ObjectValue service, ObjectValue spec, boolean balancer, @Nullable ObjectValue old, List<FieldError> errors) {
    List<String> ranges = spec.list("loadBalancerSourceRanges").strings();
    ObjectValue annotations = service.object("metadata", "annotations");
    if (!ranges.isEmpty()) {
      FieldPath path = SPEC.child("LoadBalancerSourceRanges");
      if (!balancer) {
        errors.add(FieldError.forbidden(path, BALANCER_ALONE));
      }
      List<String> known =
          old == null ? List.of() : old.list("spec", "loadBalancerSourceRanges").strings().stream().map(String::strip).toList();
      for (int i = 0; i < ranges.size(); i++) {
        errors.addAll(IpAddresses.validateLegacyCidr(path.index(i), ranges.get(i).strip(), true, known));
      }
    } else if (annotations.has(SOURCE_RANGES)) {
      FieldPath path = FieldPath.of("metadata", "annotations").key(SOURCE_RANGES);
      if (!balancer) {
        errors.add(FieldError.forbidden(path, BALANCER_ALONE));
      }
      String value = annotations.string(SOURCE_RANGES);
      boolean changed = old == null || !old.object("metadata", "annotations").string(SOURCE_RANGES).equals(value);
      if (changed && !value.isBlank()) {
        Arrays.stream(value.strip().split(",", -1))
            .forEach(range -> errors.addAll(IpAddresses.validateLegacyCidr(path, range.strip(), true, List.of())));
      }
    }
  }

  private static void traffic(ObjectValue service, ObjectValue spec, List<FieldError> errors) {
    String external = spec.string("externalTrafficPolicy");
    FieldPath path = SPEC.child("externalTrafficPolicy");
    if (!isReachableFromOutside(service)) {
      if (!external.isEmpty()) {
        errors.add(FieldError.invalid(path, external, "may only be set for externally-accessible services"));
      }
    } else {
      Checks.required(external, List.of("Cluster", "Local"), path, errors);
    }
    long health = spec.integer(0, "healthCheckNodePort");
    FieldPath healthPath = SPEC.child("healthCheckNodePort");
    if (needsHealthCheck(service)) {
      if (health == 0) {
        errors.add(FieldError.required(healthPath, ""));
      } else {
        Checks.portNumber(health, healthPath, errors);
      }
    } else if (health != 0) {
      errors.add(
          FieldError.invalid(
              healthPath, health, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
    }
    boolean inner = List.of("NodePort", "LoadBalancer", "ClusterIP").contains(spec.string("type"));
    FieldPath inside = SPEC.child("internalTrafficPolicy");
    List<String> policies = List.of("Cluster", "Local");
    if (!spec.has("internalTrafficPolicy") && inner) {
      errors.add(FieldError.required(inside, ""));
    } else if (spec.has("internalTrafficPolicy") && !policies.contains(spec.string("internalTrafficPolicy"))) {
      errors.add(FieldError.notSupported(inside, spec.string("internalTrafficPolicy"), policies));
    }
    if (spec.has("trafficDistribution")) {
      String distribution = spec.string("trafficDistribution");
      List<String> known = List.of("PreferClose", "PreferSameZone", "PreferSameNode");
      if (!known.contains(distribution)) {
        errors.add(FieldError.notSupported(SPEC.child("trafficDistribution"), distribution, known));
      }
    }
  }

  static void status(ObjectValue service, ObjectValue old, List<FieldError> errors) {
    FieldPath path = FieldPath.of("status", "loadBalancer", "ingress");
    List<ObjectValue> all = service.list("status", "loadBalancer", "ingress").objects();
    if (!isType(service, "LoadBalancer") && !all.isEmpty()) {
      errors.add(FieldError.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'"));
      return;
    }
    List<String> known = old.list("status", "loadBalancer", "ingress").objects().stream().map(i -> i.string("ip")).toList();
    for (int i = 0; i < all.size(); i++) {
      ingress(all.get(i), known, path.index(i), errors);
    }
  }

  private static void ingress(ObjectValue ingress, List<String> known, FieldPath path, List<FieldError> errors) {
    String address = ingress.string("ip");
    String host = ingress.string("hostname");
    if (!address.isEmpty()) {
      errors.addAll(IpAddresses.validateLegacy(path.child("ip"), address, true, known));
    }
    if (!ingress.has("ipMode")) {
      if (!address.isEmpty()) {
        errors.add(FieldError.required(path.child("ipMode"), "must be specified when `ip` is set"));
      }
    } else if (address.isEmpty()) {
      errors.add(FieldError.forbidden(path.child("ipMode"), "may not be specified when `ip` is not set"));
    } else if (!List.of("Proxy", "VIP").contains(ingress.string("ipMode"))) {
      errors.add(FieldError.notSupported(path.child("ipMode"), ingress.string("ipMode"), List.of("Proxy", "VIP")));
    }
    if (!host.isEmpty()) {
      Checks.format(host, Names.dns1123Subdomain(host), path.child("hostname"), errors);
      if (IpAddresses.isAddress(host)) {
        errors.add(FieldError.invalid(path.child("hostname"), host, "must be a DNS name, not an IP address"));
      }
    }
  }
}
