package io.thyra.schema.generator;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The comments of the protobuf messages and of their fields, read from the Javadoc of the generated sources.
final class Comments {
  private static final Pattern MESSAGE = Pattern.compile("@@protoc_insertion_point\\(interface_extends:([\\w.]+)\\)");
  private static final Pattern TYPE = Pattern.compile("Protobuf type \\{@code ([\\w.]+)\\}");
  private static final Pattern FIELD = Pattern.compile("<code>.* (\\w+) = \\d+( \\[.*\\])?;</code>");
  private static final Pattern ENTITY = Pattern.compile("&#(\\d+);");

  private final Map<String, List<String>> lines = new HashMap<>();

  /// The lines of a message's or, as `message.field`, a field's comment; empty when it has none.
  List<String> of(String protoName) {
    return lines.getOrDefault(protoName, List.of());
  }

  /// Takes in one generated file.
  void read(BufferedReader source) throws IOException {
    String message = null;
    List<String> block = null;
    boolean text = false;
    for (String line = source.readLine(); line != null; line = source.readLine()) {
      String trimmed = line.strip();
      if (trimmed.equals("/**")) {
        block = new ArrayList<>();
        text = false;
      } else if (trimmed.equals("*/")) {
        block = null;
      } else if (block != null) {
        if (trimmed.equals("* <pre>")) {
          text = true;
        } else if (trimmed.equals("* </pre>")) {
          text = false;
        } else if (text) {
          String content = line.substring(line.indexOf('*') + 1);
          block.add(unescape(content.startsWith(" ") ? content.substring(1) : content));
        } else {
          Matcher type = TYPE.matcher(trimmed);
          if (type.find()) {
            lines.putIfAbsent(type.group(1), block);
          } else if (message != null) {
            Matcher field = FIELD.matcher(trimmed);
            if (field.find()) {
              lines.putIfAbsent(message + "." + field.group(1), block);
            }
          }
        }
      } else {
        Matcher start = MESSAGE.matcher(trimmed);
        if (start.find()) {
          message = start.group(1);
        } else if (line.equals("  }")) {
          message = null;
        }
      }
    }
  }

  private static String unescape(String line) {
    if (line.indexOf('&') < 0) {
      return line;
    }
    String text = ENTITY.matcher(line).replaceAll(m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1)))));
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
  }

  /// The values of the markers `+name=value` of a comment, in order.
  static List<String> markers(List<String> comment, String name) {
    var values = new ArrayList<String>();
    for (String line : comment) {
      String trimmed = line.strip();
      if (trimmed.startsWith("+" + name + "=")) {
        values.add(trimmed.substring(name.length() + 2).strip());
      }
    }
    return values;
  }

  static boolean hasMarker(List<String> comment, String name) {
    for (String line : comment) {
      String trimmed = line.strip();
      if (trimmed.equals("+" + name) || trimmed.startsWith("+" + name + "=") || trimmed.startsWith("+" + name + " ")) {
        return true;
      }
    }
    return false;
  }

  /// The description that OpenAPI makes of a comment: paragraphs kept, lines of one paragraph joined, markers and TODOs left out.
  /// Source: kube-openapi pkg/generators/openapi.go, generateDescription.
  static String description(List<String> comment) {
    var text = new StringBuilder();
    for (String raw : comment) {
      if (raw.equals("---")) {
        break;
      }
      String line = raw.replaceAll(" +$", "");
      String leading = line.replaceAll("^ +", "");
      if (line.isEmpty()) {
        dropLast(text);
        text.append("\n\n");
      } else if (leading.startsWith("TODO") || leading.startsWith("+")) {
        continue;
      } else {
        if (line.startsWith(" ") || line.startsWith("\t")) {
          dropLast(text);
          text.append('\n');
        }
        text.append(line).append(line.startsWith(" ") || line.startsWith("\t") ? '\n' : ' ');
      }
    }
    return text.toString().replaceAll("\\n+$", "").strip();
  }

  private static void dropLast(StringBuilder text) {
    if (!text.isEmpty()) {
      text.setLength(text.length() - 1);
    }
  }
}
