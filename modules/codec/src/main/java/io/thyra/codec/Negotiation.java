package io.thyra.codec;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses representations from request headers as upstream does: its router first, where there is one, then its handlers;
/// each refuses in words of its own. Of a repeated header upstream sees the first.
/// Source: apiserver pkg/endpoints/handlers/negotiation, rest.go; go-restful route.go and jsr311.go.
public final class Negotiation {
  private static final String ALL = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
  private static final String STREAMS = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

  /// The headers and the parameter that decide about an answer.
  ///
  /// @param accept the Accept header, empty when absent
  /// @param pretty the first `pretty` query parameter, null when absent
  /// @param userAgent the User-Agent header, empty when absent
  public record Wishes(String accept, @Nullable String pretty, String userAgent) {
    public static final Wishes NONE = new Wishes("", null, "");
  }

  private Negotiation() {}

  /// What an ordinary answer looks like.
  ///
  /// @throws ApiException 406 when nothing of what is asked for can be had
  public static Accepted answer(Wishes wishes, Endpoint endpoint) {
    route(wishes.accept(), endpoint);
    Accepted accepted = choose(wishes, endpoint, List.of(Format.values()));
    if (accepted == null) {
      throw notAcceptable(ALL);
    }
    return accepted;
  }

  /// What the events of a watch look like. A watch is refused to those who accept only YAML first; whoever accepts nothing
  /// that there is learns what there is of objects.
  ///
  /// @throws ApiException 406 when nothing of what is asked for can be had
  public static Accepted stream(Wishes wishes, Endpoint endpoint) {
    route(wishes.accept(), endpoint);
    Accepted accepted = choose(wishes, endpoint, List.of(Format.values()));
    if (accepted == null) {
      throw notAcceptable(ALL);
    }
    if (!accepted.format().streams()) {
      throw notAcceptable(STREAMS);
    }
    return accepted;
  }

  /// What a Status looks like. An error is never hidden behind a refusal: where nothing fits it is indented JSON.
  public static Accepted error(Wishes wishes) {
    Accepted accepted = choose(wishes, Endpoint.DOCUMENT, List.of(Format.values()));
    return accepted == null ? new Accepted(Format.JSON, true, null, "") : accepted;
  }

  /// The format of a body; JSON where the header is empty.
  ///
  /// @throws ApiException 415 for a type that is not known
  public static Format body(String contentType) {
    if (contentType.isEmpty()) {
      return Format.JSON;
    }
    String bare = MediaType.contentType(contentType);
    Format format = bare == null ? null : Format.of(bare);
    if (format == null) {
      throw unknownBody(ALL);
    }
    return format;
  }

  /// The format of a PATCH body.
  ///
  /// @param custom whether a custom resource is patched: no strategic merge patch, no router in front
  /// @throws ApiException 415 for a type that is not known
  public static PatchFormat patch(String contentType, boolean custom) {
    List<PatchFormat> formats = custom ? PatchFormat.OF_CUSTOM_RESOURCES : PatchFormat.OF_BUILTINS;
    if (!custom && !routesPatch(contentType, formats)) {
      throw routerFailure(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    }
    int semicolon = contentType.indexOf(';');
    String bare = semicolon > 0 ? contentType.substring(0, semicolon) : contentType;
    for (PatchFormat format : formats) {
      if (format.mediaType().equals(bare)) {
        return format;
      }
    }
    throw unknownBody(PatchFormat.listed(formats));
  }

  /// Whether `pretty` or the kind of client asks for indented JSON.
  public static boolean isPretty(Wishes wishes) {
    String pretty = wishes.pretty();
    if (pretty != null && !pretty.isEmpty()) {
      return switch (pretty) {
        case "1", "t", "T", "true", "TRUE", "True" -> true;
        default -> false;
      };
    }
    String agent = wishes.userAgent();
    return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
  }

  private static @Nullable Accepted choose(Wishes wishes, Endpoint endpoint, List<Format> formats) {
    if (wishes.accept().isEmpty()) {
      return new Accepted(Format.JSON, isPretty(wishes), null, "");
    }
    for (MediaType clause : MediaType.parseAccept(wishes.accept())) {
      for (Format format : formats) {
        if (clause.covers(format)) {
          Accepted accepted = accept(clause, format, wishes, endpoint);
          if (accepted != null) {
            return accepted;
          }
        }
      }
    }
    return null;
  }

  private static @Nullable Accepted accept(MediaType clause, Format format, Wishes wishes, Endpoint endpoint) {
    var parameters = clause.parameters();
    String stream = parameters.getOrDefault("stream", "");
    if (!stream.isEmpty() && (!format.streams() || !stream.equals("watch"))) {
      return null;
    }
    String serverVersion = parameters.getOrDefault("sv", "");
    if (!serverVersion.isEmpty() && (endpoint.document() || !serverVersion.equals("v1"))) {
      return null;
    }
    boolean transforms = parameters.containsKey("as") || parameters.containsKey("g") || parameters.containsKey("v");
    Transform transform = null;
    if (transforms) {
      transform = transform(clause, format, endpoint);
      if (transform == null) {
        return null;
      }
    } else if (!endpoint.formats().contains(format)) {
      return null;
    }
    boolean pretty = "1".equals(parameters.get("pretty")) || isPretty(wishes);
    return new Accepted(format, pretty, transform, parameters.getOrDefault("profile", ""));
  }

  private static @Nullable Transform transform(MediaType clause, Format format, Endpoint endpoint) {
    String version = clause.parameters().getOrDefault("v", "");
    if (endpoint.document() || !"meta.k8s.io".equals(clause.parameters().get("g"))
        || !version.equals("v1") && !version.equals("v1beta1")) {
      return null;
    }
    String as = clause.parameters().getOrDefault("as", "");
    for (Transform.Kind kind : Transform.Kind.values()) {
      if (kind.word().equals(as) && (kind != Transform.Kind.TABLE || endpoint.tables() && format != Format.PROTOBUF)) {
        return new Transform(kind, version);
      }
    }
    return null;
  }

  /// Upstream's router compares types without parameters, knows `*/*` but no `application/*`, and ignores qualities.
  public static void route(String accept, Endpoint endpoint) {
    if (!endpoint.routed() || accept.isEmpty()) {
      return;
    }
    var produced = new ArrayList<String>();
    for (Format format : Format.values()) {
      produced.add(format.mediaType());
    }
    for (String part : splitLikeRouter(accept)) {
      if (part.equals("*/*") || produced.contains(part)) {
        return;
      }
    }
    throw routerFailure(
        406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: " + ALL + (endpoint.lists() ? ", " + STREAMS : ""));
  }

  private static boolean routesPatch(String contentType, List<PatchFormat> formats) {
    for (String part : splitLikeRouter(contentType)) {
      for (PatchFormat format : formats) {
        if (format.mediaType().equals(part)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> splitLikeRouter(String header) {
    var parts = new ArrayList<String>();
    for (String part : header.split(",")) {
      int semicolon = part.indexOf(';');
      String bare = semicolon < 0 ? part : part.substring(0, semicolon);
      parts.add(bare.strip());
    }
    return parts;
  }

  private static ApiException notAcceptable(String accepted) {
    return new Failure.NotAcceptable("only the following media types are accepted: " + accepted).toException();
  }

  private static ApiException unknownBody(String accepted) {
    return new Failure.UnsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: " + accepted)
        .toException();
  }

  /// The router's refusals carry empty details.
  private static ApiException routerFailure(int code, String reason, String message) {
    var details = new Status.Details("", "", "", "", List.of(), 0);
    return new Failure.Told(Status.failure(code, reason, message, details)).toException();
  }
}
