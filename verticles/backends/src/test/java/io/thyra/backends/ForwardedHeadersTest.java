package io.thyra.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.UserInfo;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForwardedHeadersTest {
  @Test
  void neverForwardsCredentialsOrClaims() {
    MultiMap sent =
        HttpHeaders.headers()
            .add("authorization", "Bearer secret")
            .add("Impersonate-User", "root")
            .add("X-Remote-User", "root")
            .add("x-remote-extra-a", "b")
            .add("X-Remote-Group", "system:masters")
            .add("Sec-WebSocket-Protocol", "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.c2VjcmV0")
            .add("x-custom", "kept");
    MultiMap headers = ForwardedHeaders.ofClient(sent, "id", "192.0.2.1");
    assertThat(headers.names()).containsExactlyInAnyOrder("Sec-Websocket-Protocol", "X-Custom", "Audit-Id", "X-Forwarded-For");
    assertThat(headers.get("Sec-WebSocket-Protocol")).isEqualTo("v5.channel.k8s.io");
  }

  @Test
  void appendsTheClientToThoseBefore() {
    MultiMap headers = ForwardedHeaders.ofClient(HttpHeaders.headers().add("X-Forwarded-For", "203.0.113.9"), "id", "192.0.2.1");
    assertThat(headers.get("X-Forwarded-For")).isEqualTo("203.0.113.9, 192.0.2.1");
  }

  @Test
  void escapesTheKeysOfExtras() {
    MultiMap headers = HttpHeaders.headers();
    ForwardedHeaders.addUser(headers, new UserInfo("u", "", List.of("g1", "g2"), Map.of("scopes/all%", List.of("one", "two"))));
    assertThat(headers.getAll("X-Remote-Group")).containsExactly("g1", "g2");
    assertThat(headers.names()).contains("X-Remote-Extra-Scopes%2fall%25").doesNotContain("X-Remote-Uid");
  }

  @Test
  void dropsWhatConnectionNames() {
    MultiMap headers = HttpHeaders.headers().add("Connection", "close, X-Hop").add("X-Hop", "1").add("Te", "trailers, gzip").add("Upgrade", "x");
    ForwardedHeaders.dropHopByHop(headers);
    assertThat(headers.names()).containsExactly("Te");
    assertThat(headers.get("Te")).isEqualTo("trailers");
  }
}
