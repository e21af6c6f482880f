package io.thyra.nodes;

import io.thyra.fuzz.Refusals;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import java.nio.charset.StandardCharsets;

/// Query strings of the subresources of pods and nodes.
public final class LogOptionsFuzz {
  private LogOptionsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Query query = Query.ofRequest(new String(data, StandardCharsets.ISO_8859_1));
    Refusals.allow(
        () -> {
          ObjectValue options = LogOptions.read(query);
          LogOptions.validate(options, "p");
          LogOptions.target(options, "n", "p", "c");
        });
    Refusals.allow(
        () -> new OptionsReader(query, "PodExecOptions").text("container").texts("command").truth("stdin", "tty").number("limitBytes").ports("ports").build());
  }
}
