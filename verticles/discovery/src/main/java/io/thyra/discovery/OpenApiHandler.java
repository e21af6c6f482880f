package io.thyra.discovery;

import io.thyra.codec.JsonWriter;
import io.thyra.codec.MediaType;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.model.Value;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Answers `/openapi/v2` and `/openapi/v3`. Its methods may take a second, so they belong on a worker.
/// Source: kube-openapi pkg/handler, pkg/handler3; kube-aggregator pkg/controllers/openapiv3.
final class OpenApiHandler {
  private static final String JSON = "application/json";

  private final OpenApiDocuments documents;
  private final InstantSource clock;

  OpenApiHandler(OpenApiDocuments documents, InstantSource clock) {
    this.documents = documents;
    this.clock = clock;
  }

  ApiResponse v2(ApiRequest request, DiscoverySnapshot snapshot) {
    var headers = new ArrayList<>(List.of("Vary", "Accept-Encoding", "Vary", "Accept"));
    String type = negotiate(request.accept(), "com.github.proto-openapi.spec.v2");
    if (type == null) {
      return new ApiResponse(406, "", List.of(), List.of(), headers);
    }
    OpenApiDocuments.Form form = documents.v2(snapshot);
    Buffer body = type.equals(JSON) ? form.json() : form.protobuf();
    boolean packs = type.equals(JSON) && request.conditions().range().isEmpty() && request.conditions().acceptEncoding().contains("gzip");
    ApiResponse answer = Content.serve(request, type, packs ? form.packed() : body, '"' + form.etag() + '"', form.modified(), headers);
    if (!packs || answer.code() != 200) {
      return answer;
    }
    var packed = new ArrayList<>(answer.headers());
    packed.addAll(List.of("Content-Encoding", "gzip"));
    return new ApiResponse(answer.code(), answer.contentType(), answer.pieces(), answer.warnings(), packed);
  }

  /// The list of documents; upstream forgets to say that it is JSON.
  ApiResponse index(DiscoverySnapshot snapshot) {
    var paths = new TreeMap<String, ObjectValue>();
    documents.index(snapshot).forEach((path, hash) -> paths.put(path, ObjectValue.of("serverRelativeURL", Value.of(url(path, hash)))));
    paths.putAll(documents.remoteIndex());
    byte[] body = JsonWriter.write(ObjectValue.of("paths", ObjectValue.of(paths)));
    return ApiResponse.of(200, Replies.PLAIN, Buffer.buffer(body));
  }

  private static String url(String path, String hash) {
    return "/openapi/v3/" + path + "?hash=" + hash;
  }

  /// @param path below `/openapi/v3/`
  ApiResponse v3(ApiRequest request, DiscoverySnapshot snapshot, String path) {
    Optional<OpenApiDocuments.Form> found = documents.findV3(snapshot, path);
    if (found.isEmpty()) {
      return Replies.empty(404);
    }
    OpenApiDocuments.Form form = found.get();
    var headers = new ArrayList<>(List.of("Vary", "Accept"));
    String type = negotiate(request.accept(), "com.github.proto-openapi.spec.v3");
    if (type == null) {
      return new ApiResponse(406, "", List.of(), List.of(), headers);
    }
    String hash = Query.ofRequest(request.rawQuery()).first("hash");
    if (!hash.isEmpty() && !hash.equals(form.etag())) {
      headers.addAll(List.of("ETag", '"' + form.etag() + '"', "Location", url(path, form.etag())));
      return new ApiResponse(301, type, List.of(), List.of(), headers);
    }
    if (!hash.isEmpty()) {
      // The text of a hash never changes: as long as HTTP allows.
      var year = clock.instant().atOffset(ZoneOffset.UTC).plusYears(1);
      headers.addAll(List.of("Cache-Control", "public, immutable", "Expires", DateTimeFormatter.RFC_1123_DATE_TIME.format(year)));
    }
    Buffer body = type.equals(JSON) ? form.json() : form.protobuf();
    return Content.serve(request, type, body, '"' + form.etag() + '"', form.modified(), headers);
  }

  /// The type that answers; null when nothing fits. The protobuf types have a name with an at sign, too.
  private static @Nullable String negotiate(String accept, String protobuf) {
    for (MediaType clause : MediaType.parseAccept(accept.isEmpty() ? "*/*" : accept)) {
      if (!clause.type().equals("application") && !clause.type().equals("*")) {
        continue;
      }
      if (clause.subtype().equals("json") || clause.subtype().equals("*")) {
        return JSON;
      }
      if (clause.subtype().equals(protobuf + "@v1.0+protobuf") || clause.subtype().equals(protobuf + ".v1.0+protobuf")) {
        return "application/" + protobuf + ".v1.0+protobuf";
      }
    }
    return null;
  }
}
