package io.thyra.aggregation;

import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the server of one APIService says it serves: asked for the aggregated document, then for the plain one.
/// Source: kube-aggregator pkg/apiserver/handler_discovery.go.
final class RemoteDiscovery {
  /// What is known of a group version.
  ///
  /// @param resources as aggregated discovery lists them
  /// @param stale whether the server did not answer the last time
  record Listing(ListValue resources, boolean stale) {}

  static final Duration REFRESH = Duration.ofMinutes(1);
  private static final Duration RETRY_MIN = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String ACCEPT =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
          + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
  /// Who asks for the plain document; upstream forgets the group there.
  private static final UserInfo PLAIN_USER = new UserInfo(ApiService.AGGREGATOR.name(), "", List.of());

  private final RemoteService service;
  private final Runnable changed;
  private final Backoff backoff = new Backoff(RETRY_MIN, REFRESH);
  private volatile Listing listing = new Listing(ListValue.EMPTY, true);
  // Owned by the thread of the loop, as is the backoff.
  private String etag = "";
  private Map<GroupVersion, ListValue> known = Map.of();
  private volatile boolean dirty;

  RemoteDiscovery(RemoteService service, Runnable changed) {
    this.service = service;
    this.changed = changed;
  }

  Listing listing() {
    return listing;
  }

  void markDirty() {
    dirty = true;
  }

  Duration refresh() throws InterruptedException {
    dirty = false;
    Optional<ListValue> found = fetch();
    Listing before = listing;
    listing = new Listing(found.orElse(ListValue.EMPTY), found.isEmpty());
    if (!listing.equals(before)) {
      changed.run();
    }
    if (found.isPresent()) {
      backoff.succeeded();
      return dirty ? Duration.ZERO : REFRESH;
    }
    return backoff.failed();
  }

  private Optional<ListValue> fetch() throws InterruptedException {
    GroupVersion wanted = service.state().apiService().groupVersion();
    MultiMap headers = HttpHeaders.headers().add("Accept", ACCEPT);
    if (!etag.isEmpty()) {
      headers.add("If-None-Match", etag);
    }
    Optional<BackendClient.Answer> answer = service.ask("/apis", ApiService.AGGREGATOR, headers, TIMEOUT);
    if (answer.isEmpty() || answer.get().code() == 503) {
      return Optional.empty();
    }
    if (answer.get().code() == 304 && !etag.isEmpty()) {
      return Optional.of(known.getOrDefault(wanted, ListValue.EMPTY));
    }
    if (answer.get().code() == 200 && isAggregated(answer.get().header("Content-Type"))) {
      ObjectValue document = object(answer.get());
      if (document == null) {
        return Optional.empty();
      }
      known = aggregated(document);
      etag = answer.get().header("ETag");
      return Optional.of(known.getOrDefault(wanted, ListValue.EMPTY));
    }
    return fetchPlain();
  }

  private Optional<ListValue> fetchPlain() throws InterruptedException {
    MultiMap headers = HttpHeaders.headers().add("Accept", "application/json");
    Optional<BackendClient.Answer> answer =
        service.ask(service.state().apiService().discoveryPath(), PLAIN_USER, headers, TIMEOUT);
    if (answer.isEmpty() || answer.get().code() != 200) {
      return Optional.empty();
    }
    ObjectValue document = object(answer.get());
    return document == null ? Optional.empty() : ResourceListings.ofPlain(document.list("resources").objects());
  }

  private static boolean isAggregated(String contentType) {
    var parameters = new HashMap<String, String>();
    for (String part : contentType.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(part.substring(0, equals).strip().toLowerCase(Locale.ROOT), part.substring(equals + 1).strip());
      }
    }
    return "apidiscovery.k8s.io".equals(parameters.get("g"))
        && List.of("v2", "v2beta1").contains(parameters.getOrDefault("v", ""))
        && "APIGroupDiscoveryList".equals(parameters.get("as"));
  }

  private static @Nullable ObjectValue object(BackendClient.Answer answer) {
    try {
      Value value = JsonReader.read(answer.body().getBytes());
      return value instanceof ObjectValue object ? object : null;
    } catch (RuntimeException _) {
      return null;
    }
  }

  private static Map<GroupVersion, ListValue> aggregated(ObjectValue document) {
    var found = new HashMap<GroupVersion, ListValue>();
    for (ObjectValue group : document.list("items").objects()) {
      for (ObjectValue version : group.list("versions").objects()) {
        found.put(
            new GroupVersion(group.string("metadata", "name"), version.string("version")),
            ResourceListings.ofAggregated(version.list("resources").objects()));
      }
    }
    return Map.copyOf(found);
  }
}
