package io.thyra.it;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The processes that the tests started. Each test stops its own; this kills what is left when the JVM ends early.
final class Children {
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private Children() {}

  static Process watch(Process process) {
    ALIVE.add(process);
    process.onExit().thenAccept(ALIVE::remove);
    return process;
  }
}
