package io.thyra.nodes;

import io.thyra.backends.ServiceResolver.Address;
import io.thyra.codec.Endpoint;
import io.thyra.codec.Format;
import io.thyra.codec.Negotiation;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.registry.Registry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/// `pods/log`: what a container wrote, from the kubelet of its node. Source: pkg/registry/core/pod/rest/log.go.
final class LogAccess extends NodeAccess {
  private static final Endpoint NEGOTIATED = new Endpoint(List.of(Format.values()), true, false, false, true);

  private final ObjectSource objects;
  private final Kubelets kubelets;
  private final Peers peers;

  LogAccess(Vertx vertx, Registry registry, ObjectSource objects, Kubelets kubelets, Peers peers) {
    super(vertx, registry, Set.of("GET"), false);
    this.objects = objects;
    this.kubelets = kubelets;
    this.peers = peers;
  }

  @Override
  Runnable prepare(Asked asked) {
    String pretty = asked.query().has("pretty") ? asked.query().first("pretty") : null;
    Negotiation.answer(new Negotiation.Wishes(asked.header("Accept"), pretty, asked.header("User-Agent")), NEGOTIATED);
    RequestInfo info = asked.info();
    ObjectValue options = LogOptions.read(asked.query());
    LogOptions.validate(options, info.name());
    ObjectValue pod = objects.get(ObjectSource.PODS, info.namespace(), info.name(), info.groupResource());
    String container = Containers.choose(pod, options.string("container"));
    String nodeName = pod.string("spec", "nodeName");
    if (nodeName.isEmpty()) {
      return () -> empty(asked);
    }
    Kubelets.Kubelet kubelet = kubelets.find(nodeName, info.groupResource());
    String target = LogOptions.target(options, info.namespace(), info.name(), container);
    PeerConnections connections = peers.forLogs(options.bool("insecureSkipTLSVerifyBackend"));
    var address = new Address(kubelet.host(), kubelet.port());
    return () -> new LogPassage(asked, connections, address, target).go();
  }

  private static void empty(Asked asked) {
    HttpServerResponse response = asked.request().response();
    asked.request().resume();
    response.setStatusCode(204).end();
  }
}
