package io.thyra.admission;

import io.thyra.fuzz.InputFile;

/// Files of `--admission-control-config-file`.
public final class AdmissionConfigurationFuzz {
  private static final InputFile FILE = new InputFile("admission.yaml");

  private AdmissionConfigurationFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      PluginConfigurationFile.read(FILE.with(data));
    } catch (ConfigurationException _) {
      // Told to whoever starts the server.
    }
  }
}
