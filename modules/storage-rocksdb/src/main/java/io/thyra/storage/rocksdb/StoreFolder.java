package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of a store, seen from outside: who holds it, its files, and how one database takes the place of another.
///
/// ```
///   <folder>/db            the database
///   <folder>/db.partial    one that is being made; means nothing
///   <folder>/db.replaced   what a restore put away, until the next one
/// ```
final class StoreFolder {
  static final String DATABASE = "db";
  static final String PARTIAL = "db.partial";
  static final String REPLACED = "db.replaced";

  private static final String LOCK = "LOCK";
  private static final int COPY_BYTES = 1 << 20;

  private StoreFolder() {}

  static boolean holdsDatabase(Path folder) {
    return Files.isRegularFile(folder.resolve(DATABASE).resolve("CURRENT"));
  }

  /// Keeps a server from beginning anew where a restore was interrupted between its two renames.
  static void checkComplete(Path folder) {
    if (!Files.isDirectory(folder.resolve(DATABASE)) && Files.isDirectory(folder.resolve(REPLACED))) {
      throw new StorageException.Failed(
          "the store at " + folder + " was being restored: do that again, or rename " + folder.resolve(REPLACED) + " to " + DATABASE, null);
    }
  }

  static void checkAbsent(Path target) {
    if (Files.exists(target)) {
      throw new StorageException.Failed(target + " is there already", null);
    }
  }

  /// Keeps servers from a database as long as it is open. A lock of the kind that RocksDB takes; one of this process does not
  /// count, and would be lost with this one.
  static final class Hold implements AutoCloseable {
    private final @Nullable FileChannel file;

    private Hold(@Nullable FileChannel file) {
      this.file = file;
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }

  /// @throws InUse when a server has the store
  static Hold hold(Path folder) throws IOException {
    Path lock = folder.resolve(DATABASE).resolve(LOCK);
    FileChannel file;
    try {
      file = FileChannel.open(lock, StandardOpenOption.WRITE);
    } catch (IOException e) {
      if (Files.exists(lock) && Files.isWritable(lock)) {
        throw e;
      }
      // A snapshot, which no server ever opened, or one on a disk that nobody can write.
      return new Hold(null);
    }
    try {
      if (file.tryLock() != null) {
        return new Hold(file);
      }
    } catch (OverlappingFileLockException _) {
      // Told below.
    } catch (IOException e) {
      file.close();
      throw e;
    }
    file.close();
    throw new InUse(folder);
  }

  /// A running server has the store.
  static final class InUse extends IOException {
    private static final long serialVersionUID = 1L;

    InUse(Path folder) {
      super("the store at " + folder + " is in use by another process");
    }
  }

  /// Copies a database that nobody has open, durably.
  ///
  /// @param progress told the bytes that were copied
  static void copy(Path from, Path to, LongConsumer progress) throws IOException {
    PrivateFiles.createDirectories(to);
    long copied = 0;
    byte[] buffer = new byte[COPY_BYTES];
    for (Path file : files(from)) {
      Path target = to.resolve(file.getFileName().toString());
      try (InputStream in = Files.newInputStream(file);
          FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
          copied += read;
          progress.accept(copied);
        }
        out.force(true);
      }
    }
    PrivateFiles.restrict(to);
    sync(to);
  }

  /// Files of a database that matter to it: not its lock, not what it says about itself.
  static List<Path> files(Path database) throws IOException {
    try (Stream<Path> all = Files.list(database)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().equals(LOCK) && !file.getFileName().toString().startsWith("LOG"))
          .sorted()
          .toList();
    }
  }

  /// Puts the database that is ready under [#PARTIAL] in place of the one that is there, if any.
  static void replace(Path folder) throws IOException {
    Path database = folder.resolve(DATABASE);
    if (Files.exists(database)) {
      delete(folder.resolve(REPLACED));
      Files.move(database, folder.resolve(REPLACED), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(folder.resolve(PARTIAL), database, StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel open = FileChannel.open(folder, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException _) {
      // Nothing to delete.
    }
  }

  static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (IOException _) {
      // Told by what is left; the first failure is what matters.
    }
  }
}
