package io.thyra.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that holds the input, for parsers that read files. Each target owns one; used by one thread.
public final class InputFile {
  private final Path path;

  public InputFile(String name) {
    try {
      path = Files.createTempDirectory("fuzz").resolve(name);
      path.toFile().deleteOnExit();
      path.getParent().toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The file, now with this content.
  public Path with(byte[] content) {
    try {
      return Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
