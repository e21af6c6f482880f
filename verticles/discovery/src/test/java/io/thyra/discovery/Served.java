package io.thyra.discovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.model.GroupVersion;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.schema.ResourceSchema;
import io.thyra.schema.Schemas;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// Everything that is built in and served by default, answered without a server around it.
final class Served implements DiscoverySource {
  static final String V2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final DiscoveryVerticle verticle;
  Optional<String> failure = Optional.empty();
  int looks;

  Served(Vertx vertx) {
    var checks =
        List.of(
            HealthCheck.ping(),
            new HealthCheck("etcd", true, true, () -> failure),
            new HealthCheck("shutdown", false, true, Optional::empty));
    var oidc = new OidcDocuments(Buffer.buffer("{}"), Buffer.buffer("{\"keys\":[]}"));
    var settings = new DiscoverySettings("192.0.2.1:6443", VersionInfo.current("", ""), oidc, checks, List.of());
    verticle = new DiscoveryVerticle(new Wire(vertx), this, settings, new PrometheusRegistry());
  }

  @Override
  public long revision() {
    return 1;
  }

  @Override
  public List<ServedGroupVersion> groupVersions() {
    looks++;
    var byVersion = new TreeMap<String, List<ResourceSchema>>();
    for (ResourceSchema schema : Schemas.builtin().resources()) {
      if (schema.servedByDefault()) {
        byVersion.computeIfAbsent(schema.resource().group() + "/" + schema.resource().version(), _ -> new ArrayList<>()).add(schema);
      }
    }
    var all = new ArrayList<ServedGroupVersion>();
    for (List<ResourceSchema> schemas : byVersion.values()) {
      schemas.sort(Comparator.comparing(schema -> schema.resource().resource()));
      var groupVersion = new GroupVersion(schemas.getFirst().resource().group(), schemas.getFirst().resource().version());
      List<ServedResource> resources = schemas.stream().map(schema -> new ServedResource(schema, "", false)).toList();
      all.add(
          new ServedGroupVersion(
              groupVersion, ApiServicePriorities.builtin().of(groupVersion), resources, false, ServedGroupVersion.Origin.BUILTIN));
    }
    return all;
  }

  ApiResponse get(String path, String accept) {
    return ask("GET", path, accept, ApiRequest.Conditions.NONE);
  }

  ApiResponse ask(String method, String path, String accept, ApiRequest.Conditions conditions) {
    String[] parts = path.split("\\?", 2);
    var info = RequestInfo.nonResource(parts[0], method.toLowerCase(Locale.ROOT));
    var user = new UserInfo("admin", "", List.of(UserInfo.SYSTEM_MASTERS));
    Instant now = Instant.EPOCH;
    return verticle.handle(
        new ApiRequest(
            info, method, parts.length > 1 ? parts[1] : "", accept, "", "test", user, Buffer.buffer(), "id", now, now, conditions));
  }

  static String text(ApiResponse response) {
    Buffer whole = Buffer.buffer();
    response.pieces().forEach(whole::appendBuffer);
    return whole.toString();
  }

  static String header(ApiResponse response, String name) {
    int at = response.headers().indexOf(name);
    return at < 0 ? "" : response.headers().get(at + 1);
  }
}
