package io.thyra.codec;

import io.thyra.model.DecimalValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;

/// Objects without a Go type, as custom resources are: upstream holds them as maps, so they print with sorted names and
/// with numbers that are no 64-bit integers as floats (`1.50` becomes `1.5`, `1e3` becomes `1000`).
public final class Unstructured {
  private Unstructured() {}

  /// The tree that upstream would print; repeated names are told by [JsonDocument#duplicates].
  ///
  /// @throws DecodeException when a number is beyond what a float holds
  public static Value canonical(Value raw) {
    return switch (raw) {
      case ObjectValue object -> {
        String[] names = new String[object.size()];
        Value[] values = new Value[names.length];
        for (int i = 0; i < names.length; i++) {
          names[i] = object.nameAt(i);
          values[i] = canonical(object.valueAt(i));
        }
        yield GoOrder.sorted(names, values, names.length);
      }
      case ListValue list -> list.map(Unstructured::canonical);
      case DecimalValue number -> {
        double value = number.doubleValue();
        if (Double.isInfinite(value)) {
          throw new DecodeException("json: cannot unmarshal number " + number.text() + " into Go value of type float64");
        }
        yield Scalars.floating(value);
      }
      default -> raw;
    };
  }
}
