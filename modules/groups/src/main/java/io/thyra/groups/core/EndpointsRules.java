package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Endpoints. Source: pkg/apis/core/validation/validation.go, pkg/registry/core/endpoint/strategy.go.
final class EndpointsRules {
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

  private EndpointsRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksNameOnUpdate()
        .createsOnUpdate()
        .createRules((endpoints, _, errors) -> check(endpoints, null, errors))
        .updateRules((endpoints, old, _, errors) -> check(endpoints, old, errors))
        .warns((endpoints, _) -> warnings(endpoints));
  }

  private static void check(ObjectValue endpoints, @Nullable ObjectValue old, List<FieldError> errors) {
    if (old != null && Objects.equals(old.list("subsets"), endpoints.list("subsets"))) {
      return;
    }
    List<ObjectValue> subsets = endpoints.list("subsets").objects();
    for (int i = 0; i < subsets.size(); i++) {
      subset(subsets.get(i), FieldPath.of("subsets").index(i), errors);
    }
  }

  private static void subset(ObjectValue subset, FieldPath path, List<FieldError> errors) {
    if (subset.list("addresses").isEmpty() && subset.list("notReadyAddresses").isEmpty()) {
      errors.add(FieldError.required(path, "must specify `addresses` or `notReadyAddresses`"));
    }
    for (String field : List.of("addresses", "notReadyAddresses")) {
      List<ObjectValue> addresses = subset.list(field).objects();
      for (int i = 0; i < addresses.size(); i++) {
        address(addresses.get(i), path.child(field).index(i), errors);
      }
    }
    List<ObjectValue> ports = subset.list("ports").objects();
    for (int i = 0; i < ports.size(); i++) {
      port(ports.get(i), ports.size() > 1, path.child("ports").index(i), errors);
    }
  }

  private static void address(ObjectValue address, FieldPath path, List<FieldError> errors) {
    String ip = address.string("ip");
    errors.addAll(IpAddresses.validateLegacy(path.child("ip"), ip, true, List.of()));
    String host = address.string("hostname");
    if (!host.isEmpty()) {
      Names.dns1123Label(host).forEach(complaint -> errors.add(FieldError.invalid(path.child("hostname"), host, complaint)));
    }
    if (address.has("nodeName")) {
      String node = address.string("nodeName");
      Names.DNS_SUBDOMAIN
          .check(node, false)
          .forEach(complaint -> errors.add(FieldError.invalid(path.child("nodeName"), node, complaint)));
    }
    Addresses.checkNotSpecial(ip, path.child("ip"), errors);
  }

  private static void port(ObjectValue port, boolean namesNeeded, FieldPath path, List<FieldError> errors) {
    String name = port.string("name");
    if (namesNeeded && name.isEmpty()) {
      errors.add(FieldError.required(path.child("name"), ""));
    } else if (!name.isEmpty()) {
      Names.dns1123Label(name).forEach(complaint -> errors.add(FieldError.invalid(path.child("name"), name, complaint)));
    }
    long number = port.integer(0, "port");
    Words.portNumber(number).forEach(complaint -> errors.add(FieldError.invalid(path.child("port"), number, complaint)));
    String protocol = port.string("protocol");
    if (protocol.isEmpty()) {
      errors.add(FieldError.required(path.child("protocol"), ""));
    } else if (!PROTOCOLS.contains(protocol)) {
      errors.add(FieldError.notSupported(path.child("protocol"), protocol, PROTOCOLS));
    }
    if (port.has("appProtocol")) {
      String application = port.string("appProtocol");
      Names.qualifiedName(application)
          .forEach(complaint -> errors.add(FieldError.invalid(path.child("appProtocol"), application, complaint)));
    }
  }

  private static List<String> warnings(ObjectValue endpoints) {
    if (endpoints.object("metadata", "labels").string("endpoints.kubernetes.io/managed-by").equals("endpoint-controller")) {
      return List.of();
    }
    var out = new ArrayList<String>();
    List<ObjectValue> subsets = endpoints.list("subsets").objects();
    for (int i = 0; i < subsets.size(); i++) {
      for (String field : List.of("addresses", "notReadyAddresses")) {
        List<ObjectValue> addresses = subsets.get(i).list(field).objects();
        for (int j = 0; j < addresses.size(); j++) {
          FieldPath path = FieldPath.of("subsets").index(i).child(field).index(j).child("ip");
          out.addAll(IpAddresses.warnings(path, addresses.get(j).string("ip")));
        }
      }
    }
    return out;
  }
}
