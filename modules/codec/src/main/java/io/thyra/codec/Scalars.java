package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.NumberValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Scalar;
import org.jspecify.annotations.Nullable;

/// JSON values into the canonical form of a scalar, with the errors of Go's decoder and of the types that decode
/// themselves. Null results mean: nothing set.
final class Scalars {
  private Scalars() {}

  /// `raw` is never a JSON null; `goType` is what errors call the type.
  static @Nullable Value decode(Value raw, Scalar scalar, String goType, DecodePath path) {
    return switch (scalar) {
      case STRING -> {
        if (raw instanceof StringValue) {
          yield raw;
        }
        yield mismatch(raw, goType, path);
      }
      case BOOLEAN -> raw instanceof BooleanValue ? raw : mismatch(raw, goType, path);
      case INT32 -> integer(raw, true, goType, path);
      case INT64 -> integer(raw, false, goType, path);
      case DOUBLE -> raw instanceof NumberValue number ? floating(number, goType, path) : mismatch(raw, goType, path);
      case BYTES -> bytes(raw, goType, path);
      case QUANTITY -> quantity(raw);
      case INT_OR_STRING -> {
        if (raw instanceof StringValue) {
          yield raw;
        }
        if (raw instanceof IntegerValue(var number) && number == (int) number) {
          yield raw;
        }
        throw path.typeError(described(raw), "int32");
      }
      case TIME -> time(raw, false, path);
      case MICRO_TIME -> time(raw, true, path);
      case DURATION -> {
        if (raw instanceof StringValue(var text)) {
          String printed = GoDuration.print(GoDuration.parse(text));
          yield printed.equals(text) ? raw : new StringValue(printed);
        }
        throw path.typeError(raw.jsonType(), "string");
      }
    };
  }

  private static @Nullable Value mismatch(Value raw, String goType, DecodePath path) {
    path.mismatch(raw.jsonType(), goType);
    return null;
  }

  private static String described(Value raw) {
    return raw instanceof NumberValue number ? "number " + number.text() : raw.jsonType();
  }

  private static @Nullable Value integer(Value raw, boolean narrow, String goType, DecodePath path) {
    if (raw instanceof IntegerValue(var number) && (!narrow || number == (int) number)) {
      return raw;
    }
    path.mismatch(described(raw), goType);
    return null;
  }

  private static @Nullable Value floating(NumberValue number, String goType, DecodePath path) {
    double value = number.doubleValue();
    if (Double.isInfinite(value)) {
      path.mismatch("number " + number.text(), goType);
      return null;
    }
    return floating(value);
  }

  /// A number as Go prints a float64.
  static Value floating(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15 && (value != 0 || 1 / value > 0)) {
      return new IntegerValue((long) value);
    }
    return DecimalValue.of(value);
  }

  private static @Nullable Value bytes(Value raw, String goType, DecodePath path) {
    if (!(raw instanceof StringValue(var text))) {
      return mismatch(raw, goType, path);
    }
    try {
      String canonical = GoBase64.canonical(text);
      return canonical == text ? raw : new StringValue(canonical);
    } catch (DecodeException e) {
      path.save(e);
      return null;
    }
  }

  private static Value quantity(Value raw) {
    String text = switch (raw) {
      case StringValue(var string) -> string;
      case NumberValue number -> number.text();
      default -> new String(JsonWriter.write(raw), java.nio.charset.StandardCharsets.UTF_8);
    };
    try {
      String canonical = Quantity.canonical(text.strip());
      return canonical == text && raw instanceof StringValue ? raw : new StringValue(canonical);
    } catch (Quantity.MalformedException e) {
      throw new DecodeException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Value time(Value raw, boolean micros, DecodePath path) {
    if (!(raw instanceof StringValue(var text))) {
      throw path.typeError(raw.jsonType(), "string");
    }
    String canonical = micros ? GoTime.canonicalMicros(text) : GoTime.canonicalSeconds(text);
    if (canonical == null) {
      return null;
    }
    return canonical.equals(text) ? raw : new StringValue(canonical);
  }
}
