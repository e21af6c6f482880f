package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.wire.ApiResponse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Large answers that share an HTTP/2 connection all arrive; see docs/adr/0001-http2-large-answers.md.
class Http2LargeAnswersTest {
  private static final int BYTES = 5_000_000;
  private static final int ROUNDS = 20;

  private final TestIngress ingress = new TestIngress();

  @AfterEach
  void stop() throws Exception {
    ingress.close();
  }

  // The stall needed two at a time; the windows are the client's, for a stream and for the connection.
  @ParameterizedTest
  @CsvSource({"2, 65535, 65535", "2, 1048576, 1073741824", "2, 1073741823, 1073741824", "8, 65535, 1048576", "8, 1073741823, 1073741824"})
  void allArrive(int atOnce, int streamWindow, int connectionWindow) throws Exception {
    Buffer body = Buffer.buffer(new byte[BYTES]);
    ingress.resources = _ -> ApiResponse.of(200, "application/json", body);
    ingress.tls = Tls.of(TestKeys.SERVER.pair.certificate(), TestKeys.SERVER.pair.key());
    ingress.start();
    HttpClient client = client(streamWindow, connectionWindow);
    List<Future<Integer>> lanes = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      lanes.add(fetch(client, ROUNDS * 2 / atOnce, 0));
    }
    for (Future<Integer> lane : lanes) {
      assertThat(TestIngress.await(lane)).isEqualTo(ROUNDS * 2 / atOnce * BYTES);
    }
  }

  @Test
  void aSlowReaderDoesNotHoldUpTheOthers() throws Exception {
    Buffer body = Buffer.buffer(new byte[BYTES]);
    ingress.resources = _ -> ApiResponse.of(200, "application/json", body);
    ingress.tls = Tls.of(TestKeys.SERVER.pair.certificate(), TestKeys.SERVER.pair.key());
    ingress.start();
    HttpClient client = client(65_535, 64 * 1024 * 1024);
    Future<HttpClientRequest> stuck = client.request(options());
    TestIngress.await(stuck.compose(HttpClientRequest::send)).pause();
    assertThat(TestIngress.await(fetch(client, 4, 0))).isEqualTo(4 * BYTES);
  }

  private Future<Integer> fetch(HttpClient client, int times, int got) {
    if (times == 0) {
      return Future.succeededFuture(got);
    }
    return client
        .request(options())
        .compose(HttpClientRequest::send)
        .compose(
            response -> {
              int[] bytes = {0};
              response.handler(piece -> bytes[0] += piece.length());
              return response.end().map(_ -> bytes[0]);
            })
        .compose(bytes -> fetch(client, times - 1, got + bytes));
  }

  private RequestOptions options() {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setHost("127.0.0.1")
        .setPort(ingress.port())
        .setURI("/api/v1/pods")
        .putHeader("Authorization", "Bearer alice");
  }

  private HttpClient client(int streamWindow, int connectionWindow) {
    return ingress.vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setSsl(true)
            .setUseAlpn(true)
            .setTrustAll(true)
            .setVerifyHost(false)
            .setHttp2ConnectionWindowSize(connectionWindow)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(streamWindow)),
        new PoolOptions().setHttp2MaxSize(1));
  }
}
