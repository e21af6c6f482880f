package io.thyra.backends;

import io.thyra.cache.CachedObject;
import io.thyra.model.BooleanValue;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// Finds out where the server behind a Service is. Reads caches only; safe for all threads.
/// Source: apiserver pkg/util/proxy/proxy.go, kube-aggregator pkg/apiserver/resolvers.go.
public final class ServiceResolver {
  /// Where a server listens.
  public record Address(String host, int port) {
    /// Host and port in one, an IPv6 address in brackets.
    public String text() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// There is no such place.
  public static final class Unresolved extends Exception {
    private static final long serialVersionUID = 1;

    Unresolved(String message) {
      super(message, null, false, false);
    }
  }

  public static final GroupResource SERVICES = new GroupResource("", "services");
  public static final GroupResource SLICES = new GroupResource("discovery.k8s.io", "endpointslices");
  public static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Registry registry;
  private final boolean routeToEndpoints;
  private final Optional<Address> loopback;

  /// @param routeToEndpoints whether an endpoint of the Service is taken rather than its cluster address
  /// @param loopback where this server itself listens, which is what default/kubernetes:443 means
  public ServiceResolver(Registry registry, boolean routeToEndpoints, Optional<Address> loopback) {
    this.registry = registry;
    this.routeToEndpoints = routeToEndpoints;
    this.loopback = loopback;
  }

  public Optional<ObjectValue> findService(ServiceReference reference) {
    return registry.peek(SERVICES, reference.namespace(), reference.name());
  }

  /// The EndpointSlices of a Service.
  public List<ObjectValue> slices(ServiceReference reference) {
    return registry
        .findStore(SLICES)
        .map(
            store -> {
              var found = new ArrayList<ObjectValue>();
              String prefix = store.definition().storagePrefix() + reference.namespace() + "/";
              for (CachedObject slice : store.cache().snapshot().range(prefix)) {
                if (reference.name().equals(slice.labels().get(SERVICE_NAME))) {
                  found.add(store.tree(slice));
                }
              }
              return List.copyOf(found);
            })
        .orElse(List.of());
  }

  public static boolean isReady(ObjectValue endpoint) {
    return endpoint.at("conditions", "ready") != BooleanValue.FALSE;
  }

  public Address resolve(ServiceReference reference) throws Unresolved {
    if (loopback.isPresent() && reference.equals(new ServiceReference("default", "kubernetes", 443))) {
      return loopback.get();
    }
    ObjectValue service =
        findService(reference).orElseThrow(() -> new Unresolved("service " + GoText.quote(reference.name()) + " not found"));
    return routeToEndpoints ? endpoint(reference, service) : cluster(reference, service);
  }

  private static Address cluster(ServiceReference reference, ObjectValue service) throws Unresolved {
    String type = service.string("spec", "type");
    String address = service.string("spec", "clusterIP");
    switch (type) {
      case "ClusterIP", "LoadBalancer", "NodePort" -> {
        if (type.equals("ClusterIP") && address.equals("None")) {
          throw new Unresolved("cannot route to service with ClusterIP \"None\"");
        }
        port(reference, service);
        return new Address(address, reference.port());
      }
      case "ExternalName" -> {
        return new Address(service.string("spec", "externalName"), reference.port());
      }
      default -> throw new Unresolved("unsupported service type " + GoText.quote(type));
    }
  }

  private static ObjectValue port(ServiceReference reference, ObjectValue service) throws Unresolved {
    return ports(service, reference.port())
        .findFirst()
        .orElseThrow(
            () -> new Unresolved("no service port " + reference.port() + " found for service " + GoText.quote(reference.name())));
  }

  public static Stream<ObjectValue> ports(ObjectValue service, int number) {
    return service.list("spec", "ports").objects().stream().filter(port -> port.integer(0, "port") == number);
  }

  private Address endpoint(ServiceReference reference, ObjectValue service) throws Unresolved {
    String type = service.string("spec", "type");
    if (!List.of("ClusterIP", "LoadBalancer", "NodePort").contains(type)) {
      throw new Unresolved("unsupported service type " + GoText.quote(type));
    }
    String portName = port(reference, service).string("name");
    var slices = new ArrayList<>(slices(reference));
    List<String> families = service.list("spec", "ipFamilies").strings();
    if (slices.size() > 1 && !families.isEmpty()) {
      Collections.shuffle(slices, ThreadLocalRandom.current());
      slices.sort(Comparator.comparing(slice -> !slice.string("addressType").equals(families.getFirst())));
    }
    for (ObjectValue slice : slices) {
      for (ObjectValue port : slice.list("ports").objects()) {
        if (port.string("name").equals(portName) && port.has("port")) {
          Optional<ObjectValue> ready = anyReady(slice);
          if (ready.isPresent()) {
            return new Address(ready.get().list("addresses").strings().getFirst(), (int) port.integer(0, "port"));
          }
        }
      }
    }
    throw new Unresolved("no endpoints available for service " + GoText.quote(reference.name()));
  }

  private static Optional<ObjectValue> anyReady(ObjectValue slice) {
    List<ObjectValue> ready = slice.list("endpoints").objects().stream().filter(ServiceResolver::isReady).toList();
    return ready.isEmpty() ? Optional.empty() : Optional.of(ready.get(ThreadLocalRandom.current().nextInt(ready.size())));
  }
}
