package io.thyra.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFollowerTest {
  @TempDir Path folder;
  private Path certificate;
  private Path key;
  private final List<String> read = new ArrayList<>();
  private final FileFollower follower = new FileFollower();

  @BeforeEach
  void write() throws IOException {
    certificate = Files.writeString(folder.resolve("a.crt"), "1");
    key = Files.writeString(folder.resolve("a.key"), "1");
    follower.follow(
        List.of(certificate, key),
        () -> {
          String pair = Files.readString(certificate) + Files.readString(key);
          if (pair.contains("bad")) {
            throw new IOException("bad pair");
          }
          read.add(pair);
        });
  }

  @Test
  void readsFilesAgainWhenTheirContentsChange() throws IOException {
    follower.look();
    assertThat(read).isEmpty();
    Files.writeString(key, "2");
    follower.look();
    follower.look();
    assertThat(read).containsExactly("12");
  }

  @Test
  void triesAgainWhatCouldNotBeUsed() throws IOException {
    Files.writeString(key, "bad");
    follower.look();
    Files.writeString(key, "3");
    follower.look();
    assertThat(read).containsExactly("13");
  }

  @Test
  void waitsForFilesThatAreBeingReplaced() throws IOException {
    Files.delete(key);
    follower.look();
    Files.writeString(key, "4");
    follower.look();
    assertThat(read).containsExactly("14");
  }
}
