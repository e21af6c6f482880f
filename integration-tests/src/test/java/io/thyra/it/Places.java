package io.thyra.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where things are in the source tree. Maven runs the tests in `integration-tests`.
final class Places {
  static final Path MODULE = Path.of("").toAbsolutePath();
  static final Path ROOT = MODULE.getParent();
  static final Path TARGET = MODULE.resolve("target");
  static final Path LAUNCHER = ROOT.resolve("thyra");

  private Places() {}

  /// A folder under target, made if it is not there.
  static Path target(String name) {
    try {
      return Files.createDirectories(TARGET.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
