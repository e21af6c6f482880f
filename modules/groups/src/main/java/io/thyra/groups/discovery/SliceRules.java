package io.thyra.groups.discovery;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// EndpointSlices. Source: pkg/apis/discovery/validation/validation.go, pkg/registry/discovery/endpointslice/strategy.go.
final class SliceRules {
  private static final int ENDPOINTS_MAX = 1000;
  private static final int ADDRESSES_MAX = 100;
  private static final int PORTS_MAX = 20_000;
  private static final int TOPOLOGY_MAX = 16;
  private static final int HINTS_MAX = 8;
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final FieldPath ENDPOINTS = FieldPath.of("endpoints");
  private static final Set<String> CONTROLLERS =
      Set.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");

  private SliceRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .countsGenerations("addressType", "endpoints", "ports")
        .countsAsSent()
        .countsLabels()
        .onCreate((_, slice) -> withoutTopology(slice, null))
        .onUpdate((_, slice, old) -> withoutTopology(slice, old))
        .createRules((slice, _, errors) -> slice(slice, null, errors))
        .updateRules((slice, old, _, errors) -> slice(slice, old, errors))
        .updateRules((slice, old, _, errors) -> Checks.immutable(r.struct(), slice, old, null, errors, "addressType"))
        .warns(SliceRules::warnings);
  }

  private static List<String> warnings(ObjectValue slice, @Nullable ObjectValue old) {
    var warnings = new ArrayList<String>();
    if (old == null && slice.string("addressType").equals("FQDN")) {
      warnings.add("spec.addressType: FQDN endpoints are deprecated");
    }
    if (CONTROLLERS.contains(slice.object("metadata", "labels").string("endpointslice.kubernetes.io/managed-by"))) {
      return warnings;
    }
    List<ObjectValue> endpoints = slice.list("endpoints").objects();
    for (int i = 0; i < endpoints.size(); i++) {
      List<String> addresses = endpoints.get(i).list("addresses").strings();
      for (int j = 0; j < addresses.size(); j++) {
        warnings.addAll(IpAddresses.warnings(ENDPOINTS.index(i).child("addresses").index(j), addresses.get(j)));
      }
    }
    return warnings;
  }

  /// v1 has no topology; a host name in one that was stored becomes the node's name.
  private static ObjectValue withoutTopology(ObjectValue slice, @Nullable ObjectValue old) {
    if (old != null && Objects.equals(slice.get("endpoints"), old.get("endpoints"))) {
      return slice;
    }
    Set<String> known = new HashSet<>();
    if (old != null) {
      old.list("endpoints").objects().forEach(e -> known.add(e.object("deprecatedTopology").string(HOSTNAME)));
    }
    return slice.changeList("endpoints", endpoints -> endpoints.map(e -> endpointWithoutTopology((ObjectValue) e, known)));
  }

  private static ObjectValue endpointWithoutTopology(ObjectValue endpoint, Set<String> known) {
    String host = endpoint.object("deprecatedTopology").string(HOSTNAME);
    boolean names = !isSet(endpoint, "nodeName") && !host.isEmpty() && known.contains(host) && Names.dns1123Subdomain(host).isEmpty();
    ObjectValue plain = endpoint.without("deprecatedTopology");
    return names ? plain.with("nodeName", new StringValue(host)) : plain;
  }

  private static void slice(ObjectValue slice, @Nullable ObjectValue old, List<FieldError> errors) {
    String type = slice.string("addressType");
    if (type.isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("addressType"), ""));
    } else {
      Checks.oneOf(type, FieldPath.of("addressType"), errors, "FQDN", "IPv4", "IPv6");
    }
    ports(slice.list("ports"), FieldPath.of("ports"), errors);
    if (old == null || !Objects.equals(slice.get("endpoints"), old.get("endpoints"))) {
      endpoints(slice.list("endpoints"), type, errors);
    }
  }

  private static void ports(ListValue ports, FieldPath path, List<FieldError> errors) {
    if (ports.size() > PORTS_MAX) {
      errors.add(FieldError.tooMany(path, ports.size(), PORTS_MAX));
      return;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      ObjectValue port = ports.object(i);
      String name = port.string("name");
      if (!name.isEmpty()) {
        Rules.checkFormat(name, path.index(i).child("name"), errors, Names::dns1123Label);
      }
      if (!names.add(name)) {
        errors.add(FieldError.duplicate(path.index(i).child("name"), name));
      }
      if (isSet(port, "protocol")) {
        Checks.oneOf(port.string("protocol"), path.index(i).child("protocol"), errors, "SCTP", "TCP", "UDP");
      } else {
        errors.add(FieldError.required(path.index(i).child("protocol"), ""));
      }
      if (isSet(port, "appProtocol")) {
        Rules.checkFormat(port.string("appProtocol"), path.index(i).child("appProtocol"), errors, Names::qualifiedName);
      }
    }
  }

  private static void endpoints(ListValue endpoints, String type, List<FieldError> errors) {
    if (endpoints.size() > ENDPOINTS_MAX) {
      errors.add(FieldError.tooMany(ENDPOINTS, endpoints.size(), ENDPOINTS_MAX));
      return;
    }
    for (int i = 0; i < endpoints.size(); i++) {
      endpoint(endpoints.object(i), type, ENDPOINTS.index(i), errors);
    }
  }

  private static void endpoint(ObjectValue endpoint, String type, FieldPath path, List<FieldError> errors) {
    FieldPath at = path.child("addresses");
    List<String> addresses = endpoint.list("addresses").strings();
    if (addresses.isEmpty()) {
      errors.add(FieldError.required(at, "must contain at least 1 address"));
    } else if (addresses.size() > ADDRESSES_MAX) {
      errors.add(FieldError.tooMany(at, addresses.size(), ADDRESSES_MAX));
    }
    for (int i = 0; i < addresses.size(); i++) {
      address(addresses.get(i), type, at, at.index(i), errors);
    }
    if (isSet(endpoint, "nodeName")) {
      Rules.checkFormat(endpoint.string("nodeName"), path.child("nodeName"), errors, Names::dns1123Subdomain);
    }
    ObjectValue topology = endpoint.object("deprecatedTopology");
    if (topology.size() > TOPOLOGY_MAX) {
      errors.add(FieldError.tooMany(path.child("deprecatedTopology"), topology.size(), TOPOLOGY_MAX));
    }
    errors.addAll(ObjectMetaValidation.labels(topology, path.child("deprecatedTopology")));
    if (isSet(endpoint, "hostname")) {
      Rules.checkFormat(endpoint.string("hostname"), path.child("hostname"), errors, Names::dns1123Label);
    }
    if (endpoint.get("hints") instanceof ObjectValue hints) {
      if (hints(hints.list("forZones"), path.child("hints", "forZones"), errors, Names::labelValue)) {
        hints(hints.list("forNodes"), path.child("hints", "forNodes"), errors, Names::dns1123Subdomain);
      }
    }
  }

  private static void address(String address, String type, FieldPath list, FieldPath path, List<FieldError> errors) {
    switch (type) {
      case "IPv4" -> {
        List<FieldError> found = IpAddresses.validateLegacy(path, address, true, List.of());
        errors.addAll(found);
        if (found.isEmpty()) {
          family(address, IpAddresses.isIpv4(address), "must be an IPv4 address", list, path, errors);
        }
      }
      case "IPv6" -> {
        List<FieldError> found = IpAddresses.validate(path, address);
        errors.addAll(found);
        if (found.isEmpty()) {
          family(address, IpAddresses.isIpv6(address), "must be an IPv6 address", list, path, errors);
        }
      }
      case "FQDN" -> errors.addAll(Words.fullyQualifiedDomainName(path, address));
      default -> {}
    }
  }

  private static void family(
      String address, boolean right, String complaint, FieldPath list, FieldPath path, List<FieldError> errors) {
    if (!right) {
      errors.add(FieldError.invalid(list, address, complaint));
    }
    Optional<InetAddress> parsed = IpAddresses.canonical(address).map(InetAddress::ofLiteral);
    if (parsed.isEmpty()) {
      errors.add(FieldError.invalid(path, address, "must be a valid IP address"));
      return;
    }
    InetAddress ip = parsed.get();
    if (ip.isAnyLocalAddress()) {
      errors.add(FieldError.invalid(path, address, "may not be unspecified (" + address + ")"));
    }
    if (ip.isLoopbackAddress()) {
      errors.add(FieldError.invalid(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
    }
    if (ip.isLinkLocalAddress()) {
      errors.add(FieldError.invalid(path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
    }
    if (ip.isMCLinkLocal()) {
      errors.add(FieldError.invalid(path, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"));
    }
  }

  private static boolean hints(
      ListValue hints, FieldPath path, List<FieldError> errors, java.util.function.Function<String, List<String>> format) {
    if (hints.size() > HINTS_MAX) {
      errors.add(FieldError.tooMany(path, hints.size(), HINTS_MAX));
      return false;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < hints.size(); i++) {
      String name = hints.object(i).string("name");
      FieldPath at = path.index(i).child("name");
      if (!names.add(name)) {
        errors.add(FieldError.duplicate(at, name));
      }
      Rules.checkFormat(name, at, errors, format);
    }
    return true;
  }
}
