package io.thyra.authentication;

import io.thyra.fuzz.InputFile;
import java.io.IOException;
import java.nio.file.Path;

/// Files of the keys of service account tokens.
public final class KeyFileFuzz {
  private static final InputFile FILE = new InputFile("keys.pem");

  private KeyFileFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Path file = FILE.with(data);
    try {
      TokenKeys.readPublic(file);
    } catch (IOException _) {
      // Told to whoever starts the server.
    }
    try {
      TokenKeys.readPrivate(file);
    } catch (IOException _) {
      // Told to whoever starts the server.
    }
  }
}
