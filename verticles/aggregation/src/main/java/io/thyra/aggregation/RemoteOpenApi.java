package io.thyra.aggregation;

import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the server of one APIService describes itself: its index of OpenAPI 3, and its document of OpenAPI 2.
/// Source: kube-aggregator pkg/controllers/openapi, openapiv3.
final class RemoteOpenApi {
  private static final UserInfo USER = new UserInfo("system:aggregator", "", List.of());
  private static final Duration REFRESH = Duration.ofMinutes(1);
  private static final Duration RETRY_MIN = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final RemoteService service;
  private final Runnable changed;
  private final Backoff backoff = new Backoff(RETRY_MIN, REFRESH);
  private volatile ObjectValue index = ObjectValue.EMPTY;
  private volatile @Nullable ObjectValue document;
  // Owned by the thread of the loop, as is the backoff.
  private String etag = "";

  RemoteOpenApi(RemoteService service, Runnable changed) {
    this.service = service;
    this.changed = changed;
  }

  /// The `paths` of its `/openapi/v3`, whatever they name.
  ObjectValue index() {
    return index;
  }

  /// Its `/openapi/v2` as far as it is about the group version; null when there is none.
  @Nullable ObjectValue document() {
    return document;
  }

  Duration refresh() throws InterruptedException {
    ObjectValue indexBefore = index;
    ObjectValue documentBefore = document;
    boolean complete = refreshIndex();
    complete &= refreshDocument();
    ObjectValue told = document;
    if (!index.equals(indexBefore) || (told == null ? documentBefore != null : !told.equals(documentBefore))) {
      changed.run();
    }
    if (complete) {
      backoff.succeeded();
      return REFRESH;
    }
    return backoff.failed();
  }

  private boolean refreshIndex() throws InterruptedException {
    Optional<BackendClient.Answer> answer = service.ask("/openapi/v3", USER, HttpHeaders.headers(), TIMEOUT);
    if (answer.isEmpty() || answer.get().code() != 200) {
      return answer.isPresent() && answer.get().code() == 404;
    }
    return read(answer.get())
        .map(
            read -> {
              index = read.object("paths");
              return true;
            })
        .orElse(false);
  }

  private boolean refreshDocument() throws InterruptedException {
    MultiMap headers = HttpHeaders.headers().add("Accept", "application/json");
    if (!etag.isEmpty()) {
      headers.add("If-None-Match", etag);
    }
    Optional<BackendClient.Answer> answer = service.ask("/openapi/v2", USER, headers, TIMEOUT);
    if (answer.isEmpty()) {
      return false;
    }
    switch (answer.get().code()) {
      case 304 -> {
        return true;
      }
      case 404 -> {
        document = null;
        etag = "";
        return true;
      }
      case 200 -> {
        Optional<ObjectValue> read = read(answer.get());
        read.ifPresent(
            all -> {
              document = filtered(all, service.state().apiService().groupVersion());
              etag = answer.get().header("ETag");
            });
        return read.isPresent();
      }
      default -> {
        return false;
      }
    }
  }

  private static Optional<ObjectValue> read(BackendClient.Answer answer) {
    try {
      return JsonReader.read(answer.body().getBytes()) instanceof ObjectValue object ? Optional.of(object) : Optional.empty();
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  /// The paths below the group version, and all definitions.
  private static ObjectValue filtered(ObjectValue all, GroupVersion groupVersion) {
    String prefix = "/apis/" + groupVersion.apiVersion() + "/";
    var paths = ObjectValue.builder();
    all.object("paths")
        .forEach(
            (path, operations) -> {
              if (path.startsWith(prefix)) {
                paths.put(path, operations);
              }
            });
    return ObjectValue.of("paths", paths.build(), "definitions", all.object("definitions"));
  }
}
