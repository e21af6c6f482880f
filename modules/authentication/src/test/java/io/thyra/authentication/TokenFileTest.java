package io.thyra.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  @TempDir Path dir;

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("tokens.csv"), text);
  }

  @Test
  void findsTheUserOfATokenWithItsGroups() throws IOException {
    TokenFile tokens = TokenFile.read(file("t1,alice,u1,\"dev,ops\"\nt2,bob,u2\n"), List.of("here"));
    assertThat(tokens.authenticate("t1", List.of()).orElseThrow().user().groups()).containsExactly("dev", "ops");
    assertThat(tokens.authenticate("t2", List.of()).orElseThrow().user().name()).isEqualTo("bob");
    assertThat(tokens.authenticate("t", List.of())).isEmpty();
  }

  @Test
  void refusesALineWithTooFewColumns() throws IOException {
    Path file = file("t1,alice\n");
    assertThatThrownBy(() -> TokenFile.read(file, List.of())).hasMessageContaining("must have at least 3 columns");
  }
}
