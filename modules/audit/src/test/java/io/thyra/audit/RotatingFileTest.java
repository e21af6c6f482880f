package io.thyra.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
  private static final byte[] LINE = "0123456789\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-31T23:59:59Z");
  private final InstantSource clock = () -> now;

  private RotatingFile open(long bytesMax, Duration age, int count, boolean compress) throws IOException {
    return RotatingFile.open(folder.resolve("logs/audit.log"), new RotatingFile.Rules(bytesMax, age, count, compress), clock);
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder.resolve("logs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void putsAFullFileAsideUnderANameWithTheTime() throws IOException {
    try (RotatingFile file = open(25, Duration.ZERO, 0, false)) {
      for (int i = 0; i < 5; i++) {
        file.write(LINE);
      }
    }
    assertThat(files()).containsExactly("audit-2026-01-31T23-59-59.000.log", "audit-2026-01-31T23-59-59.001.log", "audit.log");
    assertThat(folder.resolve("logs/audit-2026-01-31T23-59-59.000.log")).hasSize(22);
    assertThat(folder.resolve("logs/audit.log")).hasSize(11);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("logs/audit.log")))).isEqualTo("rw-------");
  }

  @Test
  void continuesAFileThatIsThere() throws IOException {
    open(1000, Duration.ZERO, 0, false).close();
    for (int i = 0; i < 2; i++) {
      try (RotatingFile file = open(1000, Duration.ZERO, 0, false)) {
        file.write(LINE);
      }
    }
    assertThat(folder.resolve("logs/audit.log")).hasSize(22);
  }

  @Test
  void deletesWhatIsTooOldOrTooMuch() throws IOException {
    try (RotatingFile file = open(11, Duration.ofDays(2), 2, false)) {
      for (int i = 0; i < 6; i++) {
        file.write(LINE);
        now = now.plus(Duration.ofDays(1));
      }
    }
    assertThat(files()).containsExactly("audit-2026-02-04T23-59-59.000.log", "audit-2026-02-05T23-59-59.000.log", "audit.log");
  }

  @Test
  void packsOldFiles() throws IOException {
    try (RotatingFile file = open(11, Duration.ZERO, 0, true)) {
      file.write(LINE);
      file.write(LINE);
    }
    assertThat(files()).containsExactly("audit-2026-01-31T23-59-59.000.log.gz", "audit.log");
  }
}
