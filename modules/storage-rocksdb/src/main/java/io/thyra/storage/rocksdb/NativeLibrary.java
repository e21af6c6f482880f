package io.thyra.storage.rocksdb;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads RocksDB's native library, once in a process. Its own loader unpacks 17 MB into the common temporary directory at
/// every start; this takes the library from `java.library.path` where a distribution put it, else unpacks it once into a
/// directory that only the owner may enter, named after the library's checksum.
final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static boolean loaded;

  private NativeLibrary() {}

  /// @param home a directory of which nobody else may write anything
  static synchronized void load(Path home) {
    if (loaded) {
      return;
    }
    String file = Environment.getJniLibraryFileName("rocksdb");
    if (!isInstalled(file)) {
      loadUnpacked(home, file);
    }
    // Does nothing where the library is loaded; else looks into java.library.path, and at last unpacks by itself.
    RocksDB.loadLibrary();
    loaded = true;
  }

  private static boolean isInstalled(String file) {
    return Stream.of(System.getProperty("java.library.path", "").split(File.pathSeparator))
        .anyMatch(directory -> !directory.isEmpty() && Files.isRegularFile(Path.of(directory, file)));
  }

  private static void loadUnpacked(Path home, String file) {
    try {
      URL resource = RocksDB.class.getClassLoader().getResource(file);
      if (resource == null || !(resource.openConnection() instanceof JarURLConnection jar)) {
        return;
      }
      String name = Long.toHexString(jar.getJarEntry().getCrc()) + "-" + jar.getJarEntry().getSize();
      Path directory = home.resolve(name);
      // The name that the loader looks for in a directory is not the one in the jar.
      Path library = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
      if (!Files.isRegularFile(library) || Files.size(library) != jar.getJarEntry().getSize()) {
        forgetOthers(home);
        PrivateFiles.createDirectories(directory);
        Path partial = Files.createTempFile(directory, "partial", ".so");
        try (InputStream in = resource.openStream()) {
          Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(partial, library, StandardCopyOption.ATOMIC_MOVE);
      }
      RocksDB.loadLibrary(List.of(directory.toString()));
    } catch (IOException | UnsatisfiedLinkError e) {
      // A directory that is mounted noexec, for example.
      LOG.atInfo().addKeyValue("directory", home).setCause(e).log("the native library cannot be kept here");
    }
  }

  /// Libraries of other releases are of no use any more.
  private static void forgetOthers(Path home) throws IOException {
    if (!Files.isDirectory(home)) {
      return;
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(home)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}
