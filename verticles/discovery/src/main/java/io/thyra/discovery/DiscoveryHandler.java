package io.thyra.discovery;

import io.thyra.codec.Accepted;
import io.thyra.codec.Endpoint;
import io.thyra.codec.Format;
import io.thyra.codec.MediaType;
import io.thyra.codec.Negotiation;
import io.thyra.model.GroupVersion;
import io.thyra.model.Query;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers `/api`, `/apis` and what lies right below them. Owned by the discovery context, which alone replaces the snapshot.
final class DiscoveryHandler {
  private static final String AGGREGATED = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final DiscoverySource source;
  private final String externalAddress;
  private volatile @Nullable DiscoverySnapshot latest;

  DiscoveryHandler(DiscoverySource source, String externalAddress) {
    this.source = source;
    this.externalAddress = externalAddress;
  }

  DiscoverySnapshot snapshot() {
    DiscoverySnapshot known = latest;
    long revision = source.revision();
    if (known == null || known.revision() != revision) {
      known = new DiscoverySnapshot(revision, source.groupVersions(), externalAddress);
      latest = known;
    }
    return known;
  }

  /// @param segments those of the path, the first being `api` or `apis`
  ApiResponse handle(ApiRequest request, List<String> segments) {
    DiscoverySnapshot snapshot = snapshot();
    boolean core = segments.getFirst().equals("api");
    return switch (segments.size()) {
      case 1 -> root(request, snapshot, core);
      case 2 -> core ? version(request, snapshot, new GroupVersion("", segments.get(1))) : group(request, snapshot, segments.get(1));
      case 3 -> {
        var groupVersion = new GroupVersion(core ? "" : segments.get(1), segments.get(2));
        if (core || snapshot.findVersion(groupVersion).isEmpty() && !knows(snapshot, segments.get(1))) {
          yield core ? unknown() : Replies.noPage();
        }
        yield version(request, snapshot, groupVersion);
      }
      default -> core || knows(snapshot, segments.get(1)) ? unknown() : Replies.noPage();
    };
  }

  /// Whether a group has a router of its own, which groups of custom resources or extension servers alone have not.
  private static boolean knows(DiscoverySnapshot snapshot, String group) {
    return snapshot.groupVersions().stream()
        .anyMatch(v -> v.groupVersion().group().equals(group) && v.origin() == ServedGroupVersion.Origin.BUILTIN);
  }

  private static ApiResponse unknown() {
    throw Replies.noResource().toException();
  }

  private static ApiResponse root(ApiRequest request, DiscoverySnapshot snapshot, boolean core) {
    if (core) {
      Replies.onlyGet(request);
      Negotiation.route(request.accept(), Endpoint.ROUTED_DOCUMENT);
    }
    Format format = aggregated(request.accept());
    if (format == null) {
      return document(request, core ? snapshot.api() : snapshot.apis(), core);
    }
    DiscoverySnapshot.Aggregated aggregated = core ? snapshot.aggregatedApi() : snapshot.aggregatedApis();
    List<String> headers = List.of("ETag", aggregated.etag(), "Vary", "Accept", "Cache-Control", "public");
    if (request.conditions().ifNoneMatch().equals(aggregated.etag())) {
      return new ApiResponse(304, "", List.of(), List.of(), headers);
    }
    var accepted = new Accepted(format, Negotiation.isPretty(wishes(request)), null, "");
    Buffer body = aggregated.document().encode(accepted);
    return new ApiResponse(200, format.mediaType() + AGGREGATED, List.of(body), List.of(), headers);
  }

  /// The format of the first clause that asks for aggregated discovery, null when none does. Other clauses do not count,
  /// however much the client prefers them. Source: apiserver pkg/endpoints/discovery/aggregated/negotiation.go, wrapper.go.
  private static @Nullable Format aggregated(String accept) {
    for (MediaType clause : MediaType.parseAccept(accept)) {
      var parameters = clause.parameters();
      if ("apidiscovery.k8s.io".equals(parameters.get("g"))
          && "v2".equals(parameters.get("v"))
          && "APIGroupDiscoveryList".equals(parameters.get("as"))) {
        for (Format format : Format.values()) {
          if (clause.covers(format)) {
            return format;
          }
        }
      }
    }
    return null;
  }

  private static ApiResponse group(ApiRequest request, DiscoverySnapshot snapshot, String group) {
    Optional<Document> document = snapshot.findGroup(group);
    return document.isPresent() ? document(request, document.get(), false) : Replies.noPage();
  }

  /// The lists of built-in group versions stand behind the router, those of custom resources do not.
  private static ApiResponse version(ApiRequest request, DiscoverySnapshot snapshot, GroupVersion groupVersion) {
    Optional<Document> document = snapshot.findVersion(groupVersion);
    if (document.isEmpty()) {
      return unknown();
    }
    boolean routed = snapshot.findServed(groupVersion).orElseThrow().origin() != ServedGroupVersion.Origin.CUSTOM;
    if (routed) {
      Replies.onlyGet(request);
    }
    return document(request, document.get(), routed);
  }

  private static ApiResponse document(ApiRequest request, Document document, boolean routed) {
    Accepted accepted = Negotiation.answer(wishes(request), routed ? Endpoint.ROUTED_DOCUMENT : Endpoint.DOCUMENT);
    return ApiResponse.of(200, accepted.format().mediaType(), document.encode(accepted));
  }

  static Negotiation.Wishes wishes(ApiRequest request) {
    Query query = Query.ofRequest(request.rawQuery());
    return new Negotiation.Wishes(request.accept(), query.has("pretty") ? query.first("pretty") : null, request.userAgent());
  }
}
