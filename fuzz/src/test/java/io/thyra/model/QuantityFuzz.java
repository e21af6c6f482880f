package io.thyra.model;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;

/// Quantities: the canonical text says the same amount, and no amount is too large to be reckoned with.
public final class QuantityFuzz {
  private static final int ZEROS_MAX = 1000;

  private QuantityFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Quantity quantity;
    try {
      quantity = Quantity.parse(text);
    } catch (Quantity.MalformedException _) {
      return;
    }
    String canonical = Quantity.canonical(text);
    Quantity again = Quantity.parse(canonical);
    Refusals.requireSame(0, again.compareTo(quantity), () -> text + " as " + canonical);
    Refusals.requireSame(canonical, Quantity.canonical(canonical), () -> text);
    quantity.value();
    quantity.milliValue();
    quantity.scaledValue(-9);
    quantity.doubleValue();
    quantity.roundUp(0);
    Quantity sum = quantity.plus(again);
    // What is far beyond all that a quantity may be is cut when it is reckoned with.
    if (quantity.amount().scale() > -ZEROS_MAX) {
      Refusals.requireSame(0, sum.minus(again).compareTo(quantity), () -> text + " plus and minus itself");
    }
    quantity.times(3).negated().toString();
  }
}
