package io.thyra.fuzz;

import java.util.Arrays;

/// All targets as one: the first byte chooses, so that one process can try them all.
public final class AllFuzz {
  private AllFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length > 0) {
      Target.ALL.get((data[0] & 0xff) % Target.ALL.size()).feed().accept(Arrays.copyOfRange(data, 1, data.length));
    }
  }
}
