package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import org.junit.jupiter.api.Test;

class WebSocketTest {
  @Test
  void answersTheHandshakeOfTheStandard() {
    MultiMap headers = HttpHeaders.headers().add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==").add("Sec-WebSocket-Version", "13");
    assertThat(WebSocketHeaders.problem(headers)).isEmpty();
    assertThat(WebSocket.head(headers, "p").toString()).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: p\r\n");
    assertThat(WebSocketHeaders.problem(HttpHeaders.headers())).isNotEmpty();
  }

  @Test
  void framesDataOfEveryLength() {
    assertThat(WebSocket.framed(2, Buffer.buffer("hi")).getBytes()).isEqualTo(new byte[] {(byte) 0x82, 2, 'h', 'i'});
    assertThat(WebSocket.framed(2, Buffer.buffer(new byte[126])).getBytes(0, 4)).isEqualTo(new byte[] {(byte) 0x82, 126, 0, 126});
    assertThat(WebSocket.framed(2, Buffer.buffer(new byte[1 << 16])).getBytes(0, 10))
        .isEqualTo(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0});
  }

  @Test
  void turnsAHandshakeIntoARequestForSpdy() {
    MultiMap headers =
        HttpHeaders.headers()
            .add("Connection", "Upgrade")
            .add("Upgrade", "websocket")
            .add("Sec-WebSocket-Key", "x")
            .add("Sec-WebSocket-Version", "13")
            .add("Sec-WebSocket-Protocol", "SPDY/3.1+portforward.k8s.io, other");
    SpdyTunnel.spdyHeaders(headers);
    assertThat(headers.names()).containsExactlyInAnyOrder("Connection", "Upgrade", "X-Stream-Protocol-Version");
    assertThat(headers.get("Upgrade")).isEqualTo("SPDY/3.1");
    assertThat(headers.getAll("X-Stream-Protocol-Version")).containsExactly("portforward.k8s.io");
  }
}
