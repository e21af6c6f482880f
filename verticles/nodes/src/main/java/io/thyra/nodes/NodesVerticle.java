package io.thyra.nodes;

import io.thyra.model.Authorizer;
import io.thyra.model.RequestInfo;
import io.thyra.registry.Registry;
import io.thyra.wire.Routes.Streamed;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Passes requests on to kubelets, pods and the pods of services. Owns the connections to them.
public final class NodesVerticle extends VerticleBase {
  /// A certificate and its key in PEM.
  public record Pair(Buffer certificate, Buffer key) {}

  /// How this server and kubelets know each other.
  ///
  /// @param authorities certificates in PEM; empty to trust every kubelet, as upstream does then
  /// @param identity what kubelets are shown; empty for nothing
  public record KubeletTls(Optional<String> authorities, Optional<Pair> identity) {}

  /// @param addressTypes the types of node addresses, the preferred ones first
  public record Settings(KubeletTls kubeletTls, List<String> addressTypes) {
    public Settings {
      addressTypes = List.copyOf(addressTypes);
    }
  }

  private final Registry registry;
  private final Authorizer authorizer;
  private volatile KubeletTls kubeletTls;
  private final List<String> addressTypes;
  private volatile Map<String, Streamed> served = Map.of();
  private volatile Optional<Peers> peers = Optional.empty();

  public NodesVerticle(Registry registry, Authorizer authorizer, Settings settings) {
    this.registry = registry;
    this.authorizer = authorizer;
    this.kubeletTls = settings.kubeletTls();
    this.addressTypes = settings.addressTypes();
  }

  @Override
  public Future<?> start() {
    var connections = new Peers(vertx, kubeletTls);
    peers = Optional.of(connections);
    var kubelets = new Kubelets(registry::find, addressTypes);
    var destinations = new Destinations(registry::find, kubelets, RandomGenerator.getDefault());
    served =
        Map.of(
            "pods/log", new LogAccess(vertx, registry, registry::find, kubelets, connections),
            "pods/exec", container(kubelets, connections, ContainerAccess.Kind.EXEC),
            "pods/attach", container(kubelets, connections, ContainerAccess.Kind.ATTACH),
            "pods/portforward", container(kubelets, connections, ContainerAccess.Kind.PORT_FORWARD),
            "pods/proxy", new ProxyAccess(vertx, registry, connections, "PodProxyOptions", destinations::pod),
            "services/proxy", new ProxyAccess(vertx, registry, connections, "ServiceProxyOptions", destinations::service),
            "nodes/proxy", new ProxyAccess(vertx, registry, connections, "NodeProxyOptions", (_, id) -> destinations.node(id)));
    return Future.succeededFuture();
  }

  private ContainerAccess container(Kubelets kubelets, Peers connections, ContainerAccess.Kind kind) {
    return new ContainerAccess(vertx, registry, authorizer, registry::find, kubelets, connections, kind);
  }

  /// Who serves a request; empty for what is no request of this verticle. Safe for all threads.
  public Optional<Streamed> findStreamed(RequestInfo info) {
    boolean whole = !info.name().isEmpty() && !info.subresource().isEmpty() && info.resource().equals("nodes") == info.namespace().isEmpty();
    return whole && info.group().isEmpty() && info.version().equals("v1")
        ? Optional.ofNullable(served.get(info.resource() + "/" + info.subresource()))
        : Optional.empty();
  }

  /// From now on this server and kubelets know each other by other files. Safe for all threads.
  public void identify(KubeletTls tls) {
    kubeletTls = tls;
    peers.ifPresent(connections -> connections.identify(tls));
  }

  @Override
  public Future<?> stop() {
    peers.ifPresent(Peers::close);
    return Future.succeededFuture();
  }
}
