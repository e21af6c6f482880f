package io.thyra.backends;

import io.thyra.fuzz.InputFile;
import java.io.IOException;

/// Kubeconfigs that say what is shown to webhooks.
public final class KubeconfigFuzz {
  private static final InputFile FILE = new InputFile("kubeconfig.yaml");

  private KubeconfigFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      WebhookCredentials credentials = WebhookCredentials.read(FILE.with(data));
      credentials.of("hook.n.svc:443");
      credentials.of("192.0.2.1:8443");
    } catch (IOException _) {
      // Told to whoever starts the server.
    }
  }
}
