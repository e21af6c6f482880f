package io.thyra.aggregation;

import io.thyra.backends.Complaint;
import io.thyra.backends.ForwardedHeaders;
import io.thyra.backends.GoUrl;
import io.thyra.backends.Links;
import io.thyra.backends.Passage;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.backends.ServiceResolver.Unresolved;
import io.thyra.backends.ServiceResolver;
import io.thyra.backends.Tunnel;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.thyra.wire.Routes;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/// Passes requests on to the extension server of one APIService. Stateless beyond what the APIService says; called on the
/// event loops of requests.
/// Source: kube-aggregator pkg/apiserver/handler_proxy.go; apimachinery pkg/util/proxy/upgradeaware.go.
final class AggregationProxy implements Routes.Proxy {
  private final Vertx vertx;
  private final RemoteService service;
  private final ServiceResolver resolver;
  private final boolean rejectRedirects;

  AggregationProxy(Vertx vertx, RemoteService service, ServiceResolver resolver, boolean rejectRedirects) {
    this.vertx = vertx;
    this.service = service;
    this.resolver = resolver;
    this.rejectRedirects = rejectRedirects;
  }

  @Override
  public void handle(HttpServerRequest request, UserInfo user, String auditId) {
    handle(request, user, auditId, Terms.NONE);
  }

  @Override
  public void handle(HttpServerRequest request, UserInfo user, String auditId, Terms terms) {
    RemoteService.State state = service.state();
    if (!state.apiService().available()) {
      PlainText.answer(request, 503, "service unavailable");
      return;
    }
    if (state.transport() == null) {
      PlainText.answer(request, 500, state.unbuildable());
      return;
    }
    Address address;
    try {
      address = resolver.resolve(state.apiService().service().orElseThrow());
    } catch (Unresolved _) {
      PlainText.answer(request, 503, "service unavailable");
      return;
    }
    var remote = request.remoteAddress();
    String client = remote == null || remote.hostAddress() == null ? "" : remote.hostAddress();
    MultiMap headers = ForwardedHeaders.ofClient(request.headers(), auditId, client);
    ForwardedHeaders.addUser(headers, user);
    String path = GoUrl.path(request.uri());
    String query = GoUrl.query(request.uri());
    String target = query.isEmpty() ? path : path + "?" + query;
    Complaint complaint = failure -> PlainText.answer(request, 503, Status.of(failure).message());
    if (ForwardedHeaders.isUpgrade(headers)) {
      new Tunnel(vertx, request, state.transport(), address, complaint, terms.done()).open(target, headers);
      return;
    }
    ForwardedHeaders.addForwarded(headers, address.text(), path);
    ForwardedHeaders.dropHopByHop(headers);
    var way = new Passage.Way(state.transport(), address, target, headers, Links.to(address.text()), rejectRedirects);
    new Passage(vertx, request, way, complaint).go(isDiscovery(path), terms);
  }

  /// The documents by which clients learn what a server has are wanted soon or not at all.
  private static boolean isDiscovery(String path) {
    String trimmed = path.replaceAll("^/+|/+$", "");
    return trimmed.split("/", -1).length == 3 && trimmed.startsWith("apis/");
  }
}
