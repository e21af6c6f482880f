package io.thyra.nodes;

import io.thyra.codec.JsonWriter;
import io.vertx.core.buffer.Buffer;

/// What kubelets say of the end of a command, in both protocols, and of a request that they refuse.
public final class ExitStatusFuzz {
  private ExitStatusFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Buffer said = Buffer.buffer(data);
    JsonWriter.write(ExitStatus.of(said, true));
    JsonWriter.write(ExitStatus.of(said, false));
    JsonWriter.write(ExitStatus.refused(said));
  }
}
