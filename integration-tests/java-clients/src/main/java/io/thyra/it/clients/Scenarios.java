package io.thyra.it.clients;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/// Named scenarios of one client, and the lines that say how each went: `PASS name millis` or `FAIL name reason`.
final class Scenarios {
  /// A scenario; what it throws is why it failed.
  @FunctionalInterface
  interface Scenario {
    void play() throws Exception;
  }

  private final Map<String, Scenario> scenarios = new LinkedHashMap<>();

  Scenarios add(String name, Scenario scenario) {
    scenarios.put(name, scenario);
    return this;
  }

  /// Plays all of them; the exit code.
  int play() {
    int failed = 0;
    for (Map.Entry<String, Scenario> entry : scenarios.entrySet()) {
      long start = System.nanoTime();
      try {
        entry.getValue().play();
        System.out.printf("PASS %s %d%n", entry.getKey(), (System.nanoTime() - start) / 1_000_000);
      } catch (Exception | AssertionError e) {
        failed = 1;
        System.out.printf("FAIL %s %s%n", entry.getKey(), e.toString().replace('\n', ' '));
        e.printStackTrace();
      }
    }
    return failed;
  }

  static void want(String what, Object got, Object wanted) {
    if (!String.valueOf(got).equals(String.valueOf(wanted))) {
      throw new AssertionError(what + ": got " + got + ", want " + wanted);
    }
  }

  /// Waits up to 20 s for a value.
  static void eventually(String what, Callable<Object> value, Object wanted) throws Exception {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!String.valueOf(value.call()).equals(String.valueOf(wanted))) {
      if (System.nanoTime() > end) {
        want(what + " after 20 s", value.call(), wanted);
      }
      Thread.sleep(20);
    }
  }

  /// A list that threads may add to.
  static <T> List<T> seen() {
    return new CopyOnWriteArrayList<>();
  }
}
