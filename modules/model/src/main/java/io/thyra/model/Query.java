package io.thyra.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters of a request, each with its values in the order they were sent. Pairs that Go's parser rejects (a
/// semicolon, a bad percent escape) are left out, as its Query method does. Immutable.
/// Source: Go net/url parseQuery.
public record Query(Map<String, List<String>> parameters) {
  public static final Query EMPTY = new Query(Map.of());

  public Query {
    var copy = new LinkedHashMap<String, List<String>>();
    parameters.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    parameters = Collections.unmodifiableMap(copy);
  }

  /// Parses what follows the question mark, still encoded.
  public static Query parse(String raw) {
    if (raw.isEmpty()) {
      return EMPTY;
    }
    var found = new LinkedHashMap<String, List<String>>();
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty() || pair.indexOf(';') >= 0) {
        continue;
      }
      int equals = pair.indexOf('=');
      Optional<String> name = unescape(equals < 0 ? pair : pair.substring(0, equals));
      Optional<String> value = equals < 0 ? Optional.of("") : unescape(pair.substring(equals + 1));
      if (name.isPresent() && value.isPresent()) {
        found.computeIfAbsent(name.get(), _ -> new ArrayList<>()).add(value.get());
      }
    }
    return new Query(found);
  }

  /// Reads the query of a request line as an HTTP parser hands it over: each character is a byte of UTF-8.
  public static Query ofRequest(String raw) {
    return parse(ofBytes(raw));
  }

  /// What an HTTP parser took for Latin-1, a byte a character, as the UTF-8 that upstream takes it for.
  public static String ofBytes(String latin1) {
    for (int i = 0; i < latin1.length(); i++) {
      if (latin1.charAt(i) >= 0x80) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return latin1;
  }

  private static Optional<String> unescape(String text) {
    if (text.indexOf('%') < 0) {
      return Optional.of(text.replace('+', ' '));
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        if (i + 2 >= bytes.length) {
          return Optional.empty();
        }
        int high = Character.digit(bytes[i + 1], 16);
        int low = Character.digit(bytes[i + 2], 16);
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        out.write(high * 16 + low);
        i += 2;
      } else {
        out.write(bytes[i] == '+' ? ' ' : bytes[i]);
      }
    }
    return Optional.of(out.toString(StandardCharsets.UTF_8));
  }

  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /// The first value of a parameter; empty where it is absent.
  public String first(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? "" : values.getFirst();
  }

  /// Every value of a parameter, in the order sent.
  public List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  /// The query with one parameter set to a single value.
  public Query with(String name, String value) {
    var copy = new LinkedHashMap<>(parameters);
    copy.put(name, List.of(value));
    return new Query(copy);
  }
}
