package io.thyra.authentication;

import io.thyra.fuzz.InputFile;
import java.io.IOException;
import java.util.List;

/// Files of static tokens.
public final class TokenFileFuzz {
  private static final InputFile FILE = new InputFile("tokens.csv");

  private TokenFileFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      TokenFile.read(FILE.with(data), List.of("api")).authenticate("t", List.of());
    } catch (IOException _) {
      // Told to whoever starts the server.
    }
  }
}
