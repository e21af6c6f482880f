package io.thyra.discovery;

import io.thyra.codec.JsonWriter;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Finds who answers a path. Immutable.
final class Pages {
  private static final String CONFIGURATION = "/.well-known/openid-configuration";
  private static final String KEY_SET = "/openid/v1/jwks";
  private static final List<String> KEY_CACHING = List.of("Cache-Control", "public, max-age=3600");
  private static final List<String> FIXED =
      List.of(CONFIGURATION, "/api", "/api/v1", "/apis", "/apis/", "/flagz", "/metrics", "/metrics/slis", "/openapi/v2", "/openapi/v3",
          "/openapi/v3/", KEY_SET, "/statusz", "/version");

  private final DiscoveryHandler discovery;
  private final HealthHandler health;
  private final MetricsHandler metrics;
  private final MetricsHandler slis;
  private final OpenApiHandler openApi;
  private final ZPages zPages;
  private final OidcDocuments oidc;
  private final Buffer version;
  private final Map<String, Page> others = new HashMap<>();

  Pages(
      DiscoveryHandler discovery,
      HealthHandler health,
      MetricsHandler metrics,
      MetricsHandler slis,
      OpenApiHandler openApi,
      ZPages zPages,
      DiscoverySettings settings) {
    this.zPages = zPages;
    this.openApi = openApi;
    this.discovery = discovery;
    this.health = health;
    this.metrics = metrics;
    this.slis = slis;
    oidc = settings.oidc();
    version = Buffer.buffer(JsonWriter.writePretty(settings.version().toValue()));
    settings.pages().forEach(page -> others.put(page.path(), page));
  }

  ApiResponse handle(ApiRequest request) {
    String path = request.info().path();
    return switch (path) {
      case "/", "/index.html" -> index();
      case "/flagz" -> zPages.flags(request);
      case "/statusz" -> zPages.status(request, List.of("/apis", "/healthz", "/livez", "/metrics", "/readyz", "/version"));
      case "/metrics" -> metrics.handle();
      case "/metrics/slis" -> slis.handle();
      default -> {
        Page page = others.get(path);
        yield page == null ? below(request, path) : Replies.text(200, page.text().get());
      }
    };
  }

  private ApiResponse below(ApiRequest request, String path) {
    // The router drops one slash at the end, a plain handler does not.
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<String> segments = List.of(path.substring(1).split("/"));
    return switch (segments.isEmpty() ? "" : segments.getFirst()) {
      case "api", "apis" -> discovery.handle(request, segments);
      case "healthz", "livez", "readyz" -> health(request, path, segments.getFirst());
      case "openapi" -> openApi(request, path);
      case "version" -> routed(request, trimmed, "/version", "application/json", version, List.of());
      case ".well-known" -> routed(request, trimmed, CONFIGURATION, "application/json", oidc.configuration(), KEY_CACHING);
      case "openid" -> routed(request, trimmed, KEY_SET, "application/jwk-set+json", oidc.keySet(), KEY_CACHING);
      default -> Replies.noPage();
    };
  }

  private ApiResponse openApi(ApiRequest request, String path) {
    return switch (path) {
      case "/openapi/v2" -> onWorker(() -> openApi.v2(request, discovery.snapshot()));
      case "/openapi/v3" -> onWorker(() -> openApi.index(discovery.snapshot()));
      default -> {
        if (!path.startsWith("/openapi/v3/")) {
          yield Replies.noPage();
        }
        yield onWorker(() -> openApi.v3(request, discovery.snapshot(), path.substring("/openapi/v3/".length())));
      }
    };
  }

  /// Building a document takes long, and others wait for the context.
  private static ApiResponse onWorker(Callable<ApiResponse> work) {
    Context context = Vertx.currentContext();
    try {
      return context == null ? work.call() : context.owner().executeBlocking(work, false).await();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private ApiResponse health(ApiRequest request, String path, String endpoint) {
    if (path.length() == endpoint.length() + 1) {
      return health.handle(request, endpoint, "");
    }
    String name = path.substring(endpoint.length() + 2);
    return name.isEmpty() ? Replies.noPage() : health.handle(request, endpoint, name);
  }

  private static ApiResponse routed(ApiRequest request, String path, String root, String type, Buffer body, List<String> headers) {
    if (!path.equals(root)) {
      if (path.startsWith(root + "/")) {
        throw Replies.noResource().toException();
      }
      return Replies.noPage();
    }
    Replies.onlyGet(request);
    Replies.produces(request, type);
    return new ApiResponse(200, type, List.of(body), List.of(), headers);
  }

  /// Every path that is served, by alphabet. Source: apiserver pkg/server/routes/index.go.
  private ApiResponse index() {
    var paths = new TreeSet<>(FIXED);
    paths.addAll(health.paths());
    paths.addAll(others.keySet().stream().filter(path -> !path.startsWith("/debug/")).toList());
    for (ServedGroupVersion each : discovery.snapshot().groupVersions()) {
      if (!each.groupVersion().group().isEmpty()) {
        paths.add("/apis/" + each.groupVersion().group());
        paths.add("/apis/" + each.groupVersion().apiVersion());
      }
    }
    ObjectValue listed = ObjectValue.of("paths", ListValue.ofStrings(paths));
    return ApiResponse.of(200, "application/json", Buffer.buffer(JsonWriter.writePretty(listed)));
  }
}
