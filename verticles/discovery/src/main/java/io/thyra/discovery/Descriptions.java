package io.thyra.discovery;

import io.thyra.codec.JsonReader;
import io.thyra.model.StringValue;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Descriptions as upstream's documents have them. The comments that the schema is made of have lost their empty lines; one
/// table says behind which words they stood. Another has the texts that are made otherwise: they name the values of an
/// enumeration, belong to types that are no messages, or stand above the wrong field. Immutable.
final class Descriptions {
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Map<String, Map<Integer, String>> LAYOUT = readLayout();
  private static final Map<String, String> WHOLE = new HashMap<>();
  private static final Map<String, String> VALUES = new HashMap<>();

  static {
    readTexts();
  }

  private Descriptions() {}

  /// @param name the type's OpenAPI name, for a field with `#` and the field's name
  static String of(String name, String description) {
    String whole = WHOLE.get(name);
    String text = whole == null ? arranged(name, description) : whole;
    String values = VALUES.get(name);
    if (values == null) {
      return text;
    }
    return (text.isEmpty() ? "" : text + "\n\n") + "Possible enum values:\n" + values;
  }

  private static String arranged(String name, String description) {
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

  private static Map<String, Map<Integer, String>> readLayout() {
    var layout = new HashMap<String, Map<Integer, String>>();
    Lines.read(
        "layout.txt",
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
    return layout;
  }

  private static void readTexts() {
    Lines.read(
        "descriptions.txt",
        line -> {
          String[] columns = line.split(" ", 3);
          String text = ((StringValue) JsonReader.read(columns[2])).value();
          Map<String, String> table = columns[0].equals("=") ? WHOLE : VALUES;
          for (String name : columns[1].split(",")) {
            table.put(name, text);
          }
        });
  }
}
