package io.thyra.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file that is put aside under a name with the time when it is full. Old ones are deleted when they are too many or too
/// old, and packed if that is asked for. Files are for their owner's eyes alone. Used by one thread.
///
/// Names are those that upstream's library gives: `audit-2026-01-31T23-59-59.000.log`, in UTC.
public final class RotatingFile implements LogOutput {
  private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT);
  private static final int BUFFER_BYTES = 64 * 1024;

  /// @param bytesMax of a file, 0 for no end
  /// @param age how long old files are kept, zero for ever
  /// @param count how many old files are kept, 0 for all
  public record Rules(long bytesMax, Duration age, int count, boolean compress) {}

  private record Old(Path file, Instant time) {}

  private final Path file;
  private final Path folder;
  private final String stem;
  private final String extension;
  private final Rules rules;
  private final InstantSource clock;
  private OutputStream out;
  private long size;

  private RotatingFile(Path file, Rules rules, InstantSource clock) throws IOException {
    this.file = file.toAbsolutePath();
    this.folder = this.file.getParent();
    String name = this.file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    this.stem = dot < 0 ? name : name.substring(0, dot);
    this.extension = dot < 0 ? "" : name.substring(dot);
    this.rules = rules;
    this.clock = clock;
    this.out = openFile();
  }

  /// Opens a file to append to, with the folders that lead to it.
  public static RotatingFile open(Path file, Rules rules, InstantSource clock) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return new RotatingFile(file, rules, clock);
  }

  private OutputStream openFile() throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    size = Files.size(file);
    return new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND), BUFFER_BYTES);
  }

  @Override
  public void write(byte[] line) throws IOException {
    if (rules.bytesMax > 0 && size > 0 && size + line.length > rules.bytesMax) {
      rotate();
    }
    out.write(line);
    size += line.length;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void rotate() throws IOException {
    out.close();
    Files.move(file, asideName());
    out = openFile();
    try {
      tidy();
    } catch (IOException e) {
      LOG.warn("old audit logs were not tidied up, folder={}", folder, e);
    }
  }

  /// Of two rotations in one millisecond the second takes the next one's name.
  private Path asideName() {
    LocalDateTime time = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    Path aside = folder.resolve(stem + "-" + STAMP.format(time) + extension);
    while (Files.exists(aside)) {
      time = time.plusNanos(1_000_000);
      aside = folder.resolve(stem + "-" + STAMP.format(time) + extension);
    }
    return aside;
  }

  private void tidy() throws IOException {
    if (rules.count == 0 && rules.age.isZero() && !rules.compress) {
      return;
    }
    List<Old> old = findOld();
    Instant oldest = rules.age.isZero() ? Instant.MIN : clock.instant().minus(rules.age);
    for (int i = 0; i < old.size(); i++) {
      Old each = old.get(i);
      if (rules.count > 0 && i >= rules.count || each.time.isBefore(oldest)) {
        Files.deleteIfExists(each.file);
      } else if (rules.compress && !each.file.toString().endsWith(".gz")) {
        compress(each.file);
      }
    }
  }

  /// The newest first.
  private List<Old> findOld() throws IOException {
    var old = new ArrayList<Old>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        String name = each.getFileName().toString();
        String bare = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (bare.startsWith(stem + "-") && bare.endsWith(extension) && bare.length() > stem.length() + 1 + extension.length()) {
          try {
            String stamp = bare.substring(stem.length() + 1, bare.length() - extension.length());
            old.add(new Old(each, LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC)));
          } catch (DateTimeException _) {
            // Somebody else's file.
          }
        }
      }
    }
    old.sort(Comparator.comparing(Old::time).reversed());
    return old;
  }

  private static void compress(Path file) throws IOException {
    Path packed = file.resolveSibling(file.getFileName() + ".gz");
    Files.deleteIfExists(packed);
    Files.createFile(packed, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, gzip);
    }
    Files.delete(file);
  }
}
