package io.thyra.discovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;

/// The tables that come with this module: one entry a line, and comments.
final class Lines {
  private Lines() {}

  /// Reads a table, its comments apart.
  static void read(String table, Consumer<String> consumer) {
    try (var in = Objects.requireNonNull(Lines.class.getResourceAsStream(table));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("# ")).forEach(consumer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
