package io.thyra.launcher;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGTERM and SIGINT: the first one drains, a second one ends at once. The JVM's only door to signals is a class that has
/// no place in a module's API, so it is reached by name; where it is missing, the JVM's own handling stays, which ends
/// without draining.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /// @param first run on a thread of its own at the first signal
  static void handle(Runnable first) {
    boolean[] received = new boolean[1];
    Runnable onSignal =
        () -> {
          synchronized (received) {
            if (received[0]) {
              Runtime.getRuntime().halt(1);
            }
            received[0] = true;
          }
          Thread.ofPlatform().name("shutdown").start(first);
        };
    for (String name : new String[] {"TERM", "INT"}) {
      try {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy =
            Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {handler},
                (self, method, arguments) ->
                    switch (method.getName()) {
                      case "handle" -> {
                        onSignal.run();
                        yield null;
                      }
                      case "hashCode" -> System.identityHashCode(self);
                      case "equals" -> self == arguments[0];
                      default -> "Signals";
                    });
        signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        LOG.debug("signal {} keeps the JVM's handling", name, e);
      }
    }
  }
}
