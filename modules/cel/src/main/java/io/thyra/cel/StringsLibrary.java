package io.thyra.cel;

import static io.thyra.cel.Library.INT;
import static io.thyra.cel.Library.STRING;
import static io.thyra.cel.Library.STRINGS;

import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Functions on texts; positions count code points. Source: cel-go ext/strings.go, version 2.
final class StringsLibrary {
  private StringsLibrary() {}

  static void declare(Library lib) {
    lib.member("charAt", "string_char_at_int", STRING, a -> charAt((String) a[0], (long) a[1]), STRING, INT);
    lib.member("indexOf", "string_index_of_string", INT, a -> indexOf((String) a[0], (String) a[1], 0), STRING, STRING);
    lib.member(
        "indexOf", "string_index_of_string_int", INT, a -> indexOf((String) a[0], (String) a[1], (long) a[2]), STRING, STRING, INT);
    lib.member("lastIndexOf", "string_last_index_of_string", INT, a -> lastIndexOf((String) a[0], (String) a[1]), STRING, STRING);
    lib.member(
        "lastIndexOf",
        "string_last_index_of_string_int",
        INT,
        a -> lastIndexOf((String) a[0], (String) a[1], (long) a[2]),
        STRING,
        STRING,
        INT);
    lib.member("lowerAscii", "string_lower_ascii", STRING, a -> mapped((String) a[0], StringsLibrary::lower), STRING);
    lib.member("upperAscii", "string_upper_ascii", STRING, a -> mapped((String) a[0], StringsLibrary::upper), STRING);
    lib.member(
        "replace",
        "string_replace_string_string",
        STRING,
        a -> replace((String) a[0], (String) a[1], (String) a[2], -1),
        STRING,
        STRING,
        STRING);
    lib.member(
        "replace",
        "string_replace_string_string_int",
        STRING,
        a -> replace((String) a[0], (String) a[1], (String) a[2], (long) a[3]),
        STRING,
        STRING,
        STRING,
        INT);
    lib.member("split", "string_split_string", STRINGS, a -> split((String) a[0], (String) a[1], -1), STRING, STRING);
    lib.member("split", "string_split_string_int", STRINGS, a -> split((String) a[0], (String) a[1], (long) a[2]), STRING, STRING, INT);
    lib.member("substring", "string_substring_int", STRING, a -> substring((String) a[0], (long) a[1]), STRING, INT);
    lib.member(
        "substring", "string_substring_int_int", STRING, a -> substring((String) a[0], (long) a[1], (long) a[2]), STRING, INT, INT);
    lib.member("trim", "string_trim", STRING, a -> ((String) a[0]).strip(), STRING);
    lib.member(
        "format", "string_format", STRING, a -> StringFormat.format((String) a[0], (List<?>) a[1]), STRING, ListType.create(SimpleType.DYN));
    lib.global("strings.quote", "strings_quote", STRING, a -> quote((String) a[0]), STRING);
    lib.member("join", "list_join", STRING, a -> join((List<?>) a[0], ""), STRINGS);
    lib.member("join", "list_join_string", STRING, a -> join((List<?>) a[0], (String) a[1]), STRINGS, STRING);
  }

  private static EvaluationException outOfRange(long index) {
    return new EvaluationException("index out of range: " + index);
  }

  private static String charAt(String text, long index) {
    int[] points = text.codePoints().toArray();
    if (index < 0 || index > points.length) {
      throw outOfRange(index);
    }
    return index == points.length ? "" : Character.toString(points[(int) index]);
  }

  private static long indexOf(String text, String part, long from) {
    return search(text, part, from, text::indexOf);
  }

  /// Finds a place in UTF-16 from another one on.
  @FunctionalInterface
  private interface Search {
    int find(String part, int from);
  }

  /// The same in code points.
  private static long search(String text, String part, long from, Search search) {
    if (part.isEmpty()) {
      return from;
    }
    if (from < 0) {
      throw outOfRange(from);
    }
    int length = text.codePointCount(0, text.length());
    if (from >= length) {
      return -1;
    }
    int found = search.find(part, text.offsetByCodePoints(0, (int) from));
    return found < 0 ? -1 : text.codePointCount(0, found);
  }

  private static long lastIndexOf(String text, String part) {
    int length = text.codePointCount(0, text.length());
    if (part.isEmpty()) {
      return length;
    }
    return length == 0 ? -1 : lastIndexOf(text, part, length - 1L);
  }

  private static long lastIndexOf(String text, String part, long from) {
    return search(text, part, from, text::lastIndexOf);
  }

  private static String mapped(String text, IntUnaryOperator change) {
    var out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append((char) change.applyAsInt(c)));
    return out.toString();
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  private static int upper(int c) {
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }

  /// As Go's strings.Replace: an empty text is found before each character and at the end.
  private static String replace(String text, String old, String with, long count) {
    if (count == 0) {
      return text;
    }
    if (!old.isEmpty() && count < 0) {
      return text.replace(old, with);
    }
    var out = new StringBuilder();
    long left = count < 0 ? Long.MAX_VALUE : count;
    int from = 0;
    if (old.isEmpty()) {
      for (; left > 0; left--) {
        out.append(with);
        if (from >= text.length()) {
          return out.toString();
        }
        int next = text.offsetByCodePoints(from, 1);
        out.append(text, from, next);
        from = next;
      }
      return out.append(text.substring(from)).toString();
    }
    for (int found = text.indexOf(old); found >= 0 && left > 0; found = text.indexOf(old, from), left--) {
      out.append(text, from, found).append(with);
      from = found + old.length();
    }
    return out.append(text.substring(from)).toString();
  }

  /// As Go's strings.SplitN: no more than so many parts, all of them when negative.
  private static Object split(String text, String separator, long count) {
    if (count == 0) {
      return List.of();
    }
    long max = count < 0 ? Long.MAX_VALUE : count;
    var parts = new ArrayList<Object>();
    int from = 0;
    if (separator.isEmpty()) {
      while (from < text.length() && parts.size() < max - 1) {
        int next = text.offsetByCodePoints(from, 1);
        parts.add(text.substring(from, next));
        from = next;
      }
      if (from < text.length()) {
        parts.add(text.substring(from));
      }
      return parts;
    }
    for (int found = text.indexOf(separator); found >= 0 && parts.size() < max - 1; found = text.indexOf(separator, from)) {
      parts.add(text.substring(from, found));
      from = found + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static String substring(String text, long start) {
    int length = text.codePointCount(0, text.length());
    if (start < 0 || start > length) {
      throw outOfRange(start);
    }
    return text.substring(text.offsetByCodePoints(0, (int) start));
  }

  private static String substring(String text, long start, long end) {
    if (start > end) {
      throw new EvaluationException("invalid substring range. start: " + start + ", end: " + end);
    }
    int length = text.codePointCount(0, text.length());
    if (start < 0 || start > length) {
      throw outOfRange(start);
    }
    if (end < 0 || end > length) {
      throw outOfRange(end);
    }
    return text.substring(text.offsetByCodePoints(0, (int) start), text.offsetByCodePoints(0, (int) end));
  }

  private static String join(List<?> list, String separator) {
    var out = new StringBuilder();
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof String text)) {
        throw new EvaluationException("join: invalid input: " + CelValues.print(list.get(i)));
      }
      out.append(i == 0 ? "" : separator).append(text);
    }
    return out.toString();
  }

  private static String quote(String text) {
    var out = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 11 -> out.append("\\v");
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                default -> out.append((char) c);
              }
            });
    return out.append('"').toString();
  }
}
