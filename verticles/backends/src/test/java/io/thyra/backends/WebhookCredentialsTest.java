package io.thyra.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookCredentialsTest {
  @TempDir private Path folder;

  @Test
  void picksTheUserThatNamesAWebhookMostClosely() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("config"),
            """
            users:
            - {name: 'hook.ns.svc', user: {token: own}}
            - {name: 'other.ns.svc:8443', user: {username: u, password: p}}
            - {name: '*.ns.svc', user: {tokenFile: token}}
            - {name: '*', user: {token: any}}
            """);
    Files.writeString(folder.resolve("token"), "kept\n");
    WebhookCredentials credentials = WebhookCredentials.read(file);
    assertThat(credentials.of("hook.ns.svc:443").authorization()).isEqualTo("Bearer own");
    assertThat(credentials.of("other.ns.svc:8443").authorization()).isEqualTo("Basic dTpw");
    assertThat(credentials.of("third.ns.svc:443").authorization()).isEqualTo("Bearer kept");
    assertThat(credentials.of("127.0.0.1:9").authorization()).isEqualTo("Bearer any");
    assertThat(WebhookCredentials.NONE.of("hook.ns.svc:443").authorization()).isEmpty();
  }

  @Test
  void refusesAFileThatItCannotRead() {
    assertThatThrownBy(() -> WebhookCredentials.read(folder.resolve("none"))).isInstanceOf(IOException.class);
  }
}
