package io.thyra.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few seconds whether files have other contents, and has them read again. What cannot be read or used leaves the
/// old contents in force, and is tried again at the next look. The files are small: certificates and keys.
/// Source: apiserver pkg/server/dynamiccertificates.
final class FileFollower implements AutoCloseable {
  /// Reads the files again.
  @FunctionalInterface
  interface Reload {
    /// @throws IOException when they are of no use
    void run() throws IOException;
  }

  private static final class Followed {
    private final List<Path> files;
    private final Reload reload;
    private List<byte[]> known;

    private Followed(List<Path> files, Reload reload) {
      this.files = files;
      this.reload = reload;
      List<byte[]> now = contents(files);
      this.known = now == null ? List.of() : now;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(FileFollower.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final List<Followed> followed = new CopyOnWriteArrayList<>();
  private @Nullable Thread thread;

  /// Files that belong together, such as a certificate and its key.
  void follow(List<Path> files, Reload reload) {
    followed.add(new Followed(List.copyOf(files), reload));
  }

  void start() {
    thread = Thread.ofVirtual().name("files").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        look();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /// One look at all files.
  void look() {
    for (Followed each : followed) {
      List<byte[]> now = contents(each.files);
      if (now == null || same(now, each.known)) {
        continue;
      }
      try {
        each.reload.run();
        each.known = now;
        LOG.info("reloaded, files={}", each.files);
      } catch (IOException | RuntimeException e) {
        LOG.warn("files changed and cannot be used, files={}: {}", each.files, e.getMessage());
      }
    }
  }

  /// Null while one of them cannot be read, as in the middle of a replacement.
  private static @Nullable List<byte[]> contents(List<Path> files) {
    try {
      var all = new byte[files.size()][];
      for (int i = 0; i < all.length; i++) {
        all[i] = Files.readAllBytes(files.get(i));
      }
      return Arrays.asList(all);
    } catch (IOException _) {
      return null;
    }
  }

  private static boolean same(List<byte[]> some, List<byte[]> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!Arrays.equals(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
