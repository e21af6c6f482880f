package io.thyra.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What one watch says, an event as `ADDED name@resourceVersion`, from a version on, for as long as the server keeps it open.
final class WatchedNames implements AutoCloseable {
  private final HttpClient http;
  private final Thread reader;

  // Under the lock of this.
  private final List<String> events = new ArrayList<>();
  private boolean ended;

  WatchedNames(Kubeconfig kubeconfig, String path, String resourceVersion) {
    this.http = HttpClient.newBuilder().sslContext(kubeconfig.tls()).connectTimeout(Duration.ofSeconds(10)).build();
    HttpRequest request = HttpRequest.newBuilder(kubeconfig.server().resolve(path + "?watch=true&resourceVersion=" + resourceVersion)).build();
    this.reader = Thread.ofVirtual().start(() -> read(request));
  }

  private void read(HttpRequest request) {
    try {
      HttpResponse<java.io.InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = Output.JSON.readTree(line);
        JsonNode metadata = event.at("/object/metadata");
        add(event.get("type").asText() + " " + metadata.at("/name").asText() + "@" + metadata.at("/resourceVersion").asText());
      }
    } catch (IOException | InterruptedException _) {
      // The server went, or the test ended it.
    }
    synchronized (this) {
      ended = true;
    }
  }

  private synchronized void add(String event) {
    events.add(event);
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  synchronized boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    reader.interrupt();
    http.shutdownNow();
  }
}
