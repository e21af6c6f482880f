package io.thyra.nodes;

import io.thyra.codec.DecodeException;
import io.thyra.codec.GoTime;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes the options object of a request out of its parameters. Unknown ones are not looked at.
/// Source: apimachinery pkg/runtime/conversion.go and pkg/apis/meta/v1/conversion.go.
final class OptionsReader {
  private static final BigInteger PORT_MAX = BigInteger.valueOf(65_535);

  private final Query query;
  private final ObjectValue.Builder options = ObjectValue.builder();

  OptionsReader(Query query, String kind) {
    this.query = query;
    options.put("kind", kind).put("apiVersion", "v1");
  }

  ObjectValue build() {
    return options.build();
  }

  private static ApiException refusal(String message) {
    return new Failure.BadRequest(message).toException();
  }

  OptionsReader text(String... names) {
    for (String name : names) {
      if (!query.first(name).isEmpty()) {
        options.put(name, query.first(name));
      }
    }
    return this;
  }

  OptionsReader texts(String name) {
    if (query.has(name)) {
      options.put(name, ListValue.ofStrings(query.all(name)));
    }
    return this;
  }

  /// Everything but `0` and `false` is true.
  OptionsReader truth(String... names) {
    for (String name : names) {
      String first = query.first(name);
      if (query.has(name) && !first.equals("0") && !first.equalsIgnoreCase("false")) {
        options.put(name, true);
      }
    }
    return this;
  }

  OptionsReader number(String name) {
    if (query.has(name)) {
      options.put(name, parse(query.first(name)));
    }
    return this;
  }

  private static long parse(String text) {
    if (!text.matches("[+-]?[0-9]+")) {
      throw refusal("strconv.ParseInt: parsing " + GoText.quote(text) + ": invalid syntax");
    }
    try {
      return new BigInteger(text).longValueExact();
    } catch (ArithmeticException _) {
      throw refusal("strconv.ParseInt: parsing " + GoText.quote(text) + ": value out of range");
    }
  }

  OptionsReader time(String name) {
    String text = query.first(name);
    if (!text.isEmpty() && !text.equals("null")) {
      try {
        options.put(name, GoTime.printSeconds(GoTime.epochSeconds(text)));
      } catch (DecodeException e) {
        throw refusal(e.text());
      }
    }
    return this;
  }

  OptionsReader ports(String name) {
    var ports = new ArrayList<Value>();
    for (String all : query.all(name)) {
      for (String port : all.split(",", -1)) {
        ports.add(new IntegerValue(port(port)));
      }
    }
    if (!ports.isEmpty()) {
      options.put(name, new ListValue(List.copyOf(ports)));
    }
    return this;
  }

  private static long port(String text) {
    String trouble = "cannot convert to []int32: strconv.ParseUint: parsing " + GoText.quote(text) + ": ";
    if (!text.matches("[0-9]+")) {
      throw refusal(trouble + "invalid syntax");
    }
    var number = new BigInteger(text);
    if (number.compareTo(PORT_MAX) > 0) {
      throw refusal(trouble + "value out of range");
    }
    return number.longValueExact();
  }
}
