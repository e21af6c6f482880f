package io.thyra.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A program to run, with its arguments, environment, folder and input. Immutable.
record Command(List<String> words, Map<String, String> environment, Path folder, String input, Duration timeout) {
  static Command of(String... words) {
    return new Command(List.of(words), Map.of(), Places.MODULE, "", Duration.ofSeconds(60));
  }

  Command with(List<String> more) {
    var all = new ArrayList<>(words);
    all.addAll(more);
    return new Command(List.copyOf(all), environment, folder, input, timeout);
  }

  Command environment(String name, String value) {
    var all = new LinkedHashMap<>(environment);
    all.put(name, value);
    return new Command(words, Map.copyOf(all), folder, input, timeout);
  }

  Command in(Path place) {
    return new Command(words, environment, place, input, timeout);
  }

  Command reading(String text) {
    return new Command(words, environment, folder, text, timeout);
  }

  Command within(Duration limit) {
    return new Command(words, environment, folder, input, limit);
  }

  /// Runs it to its end; one that takes longer than the limit is killed and fails the test.
  Output run() {
    Process process = launch();
    try {
      var out = text(process.getInputStream());
      var err = text(process.getErrorStream());
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + timeout + ": " + this + "\n" + out.join() + err.join());
      }
      return new Output(toString(), process.exitValue(), out.join(), err.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /// Starts it and leaves it running; closing kills it.
  Running start() {
    return new Running(toString(), launch());
  }

  private Process launch() {
    var builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().putAll(environment);
    try {
      Process process = Children.watch(builder.start());
      // A program that does not read its input may end before it is written.
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        if (process.isAlive()) {
          throw e;
        }
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompletableFuture<String> text(InputStream stream) {
    var text = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> {
      try (stream) {
        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        text.completeExceptionally(e);
      }
    });
    return text;
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }

  /// A program that runs beside the test. Its output is collected by a thread of its own; `lines` is guarded by itself.
  static final class Running implements AutoCloseable {
    private final String command;
    private final Process process;
    private final List<String> lines = new ArrayList<>();

    private Running(String command, Process process) {
      this.command = command;
      this.process = process;
      collect(process.getInputStream());
      collect(process.getErrorStream());
    }

    private void collect(InputStream stream) {
      Thread.ofVirtual().start(() -> {
        try (var reader = new BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
          for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            synchronized (lines) {
              lines.add(line);
              lines.notifyAll();
            }
          }
        } catch (IOException _) {
          // Killed.
        }
      });
    }

    /// Waits up to 20 s for a line.
    String awaitLine(Predicate<String> wanted) {
      return awaitLine(Duration.ofSeconds(20), wanted);
    }

    String awaitLine(Duration limit, Predicate<String> wanted) {
      long end = System.nanoTime() + limit.toNanos();
      synchronized (lines) {
        while (true) {
          for (String line : lines) {
            if (wanted.test(line)) {
              return line;
            }
          }
          long left = (end - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            throw new AssertionError("no such line from: " + command + "\n" + String.join("\n", lines));
          }
          try {
            lines.wait(left);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        }
      }
    }

    /// What it wrote so far.
    List<String> written() {
      synchronized (lines) {
        return List.copyOf(lines);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
