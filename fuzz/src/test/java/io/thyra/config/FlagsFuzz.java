package io.thyra.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Command lines, an argument a line: read, or refused with a complaint.
public final class FlagsFuzz {
  private static final FlagTable TABLE = FlagTable.load();
  private static final List<String> DEFAULTS =
      List.of("--service-account-issuer=https://i", "--authorization-mode=RBAC", "--data-dir=/nonexistent/data");

  private FlagsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    List<String> arguments = new String(data, StandardCharsets.UTF_8).lines().toList();
    try {
      new ConfigReader(TABLE, _ -> Optional.of("/nonexistent")).read(arguments, DEFAULTS);
    } catch (ConfigException _) {
      // Told to whoever starts the server.
    }
  }
}
