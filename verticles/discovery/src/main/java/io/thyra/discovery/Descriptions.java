package io.thyra.discovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Descriptions with their paragraphs. The comments that the schema is made of have lost their empty lines; a table says behind
/// which words they stood. Immutable.
final class Descriptions {
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Map<String, Map<Integer, String>> LAYOUT = read();

  private Descriptions() {}

  /// @param name the type's OpenAPI name, for a field with `#` and the field's name
  static String of(String name, String description) {
    Map<Integer, String> breaks = LAYOUT.get(name);
    if (breaks == null) {
      return description;
    }
    var text = new StringBuilder(description.length() + 16);
    Matcher space = SPACE.matcher(description);
    for (int word = 0; space.find(); word++) {
      space.appendReplacement(text, Matcher.quoteReplacement(breaks.getOrDefault(word, space.group())));
    }
    return space.appendTail(text).toString();
  }

  private static Map<String, Map<Integer, String>> read() {
    var layout = new HashMap<String, Map<Integer, String>>();
    try (var in = Objects.requireNonNull(Descriptions.class.getResourceAsStream("layout.txt"));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("# "))
          .forEach(
              line -> {
                String[] words = line.split(" ");
                var breaks = new HashMap<Integer, String>();
                for (int i = 1; i < words.length; i++) {
                  int colon = words[i].indexOf(':');
                  String space = words[i].substring(colon + 1).replace('s', ' ').replace('n', '\n').replace('t', '\t');
                  breaks.put(Integer.parseInt(words[i].substring(0, colon)), space);
                }
                layout.put(words[0], breaks);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return layout;
  }
}
