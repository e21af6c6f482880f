package io.thyra.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// The HTTP API under the identity of a kubeconfig, for what no Kubernetes client would do.
final class Api implements AutoCloseable {
  /// An answer: its status and its body.
  record Answer(int status, String body) {
    JsonNode json() throws IOException {
      return Output.JSON.readTree(body);
    }
  }

  private final Kubeconfig kubeconfig;
  private final HttpClient http;

  Api(Kubeconfig kubeconfig) {
    this.kubeconfig = kubeconfig;
    this.http = HttpClient.newBuilder().sslContext(kubeconfig.tls()).connectTimeout(Duration.ofSeconds(5)).build();
  }

  Answer get(String path) throws IOException {
    return send("GET", path, "", "");
  }

  Answer post(String path, String json) throws IOException {
    return send("POST", path, json, "application/json");
  }

  Answer put(String path, String json) throws IOException {
    return send("PUT", path, json, "application/json");
  }

  Answer delete(String path) throws IOException {
    return send("DELETE", path, "", "");
  }

  /// Sends a request and waits up to 30 s for the whole answer. Throws when there was none: then nothing is known of its effect.
  Answer send(String method, String path, String body, String type) throws IOException {
    var request =
        HttpRequest.newBuilder(kubeconfig.server().resolve(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    kubeconfig.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    try {
      HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
