package io.thyra.groups.core;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import org.jspecify.annotations.Nullable;

/// Amounts in resource lists. Texts in canonical trees always parse.
public final class Quantities {
  private static final int MILLI = -3;

  private Quantities() {}

  /// The list with every amount rounded up to thousandths.
  static ObjectValue roundUp(ObjectValue amounts) {
    ObjectValue changed = amounts;
    for (String name : amounts.names()) {
      if (amounts.get(name) instanceof StringValue(String text) && mayNeedRounding(text)) {
        String rounded = Quantity.parse(text).roundUp(MILLI).toString();
        if (!rounded.equals(text)) {
          changed = changed.with(name, rounded);
        }
      }
    }
    return changed;
  }

  // Canonical texts below a thousandth end in u or n, or carry a negative exponent.
  private static boolean mayNeedRounding(String text) {
    return text.endsWith("u") || text.endsWith("n") || text.contains("e-") || text.contains("E-") || text.contains(".");
  }

  public static Quantity of(ObjectValue amounts, String name) {
    return of(amounts.get(name));
  }

  public static Quantity of(@Nullable Value amount) {
    return amount instanceof StringValue(String text) && !text.isEmpty() ? Quantity.parse(text) : Quantity.ZERO;
  }
}
