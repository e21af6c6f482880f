package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.Authenticator;
import io.thyra.model.UserInfo;
import io.thyra.wire.ApiResponse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
  private final TestIngress ingress = new TestIngress();
  private final FakeWatch watch = new FakeWatch(true);

  @BeforeEach
  void start() throws Exception {
    ingress.tls = Tls.of(TestKeys.SERVER.pair.certificate(), TestKeys.SERVER.pair.key());
    ingress.watches = _ -> watch;
    ingress.resources = request -> ApiResponse.of(200, "text/x", Buffer.buffer(request.user().name()));
    ingress.authenticator =
        credentials -> {
          String name =
              credentials.certificates().isEmpty()
                  ? UserInfo.ANONYMOUS
                  : credentials.certificates().getFirst().getSubjectX500Principal().getName();
          return Optional.of(Authenticator.Authenticated.of(new UserInfo(name, "", List.of())));
        };
    ingress.start();
  }

  @AfterEach
  void stop() throws Exception {
    ingress.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void showsTheClientsCertificate(HttpVersion version) throws Exception {
    HttpClientResponse response = get(client(version, true), "/api/v1/pods");
    assertThat(response.version()).isEqualTo(version);
    assertThat(TestIngress.await(body(response)).toString()).isEqualTo("CN=localhost");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void doesNotAskForOneByForce(HttpVersion version) throws Exception {
    HttpClientResponse response = get(client(version, false), "/api/v1/pods");
    assertThat(TestIngress.await(body(response)).toString()).isEqualTo(UserInfo.ANONYMOUS);
  }

  @Test
  void closesHttp2ConnectionsOfStrangers() throws Exception {
    var closed = new CompletableFuture<Boolean>();
    HttpClient client =
        ingress
            .vertx
            .httpClientBuilder()
            .with(options(HttpVersion.HTTP_2))
            .withConnectHandler(connection -> connection.closeHandler(_ -> closed.complete(true)))
            .build();
    assertThat(TestIngress.await(body(get(client, "/api/v1/pods"))).toString()).isEqualTo(UserInfo.ANONYMOUS);
    assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void streamsWatchesOverHttp2() throws Exception {
    HttpClientResponse response = get(client(HttpVersion.HTTP_2, true), "/api/v1/pods?watch=1");
    var first = new CompletableFuture<String>();
    response.handler(frame -> first.complete(frame.toString()));
    response.resume();
    watch.add("{\"type\":\"ADDED\"}");
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("{\"type\":\"ADDED\"}\n");
    watch.finish();
    TestIngress.await(response.end());
    watch.awaitClosed();
  }

  @Test
  void letsWatchesGoWhenAStreamIsReset() throws Exception {
    HttpClientResponse response = get(client(HttpVersion.HTTP_2, true), "/api/v1/pods?watch=1");
    response.request().reset();
    watch.awaitClosed();
  }

  private HttpClientResponse get(HttpClient client, String uri) throws Exception {
    HttpClientResponse response =
        TestIngress.await(
            client
                .request(HttpMethod.GET, ingress.port(), "127.0.0.1", uri)
                .compose(HttpClientRequest::send)
                // Nothing may pass before the test has its handlers set.
                .map(HttpClientResponse::pause));
    return response;
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    Future<Buffer> body = response.body();
    response.resume();
    return body;
  }

  private HttpClient client(HttpVersion version, boolean certificate) {
    HttpClientOptions options = options(version);
    if (certificate) {
      options.setKeyCertOptions(
          new PemKeyCertOptions().addCertValue(TestKeys.SERVER.pair.certificate()).addKeyValue(TestKeys.SERVER.pair.key()));
    }
    return ingress.vertx.createHttpClient(options);
  }

  private static HttpClientOptions options(HttpVersion version) {
    return new HttpClientOptions().setProtocolVersion(version).setSsl(true).setUseAlpn(true).setTrustAll(true).setVerifyHost(false);
  }
}
