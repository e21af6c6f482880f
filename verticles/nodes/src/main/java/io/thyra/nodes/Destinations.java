package io.thyra.nodes;

import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Finds out where proxied requests go, and refuses places where none may go. Waits for the store and for DNS; safe for all
/// threads.
/// Source: ResourceLocation of pkg/registry/core/pod/strategy.go, pkg/registry/core/node/strategy.go and
/// pkg/registry/core/service/storage/storage.go.
final class Destinations {
  private final ObjectSource objects;
  private final Kubelets kubelets;
  private final RandomGenerator random;

  Destinations(ObjectSource objects, Kubelets kubelets, RandomGenerator random) {
    this.objects = objects;
    this.kubelets = kubelets;
    this.random = random;
  }

  private static ProxiedName named(String kind, String id) {
    return ProxiedName.of(id).orElseThrow(() -> badRequest("invalid " + kind + " request " + GoText.quote(id)));
  }

  private static ApiException badRequest(String message) {
    return new Failure.BadRequest(message).toException();
  }

  Destination pod(String namespace, String id) {
    ProxiedName named = named("pod", id);
    ObjectValue pod = objects.get(ObjectSource.PODS, namespace, named.name(), ObjectSource.PODS);
    String port = named.port();
    if (port.isEmpty()) {
      port =
          pod.list("spec", "containers").objects().stream()
              .flatMap(container -> container.list("ports").objects().stream().limit(1))
              .findFirst()
              .map(first -> Long.toString(first.integer(0, "containerPort")))
              .orElse("");
    }
    List<ObjectValue> addresses = pod.list("status", "podIPs").objects();
    String address = addresses.isEmpty() ? "" : addresses.getFirst().string("ip");
    if (!AllowedAddress.isAllowed(address)) {
      throw badRequest("address not allowed");
    }
    return Destination.of(named.scheme(), address, port);
  }

  Destination node(String id) {
    ProxiedName named = named("node", id);
    Kubelets.Kubelet kubelet = kubelets.find(named.name(), ObjectSource.NODES);
    String checked;
    try {
      checked = AllowedAddress.resolve(kubelet.host());
    } catch (AllowedAddress.Refused e) {
      throw badRequest(e.getMessage());
    }
    if (named.port().isEmpty() || named.port().equals(Integer.toString(kubelet.port()))) {
      return kubelet(kubelet);
    }
    return Destination.of(named.scheme(), checked, named.port());
  }

  static Destination kubelet(Kubelets.Kubelet kubelet) {
    var address = new Address(kubelet.host(), kubelet.port());
    return new Destination(true, true, address.text(), address);
  }

  Destination service(String namespace, String id) {
    ProxiedName named = named("service", id);
    String port = named.port();
    if (port.matches("[+-]?[0-9]{1,18}")) {
      port = portName(namespace, named.name(), Long.parseLong(port));
    }
    List<ObjectValue> subsets =
        shuffled(objects.get(ObjectSource.ENDPOINTS, namespace, named.name(), ObjectSource.SERVICES).list("subsets").objects());
    if (subsets.isEmpty()) {
      throw noEndpoints(named.name());
    }
    for (ObjectValue subset : subsets) {
      for (ObjectValue each : subset.list("ports").objects()) {
        if (each.string("name").equals(port)) {
          Optional<String> address = anyPod(namespace, subset);
          if (address.isPresent()) {
            return Destination.of(named.scheme(), address.get(), Long.toString(each.integer(0, "port")));
          }
        }
      }
    }
    throw noEndpoints(id);
  }

  private static ApiException noEndpoints(String service) {
    return new Failure.ServiceUnavailable("no endpoints available for service " + GoText.quote(service)).toException();
  }

  private String portName(String namespace, String name, long number) {
    ObjectValue service = objects.get(ObjectSource.SERVICES, namespace, name, ObjectSource.SERVICES);
    return service.list("spec", "ports").objects().stream()
        .filter(port -> port.integer(0, "port") == number)
        .findFirst()
        .map(port -> port.string("name"))
        .orElseThrow(
            () -> new Failure.ServiceUnavailable("no service port " + number + " found for service " + GoText.quote(name)).toException());
  }

  /// An address that is a pod's of the same namespace.
  private Optional<String> anyPod(String namespace, ObjectValue subset) {
    for (ObjectValue address : shuffled(subset.list("addresses").objects())) {
      ObjectValue target = address.object("targetRef");
      String ip = address.string("ip");
      if (target.string("namespace").equals(namespace) && !namespace.isEmpty() && hasAddress(namespace, target.string("name"), ip)) {
        return Optional.of(ip);
      }
    }
    return Optional.empty();
  }

  private boolean hasAddress(String namespace, String pod, String ip) {
    return !pod.isEmpty()
        && objects
            .find(ObjectSource.PODS, namespace, pod)
            .map(found -> found.list("status", "podIPs").objects().stream().anyMatch(each -> each.string("ip").equals(ip)))
            .orElse(false);
  }

  private List<ObjectValue> shuffled(List<ObjectValue> all) {
    var copy = new ArrayList<>(all);
    if (copy.size() > 1) {
      Collections.shuffle(copy, java.util.Random.from(random));
    }
    return copy;
  }
}
