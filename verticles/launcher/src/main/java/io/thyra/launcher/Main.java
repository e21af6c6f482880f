package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.config.ConfigReader;
import io.thyra.config.FlagSet;
import io.thyra.config.FlagTable;
import io.thyra.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the server: reads the command line, opens everything, tells the person where it listens, and waits for a signal.
/// What cannot be started with is one line on standard error and exit status 1.
public final class Main {
  private static final String DEFAULTS_PROPERTY = "thyra.conf";

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    FlagTable table = FlagTable.load();
    Function<String, Optional<String>> environment = name -> Optional.ofNullable(System.getenv(name));
    try {
      if (!arguments.isEmpty() && arguments.getFirst().equals("store")) {
        Logging.configure(0);
        Path dataDir = new ConfigReader(table, environment).defaultDataDir();
        return StoreCommand.run(arguments.subList(1, arguments.size()), dataDir, System.out, System.err);
      }
      FlagSet asked = FlagSet.parse(table, arguments);
      if (asked.bool("help")) {
        System.out.print(table.help());
        return 0;
      }
      if (asked.isSet("version")) {
        System.out.println(asked.string("version").equals("raw") ? Server.VERSION.toString() : "Kubernetes " + Server.VERSION.gitVersion());
        return 0;
      }
      var reader = new ConfigReader(table, environment);
      return serve(reader.read(arguments, defaults()));
    } catch (ConfigException e) {
      System.err.println("Error: " + e.getMessage());
      return 1;
    }
  }

  /// The flags of the default configuration file: one a line, `#` begins a comment.
  private static List<String> defaults() {
    String file = System.getProperty(DEFAULTS_PROPERTY);
    if (file == null) {
      throw new ConfigException("the default configuration is not known: start the server with the script thyra");
    }
    try {
      return Files.readAllLines(Path.of(file)).stream().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new ConfigException("cannot read the default configuration " + file);
    }
  }

  private static int serve(ServerConfig config) {
    Logging.configure(config.verbosity());
    Logger log = LoggerFactory.getLogger(Main.class);
    config.warnings().forEach(log::warn);
    Server server = Server.start(config);
    Signals.handle(server::stop);
    server.greeting().forEach(System.out::println);
    server.awaitStop();
    return 0;
  }
}
