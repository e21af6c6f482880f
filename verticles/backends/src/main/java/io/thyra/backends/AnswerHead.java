package io.thyra.backends;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The head of an answer that came over a bare connection. Immutable.
///
/// @param line the first, as it came
/// @param code 0 where the line is none of an answer
/// @param length bytes up to the body
public record AnswerHead(String line, int code, String reason, MultiMap headers, int length) {
  private static final int BODY_BYTES_MAX = 1 << 20;
  // A line that is no header is passed over.
  private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\\t\\x20-\\x7e\\x80-\\xff]*)");

  /// What may be sent at most before the body begins.
  public static final int BYTES_MAX = 64 << 10;

  /// Empty while it did not all come.
  public static Optional<AnswerHead> of(Buffer received) {
    String text = received.getBuffer(0, Math.min(received.length(), BYTES_MAX)).toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return Optional.empty();
    }
    List<String> lines = List.of(text.substring(0, end).split("\r\n"));
    String[] words = lines.getFirst().split(" ", 3);
    int code = words.length > 1 && words[1].matches("[0-9]{3}") ? Integer.parseInt(words[1]) : 0;
    MultiMap headers = HttpHeaders.headers();
    for (String line : lines.subList(1, lines.size())) {
      Matcher header = HEADER.matcher(line);
      if (header.matches()) {
        headers.add(header.group(1), header.group(2).strip());
      }
    }
    return Optional.of(new AnswerHead(lines.getFirst(), code, words.length > 2 ? words[2] : "", headers, end + 4));
  }

  /// Whether what came behind the head is the whole body, or as much as is looked at.
  public boolean isWhole(Buffer behind) {
    String told = headers.get("Content-Length");
    int wanted = told != null && told.matches("[0-9]{1,6}") ? Integer.parseInt(told) : BODY_BYTES_MAX;
    return behind.length() >= wanted
        || headers.contains("Transfer-Encoding") && behind.toString(StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n");
  }

  /// The body out of what came behind the head.
  public Buffer body(Buffer behind) {
    if (!headers.contains("Transfer-Encoding")) {
      return behind;
    }
    Buffer body = Buffer.buffer();
    String text = behind.toString(StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf("\r\n", at);
      if (end < 0) {
        break;
      }
      String size = text.substring(at, end).split(";")[0].strip();
      int bytes = size.matches("[0-9a-fA-F]{1,6}") ? Integer.parseInt(size, 16) : 0;
      if (bytes == 0 || end + 2 + bytes > text.length()) {
        break;
      }
      body.appendBuffer(behind, end + 2, bytes);
      at = end + 2 + bytes + 2;
    }
    return body;
  }
}
