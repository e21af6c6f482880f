package io.thyra.fuzz;

import io.thyra.codec.DecodeException;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.ApiException;
import io.thyra.model.Value;
import java.util.function.Supplier;

/// What the parsers of the server say of a text that they do not take. Everything else that they throw is a finding.
public final class Refusals {
  private Refusals() {}

  /// Runs what may refuse its input in the ways that a client is told of.
  public static void allow(Runnable parsing) {
    try {
      parsing.run();
    } catch (DecodeException | SyntaxException | ApiException _) {
      // Refused, as it should be.
    }
  }

  /// Two values that have to be one.
  ///
  /// @param what what was lost between them
  public static void requireSame(Object expected, Object found, Supplier<String> what) {
    if (!expected.equals(found)) {
      throw new AssertionError(what.get() + "\n" + shown(expected) + "\nbecame\n" + shown(found));
    }
  }

  private static String shown(Object value) {
    String text = value instanceof Value tree ? io.thyra.model.GoText.json(tree) : String.valueOf(value);
    return text.length() > 2000 ? text.substring(0, 2000) + "..." : text;
  }
}
