package io.thyra.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// How much is logged, by upstream's numbers: 0 to 3 tell what matters to an operator, 4 and 5 add detail, 6 and more everything.
final class Logging {
  private Logging() {}

  static void configure(int verbosity) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Level level = verbosity >= 6 ? Level.TRACE : verbosity >= 4 ? Level.DEBUG : Level.INFO;
    ((Logger) LoggerFactory.getLogger("io.thyra")).setLevel(level);
  }
}
