package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final String LINE = "GET /api/v1/pods?watch=1";

  private TestIngress ingress;
  private final FakeWatch watch = new FakeWatch(true);

  @BeforeEach
  void start() throws Exception {
    ingress = new TestIngress();
    ingress.watches = _ -> watch;
    ingress.start();
  }

  @AfterEach
  void stop() throws Exception {
    ingress.close();
  }

  @Test
  void streamsFramesInChunks() throws Exception {
    try (Socket socket = open(LINE)) {
      InputStream in = socket.getInputStream();
      assertThat(until(in, "\r\n\r\n")).startsWith("HTTP/1.1 200 OK").contains("application/json", "chunked", "Audit-Id");
      watch.add("{\"type\":\"ADDED\"}");
      assertThat(until(in, "}\n")).endsWith("{\"type\":\"ADDED\"}\n");
      watch.add("{\"type\":\"DELETED\"}");
      watch.finish();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("{\"type\":\"DELETED\"}\n").endsWith("0\r\n\r\n");
    }
    watch.awaitClosed();
  }

  @Test
  void letsGoWhenTheClientLeaves() throws Exception {
    try (Socket socket = open(LINE)) {
      until(socket.getInputStream(), "\r\n\r\n");
    }
    watch.awaitClosed();
  }

  @Test
  void buffersNoMoreThanTheBoundForAClientThatDoesNotRead() throws Exception {
    for (int i = 0; i < 6400; i++) {
      watch.add("x".repeat(10_000));
    }
    try (Socket socket = open(LINE)) {
      until(socket.getInputStream(), "\r\n\r\n");
      long before = -1;
      // Nothing to wait for but standstill: the pump stops by itself.
      while (before != watch.polledBytes()) {
        before = watch.polledBytes();
        java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
      }
      // What the kernel's buffers hold comes on top of the server's bound.
      assertThat(before).isLessThan(32_000_000L);
    }
    watch.awaitClosed();
  }

  @Test
  void endsWatchesWhenItDrains() throws Exception {
    try (Socket socket = open(LINE)) {
      until(socket.getInputStream(), "\r\n\r\n");
      TestIngress.await(ingress.verticle().drain(Duration.ofSeconds(10)));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).endsWith("0\r\n\r\n");
    }
    watch.awaitClosed();
  }

  @Test
  void servesWebSockets() throws Exception {
    try (Socket socket = open(LINE, handshake("Origin: http://x", "Sec-WebSocket-Protocol: something"))) {
      InputStream in = socket.getInputStream();
      assertThat(until(in, "\r\n\r\n"))
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", "Sec-WebSocket-Protocol: something\r\n");
      watch.add("{\"type\":\"ADDED\"}");
      assertThat(in.readNBytes(18)).startsWith((byte) 0x81, (byte) 16).endsWith("{\"type\":\"ADDED\"}".getBytes(StandardCharsets.US_ASCII));
      // A ping, masked with zeros: it comes back as a pong.
      socket.getOutputStream().write(new byte[] {(byte) 0x89, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
      assertThat(in.readNBytes(4)).containsExactly((byte) 0x8a, (byte) 2, (byte) 'h', (byte) 'i');
      watch.finish();
      assertThat(in.readAllBytes()).containsExactly((byte) 0x88, (byte) 2, (byte) 0x03, (byte) 0xe8);
    }
    watch.awaitClosed();
  }

  @Test
  void turnsWebSocketsWithoutOriginOrOfOtherVersionsAway() throws Exception {
    assertThat(ingress.sendRaw(TestIngress.request(LINE, "alice", "", handshake()).replace("Connection: close\r\n", "")))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
    watch.awaitClosed();
    String old = TestIngress.request(LINE, "alice", "", handshake("Origin: http://x")).replace("Connection: close\r\n", "");
    assertThat(ingress.sendRaw(old.replace("Version: 13", "Version: 8")))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .endsWith("missing or bad WebSocket Version");
  }

  private static String[] handshake(String... more) {
    String[] headers = new String[4 + more.length];
    headers[0] = "Upgrade: websocket";
    headers[1] = "Connection: Upgrade";
    headers[2] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    headers[3] = "Sec-WebSocket-Version: 13";
    System.arraycopy(more, 0, headers, 4, more.length);
    return headers;
  }

  private Socket open(String line, String... headers) throws Exception {
    Socket socket = new Socket("127.0.0.1", ingress.port());
    socket.setSoTimeout(10_000);
    String request = TestIngress.request(line, "alice", "", headers);
    if (headers.length > 0) {
      request = request.replace("Connection: close\r\n", "");
    }
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static String until(InputStream in, String end) throws Exception {
    var out = new StringBuilder();
    while (!out.toString().endsWith(end)) {
      int b = in.read();
      if (b < 0) {
        throw new AssertionError("the connection ended after: " + out);
      }
      out.append((char) b);
    }
    return out.toString();
  }
}
