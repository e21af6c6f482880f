package io.thyra.cel;

import static io.thyra.cel.Library.BOOL;
import static io.thyra.cel.Library.DOUBLE;
import static io.thyra.cel.Library.INT;
import static io.thyra.cel.Library.STRING;

import dev.cel.common.types.CelType;
import io.thyra.model.Quantity;
import java.math.BigDecimal;

/// Amounts of resources. Source: apiserver pkg/cel/library/quantity.go.
final class QuantityLibrary {
  private static final String NAME = "kubernetes.Quantity";
  static final CelType TYPE = Library.object(NAME);
  private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private QuantityLibrary() {}

  /// A quantity as a value of CEL.
  record Amount(Quantity quantity) implements Opaque {
    @Override
    public String typeName() {
      return NAME;
    }
  }

  static void declare(Library lib) {
    CelType type = lib.type(TYPE);
    lib.global("quantity", "string_to_quantity", type, a -> parse((String) a[0]), STRING);
    lib.global("isQuantity", "is_quantity_string", BOOL, a -> Quantity.isQuantity((String) a[0]), STRING);
    lib.global("sign", "quantity_sign", INT, a -> (long) of(a[0]).signum(), type);
    lib.member("isGreaterThan", "quantity_is_greater_than", BOOL, a -> of(a[0]).compareTo(of(a[1])) > 0, type, type);
    lib.member("isLessThan", "quantity_is_less_than", BOOL, a -> of(a[0]).compareTo(of(a[1])) < 0, type, type);
    lib.member("compareTo", "quantity_compare_to", INT, a -> (long) of(a[0]).compareTo(of(a[1])), type, type);
    lib.member("asApproximateFloat", "quantity_get_float", DOUBLE, a -> of(a[0]).doubleValue(), type);
    lib.member("asInteger", "quantity_get_int", INT, a -> integer(of(a[0])), type);
    lib.member("isInteger", "quantity_is_integer", BOOL, a -> isInteger(of(a[0])), type);
    lib.member("add", "quantity_add", type, a -> new Amount(of(a[0]).plus(of(a[1]))), type, type);
    lib.member("add", "quantity_add_int", type, a -> new Amount(of(a[0]).plus(whole(a[1]))), type, INT);
    lib.member("sub", "quantity_sub", type, a -> new Amount(of(a[0]).minus(of(a[1]))), type, type);
    lib.member("sub", "quantity_sub_int", type, a -> new Amount(of(a[0]).minus(whole(a[1]))), type, INT);
  }

  private static Quantity of(Object value) {
    return ((Amount) value).quantity();
  }

  private static Quantity whole(Object number) {
    return Quantity.of(BigDecimal.valueOf((long) number), Quantity.Format.DECIMAL_EXPONENT);
  }

  private static Amount parse(String text) {
    try {
      return new Amount(Quantity.parse(text));
    } catch (Quantity.MalformedException e) {
      throw new EvaluationException(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isInteger(Quantity quantity) {
    BigDecimal amount = quantity.amount();
    return amount.stripTrailingZeros().scale() <= 0 && amount.compareTo(MIN) >= 0 && amount.compareTo(MAX) <= 0;
  }

  private static long integer(Quantity quantity) {
    if (!isInteger(quantity)) {
      throw new EvaluationException("cannot convert value to integer");
    }
    return quantity.amount().longValueExact();
  }
}
