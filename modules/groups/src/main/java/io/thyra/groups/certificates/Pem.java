package io.thyra.groups.certificates;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Blocks of PEM text, as Go reads them: what is no block is skipped.
///
/// @param headers whether the block begins with `Key: value` lines
record Pem(String type, boolean headers, byte[] bytes) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  static List<Pem> parse(String text) {
    var blocks = new ArrayList<Pem>();
    int at = 0;
    while (true) {
      int begin = text.startsWith(BEGIN, at) ? at : text.indexOf("\n" + BEGIN, at);
      if (begin < 0) {
        return blocks;
      }
      int typeAt = text.indexOf(BEGIN, begin) + BEGIN.length();
      int lineEnd = text.indexOf('\n', typeAt);
      if (lineEnd < 0) {
        return blocks;
      }
      String line = text.substring(typeAt, lineEnd).stripTrailing();
      at = lineEnd;
      if (!line.endsWith(DASHES)) {
        continue;
      }
      String type = line.substring(0, line.length() - DASHES.length());
      int end = text.indexOf("\n" + END + type + DASHES, lineEnd);
      if (end < 0) {
        continue;
      }
      String body = text.substring(lineEnd + 1, Math.max(lineEnd + 1, end));
      boolean headers = body.lines().anyMatch(l -> l.contains(":"));
      String data = String.join("", body.lines().filter(l -> !l.contains(":")).toList()).replaceAll("\\s", "");
      try {
        blocks.add(new Pem(type, headers, Base64.getDecoder().decode(data)));
      } catch (IllegalArgumentException _) {
        // No base64: not a block.
      }
      at = end + 1 + END.length() + type.length() + DASHES.length();
    }
  }
}
