package io.thyra.nodes;

import io.thyra.backends.ForwardedHeaders;
import io.thyra.backends.GoUrl;
import io.thyra.backends.Tunnel;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.model.RequestInfo;
import io.thyra.registry.Registry;
import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// `exec`, `attach` and `portforward` of pods: a connection of another protocol to the kubelet of their node.
/// Source: pkg/registry/core/pod/rest/subresources.go; pkg/registry/core/pod/strategy.go.
final class ContainerAccess extends NodeAccess {
  /// What is done with a pod, and the path by which kubelets know it.
  enum Kind {
    EXEC("PodExecOptions", "exec"),
    ATTACH("PodAttachOptions", "attach"),
    PORT_FORWARD("PodPortForwardOptions", "portForward");

    private final String optionsKind;
    private final String path;

    Kind(String optionsKind, String path) {
      this.optionsKind = optionsKind;
      this.path = path;
    }
  }

  /// What a node declares whose kubelet translates WebSockets itself.
  private static final String WEB_SOCKETS = "ExtendWebSocketsToKubelet";

  private final Authorizer authorizer;
  private final ObjectSource objects;
  private final Kubelets kubelets;
  private final Peers peers;
  private final Kind kind;

  ContainerAccess(
      Vertx vertx, Registry registry, Authorizer authorizer, ObjectSource objects, Kubelets kubelets, Peers peers, Kind kind) {
    super(vertx, registry, Set.of("GET", "POST"), false);
    this.authorizer = authorizer;
    this.objects = objects;
    this.kubelets = kubelets;
    this.peers = peers;
    this.kind = kind;
  }

  /// @throws io.thyra.model.ApiException 400 where a parameter cannot be read
  static ObjectValue read(Kind kind, Query query) {
    var reader = new OptionsReader(query, kind.optionsKind);
    return switch (kind) {
      case EXEC -> reader.truth("stdin", "stdout", "stderr", "tty").text("container").texts("command").build();
      case ATTACH -> reader.truth("stdin", "stdout", "stderr", "tty").text("container").build();
      case PORT_FORWARD -> reader.ports("ports").build();
    };
  }

  /// What the kubelet is asked, path and query.
  ///
  /// @param container empty for none
  static String target(Kind kind, ObjectValue options, String namespace, String pod, String container) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    Map.of("stdin", "input", "stdout", "output", "stderr", "error", "tty", "tty")
        .forEach(
            (name, parameter) -> {
              if (options.bool(name)) {
                query.put(parameter, List.of("1"));
              }
            });
    if (options.has("command")) {
      query.put("command", options.list("command").strings());
    }
    if (options.has("ports")) {
      query.put("port", List.of(options.list("ports").items().stream().map(GoText::of).collect(Collectors.joining(","))));
    }
    String path = "/" + kind.path + "/" + namespace + "/" + pod + (container.isEmpty() ? "" : "/" + container);
    return query.isEmpty() ? path : path + "?" + GoUrl.encode(new Query(query));
  }

  @Override
  Runnable prepare(Asked asked) {
    refuseDryRun(asked);
    ObjectValue options = admit(asked, read(kind, asked.query()));
    // Browsers open a WebSocket with GET, which is not to be enough to run something.
    authorize(asked, authorizer, "create");
    RequestInfo info = asked.info();
    ObjectValue pod = objects.get(ObjectSource.PODS, info.namespace(), info.name(), info.groupResource());
    String container = kind == Kind.PORT_FORWARD ? "" : Containers.choose(pod, options.string("container"));
    String nodeName = pod.string("spec", "nodeName");
    if (nodeName.isEmpty()) {
      throw new Failure.BadRequest("pod " + info.name() + " does not have a host assigned").toException();
    }
    Kubelets.Kubelet kubelet = kubelets.find(nodeName, info.groupResource());
    Destination destination = Destinations.kubelet(kubelet);
    if (!ForwardedHeaders.isUpgrade(asked.headers())) {
      throw new Failure.BadRequest("Upgrade request required").toException();
    }
    String target = target(kind, options, info.namespace(), info.name(), container);
    String translated = kind == Kind.PORT_FORWARD ? SpdyTunnel.PROTOCOL : StreamTranslator.PROTOCOL;
    boolean translates =
        !kubelet.features().contains(WEB_SOCKETS)
            && WebSocketHeaders.areAsking(asked.headers())
            && WebSocketHeaders.protocols(asked.headers()).contains(translated);
    if (!translates) {
      return () -> tunnel(asked, destination, target);
    }
    String problem = WebSocketHeaders.problem(asked.headers());
    if (!problem.isEmpty()) {
      throw new Failure.BadRequest(problem).toException();
    }
    return kind == Kind.PORT_FORWARD
        ? () -> spdyTunnel(asked, destination, target)
        : () -> new StreamTranslator(vertx, asked, peers.of(destination), destination.address(), target, Streams.of(options)).open();
  }

  private void spdyTunnel(Asked asked, Destination destination, String target) {
    MultiMap headers = SpdyTunnel.spdyHeaders(asked.forwarded());
    new Tunnel(vertx, asked.request(), peers.of(destination), destination.address(), asked.outcome()::fail, asked.outcome()::done)
        .open("POST", target, headers, new SpdyTunnel(asked.headers()));
  }

  private void tunnel(Asked asked, Destination destination, String target) {
    MultiMap headers = asked.forwarded();
    new Tunnel(vertx, asked.request(), peers.of(destination), destination.address(), asked.outcome()::fail, asked.outcome()::done)
        .open(target, headers);
  }
}
