package io.thyra.launcher;

import java.io.PrintStream;

/// Tells an operator how far a long command is: a line a second at most, none for what takes no time.
final class StoreProgress implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final String command;
  private final PrintStream err;
  private long told = System.nanoTime() - PAUSE_NANOS;
  private String last = "";

  StoreProgress(String command, PrintStream err) {
    this.command = command;
    this.err = err;
  }

  void say(String text) {
    err.println(command + ": " + text);
    last = "";
  }

  /// @param of how many there are about; 0 where nobody knows
  synchronized void at(long done, long of, String what) {
    last = of > done ? "%d of about %d %s".formatted(done, of, what) : "%d %s".formatted(done, what);
    long now = System.nanoTime();
    if (now - told >= PAUSE_NANOS) {
      told = now;
      say(last);
    }
  }

  @Override
  public synchronized void close() {
    if (!last.isEmpty()) {
      say(last);
    }
  }
}
