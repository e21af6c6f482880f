package io.thyra.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.backends.Links;
import io.thyra.backends.Passage;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.wire.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportTest {
  @TempDir static Path folder;
  private static PfxOptions keys;

  private final Vertx vertx = Vertx.vertx();
  // Clients and servers that nobody holds are closed by the garbage collector.
  private final List<Object> held = new ArrayList<>();

  /// A throw-away pair, minted by the JDK's keytool.
  @BeforeAll
  static void mint() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "k", "-keyalg", "EC", "-groupname",
                "secp256r1", "-dname", "CN=ext", "-validity", "2", "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    keys = new PfxOptions().setPath(store.toString()).setPassword("changeit");
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private <T> T hold(T used) {
    held.add(used);
    return used;
  }

  private HttpServer server(boolean http2) throws Exception {
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0).setSsl(true).setKeyCertOptions(keys).setUseAlpn(http2);
    return await(
        hold(vertx.createHttpServer(options))
            .requestHandler(request -> request.response().end(request.version() + " " + request.authority()))
            .listen());
  }

  private Transport transport() throws Exception {
    return hold(Transport.of(vertx, new Transport.Key("ext.ns.svc", "", true, Optional.empty())));
  }

  private String ask(HttpServer server) throws Exception {
    Transport transport = transport();
    var address = new Address("127.0.0.1", server.actualPort());
    return await(
        transport
            .request(address, HttpMethod.GET, "/", HttpHeaders.headers())
            .compose(request -> request.send().compose(HttpClientResponse::body))
            .map(Buffer::toString));
  }

  @Test
  void speaksHttp2WithServersThatDo() throws Exception {
    HttpServer server = server(true);
    assertThat(ask(server)).isEqualTo(HttpVersion.HTTP_2 + " 127.0.0.1:" + server.actualPort());
  }

  @Test
  void speaksHttp11WithTheOthers() throws Exception {
    HttpServer server = server(false);
    assertThat(ask(server)).isEqualTo(HttpVersion.HTTP_1_1 + " 127.0.0.1:" + server.actualPort());
  }

  @Test
  void answersInThePlaceOfAServerThatTakesTooLong() throws Exception {
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0).setSsl(true).setKeyCertOptions(keys).setUseAlpn(true);
    HttpServer silent = await(hold(vertx.createHttpServer(options)).requestHandler(_ -> {}).listen());
    Transport transport = transport();
    var address = new Address("127.0.0.1", silent.actualPort());
    HttpServer front =
        await(
            hold(vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0)))
                .requestHandler(
                    request -> {
                      request.pause();
                      var terms =
                          new Routes.Proxy.Terms(100, () -> request.response().setStatusCode(504).end("too late"), () -> {});
                      var way = new Passage.Way(transport, address, "/", HttpHeaders.headers(), Links.to(address.text()), true);
                      new Passage(vertx, request, way, _ -> {}).go(false, terms);
                    })
                .listen());
    HttpClientResponse answer =
        await(hold(vertx.createHttpClient()).request(HttpMethod.GET, front.actualPort(), "127.0.0.1", "/").compose(request -> request.send()));
    assertThat(answer.statusCode()).isEqualTo(504);
  }
}
