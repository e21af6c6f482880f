package io.thyra.nodes;

import io.thyra.backends.ForwardedHeaders;
import io.thyra.backends.GoUrl;
import io.thyra.backends.Links;
import io.thyra.backends.Passage;
import io.thyra.backends.Tunnel;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.registry.Registry;
import io.thyra.wire.Routes.Proxy.Terms;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// `proxy` of pods, services and nodes: any request, for any path, to the server there.
/// Source: pkg/registry/core/{pod,service,node}/rest; apimachinery pkg/util/proxy/upgradeaware.go and transport.go.
final class ProxyAccess extends NodeAccess {
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
  private static final int GROUP_SEGMENTS = 2;

  /// Finds out where a request goes.
  @FunctionalInterface
  interface Resolver {
    Destination resolve(String namespace, String id);
  }

  private final Peers peers;
  private final String optionsKind;
  private final Resolver resolver;

  ProxyAccess(Vertx vertx, Registry registry, Peers peers, String optionsKind, Resolver resolver) {
    super(vertx, registry, METHODS, true);
    this.peers = peers;
    this.optionsKind = optionsKind;
    this.resolver = resolver;
  }

  @Override
  Runnable prepare(Asked asked) {
    refuseDryRun(asked);
    var options = ObjectValue.builder().put("kind", optionsKind).put("apiVersion", "v1");
    String named = pathBehind(asked.info(), asked.path());
    String shown = new String(named.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (!named.isEmpty()) {
      options.put("path", shown);
    }
    String admitted = admit(asked, options.build()).string("path");
    // What is no text in UTF-8 is passed on as it came unless a plugin put another path in its place.
    String path =
        joined(admitted.equals(shown) ? named : new String(admitted.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    Destination destination = resolver.resolve(asked.info().namespace(), asked.info().name());
    return () -> go(asked, destination, path);
  }

  /// What a path says behind the subresource; a slash at its end stays. Source: apiserver pkg/endpoints/handlers/get.go
  /// getRequestOptions.
  static String pathBehind(RequestInfo info, String path) {
    List<String> parts = List.of(trimmed(path).split("/", -1));
    int before = GROUP_SEGMENTS + (info.namespace().isEmpty() ? 0 : 2) + 3;
    String behind = String.join("/", parts.subList(Math.min(before, parts.size()), parts.size()));
    if (!behind.isEmpty() && !behind.startsWith("/")) {
      behind = "/" + behind;
    }
    return path.endsWith("/") && !behind.endsWith("/") ? behind + "/" : behind;
  }

  private static String trimmed(String path) {
    return path.replaceAll("^/+|/+$", "");
  }

  /// Source: apimachinery pkg/util/net/http.go JoinPreservingTrailingSlash.
  private static String joined(String path) {
    return path.isEmpty() ? "" : GoUrl.clean(path);
  }

  /// The path below which the server is reached through this one: that of the request without its own at the end.
  /// Source: apimachinery pkg/util/proxy/upgradeaware.go defaultProxyTransport.
  static String prefix(String requestPath, String path) {
    String suffix = requestPath.endsWith("/") && !path.endsWith("/") ? path + "/" : path;
    String prefix = requestPath.endsWith(suffix) ? requestPath.substring(0, requestPath.length() - suffix.length()) : requestPath;
    return onOneLine(prefix);
  }

  /// A header is one line, whatever the client put in its path.
  private static String onOneLine(String text) {
    return text.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
  }

  private void go(Asked asked, Destination destination, String path) {
    MultiMap headers = asked.forwarded();
    PeerConnections connections = peers.of(destination);
    if (ForwardedHeaders.isUpgrade(headers)) {
      new Tunnel(vertx, asked.request(), connections, destination.address(), asked.outcome()::fail, asked.outcome()::done)
          .open(path.isEmpty() ? "/" : GoUrl.escapePath(path), headers);
      return;
    }
    String query = asked.rawQuery().isEmpty() ? "" : "?" + asked.rawQuery();
    if (path.isEmpty() && (asked.method().equals("GET") || asked.method().equals("HEAD"))) {
      redirect(asked, onOneLine(asked.path()) + "/" + query);
      return;
    }
    String target = path.isEmpty() ? "/" : GoUrl.escapePath(path);
    String prefix = prefix(asked.path(), path);
    headers.set("X-Forwarded-Uri", GoUrl.clean(prefix + "/" + target));
    ForwardedHeaders.dropHopByHop(headers);
    var way =
        new Passage.Way(
            connections, destination.address(), target + query, headers, Links.below(prefix, destination.host(), asked.host()), false);
    new Passage(vertx, asked.request(), way, asked.outcome()::fail).go(false, Terms.NONE);
  }

  /// Links of a page are told apart from those of its folder by the slash.
  private static void redirect(Asked asked, String location) {
    HttpServerResponse response = asked.request().response();
    asked.request().resume();
    response.setStatusCode(301).putHeader("Location", location).putHeader("Content-Length", "0").end();
  }
}
