package io.thyra.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
  private final CertificateMint mint = new CertificateMint(Clock.systemUTC(), new SecureRandom());

  @TempDir Path dir;

  private Pki open() throws IOException {
    var serving =
        new ServerConfig.Serving(
            "127.0.0.1", 6443, Optional.empty(), Optional.empty(), dir, true, 0, "", List.of(), false, false, Optional.empty());
    return Pki.open(dir, serving, Pki.hosts("127.0.0.1", "10.96.0.1"), mint);
  }

  @Test
  void keepsEverythingFromOthers() throws IOException {
    open();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------");
      }
    }
  }

  @Test
  void keepsWhatItMadeBefore() throws IOException {
    Pki first = open();
    String certificate = Files.readString(first.servingCertificate());
    assertThat(Files.readString(open().servingCertificate())).isEqualTo(certificate);
  }

  @Test
  void writesAKubeconfigForTheAdmin() throws IOException {
    assertThat(Files.readString(open().kubeconfig())).contains("server: https://127.0.0.1:6443");
  }
}
