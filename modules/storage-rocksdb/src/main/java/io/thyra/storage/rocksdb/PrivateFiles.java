package io.thyra.storage.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/// Keeps a store's files from everybody but their owner, on file systems that can: directories 0700, files 0600. RocksDB
/// makes its files with the process' umask, so that the directory is what protects a new one until the next look.
final class PrivateFiles {
  private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  static void createDirectories(Path directory) throws IOException {
    if (!isPosix(directory)) {
      Files.createDirectories(directory);
      return;
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
    }
    Files.setPosixFilePermissions(directory, DIRECTORY);
  }

  static void restrict(Path directory) throws IOException {
    if (!isPosix(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try {
          if (!Files.getPosixFilePermissions(file).equals(FILE)) {
            Files.setPosixFilePermissions(file, FILE);
          }
        } catch (NoSuchFileException _) {
          // RocksDB removes files in the background.
        }
      }
    }
  }

  static long sizeBytes(Path directory) throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try {
          size += Files.size(file);
        } catch (NoSuchFileException _) {
          // As above.
        }
      }
    }
    return size;
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
