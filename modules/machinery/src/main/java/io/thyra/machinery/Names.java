package io.thyra.machinery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// Rules for names of objects, labels and domains. They answer the list of broken rules, each as upstream words it; an
/// empty list means valid. Lengths are UTF-8 bytes. [Words] has the rules of other small texts.
/// Source: apimachinery pkg/util/validation/validation.go and pkg/api/validate/content.
public final class Names {
  public static final int DNS_LABEL_BYTES_MAX = 63;
  public static final int DNS_SUBDOMAIN_BYTES_MAX = 253;

  private static final String LABEL_1123 = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN_1123 = LABEL_1123 + "(\\." + LABEL_1123 + ")*";
  private static final String LABEL_1123_UNDERSCORE = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN_1123_UNDERSCORE =
      LABEL_1123_UNDERSCORE + "(\\." + LABEL_1123_UNDERSCORE + ")*";
  private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String KEY_WORDS =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  private static final String SUBDOMAIN_WORDS =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
          + "and must start and end with an alphanumeric character";

  private static final IntPredicate LOWER_ALNUM = c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  static final IntPredicate ALNUM = LOWER_ALNUM.or(c -> c >= 'A' && c <= 'Z');
  static final IntPredicate LABEL_INNER = LOWER_ALNUM.or(c -> c == '-');
  static final IntPredicate KEY_INNER = ALNUM.or(c -> c == '-' || c == '_' || c == '.');

  private Names() {}

  /// The rule for the name of a kind; `prefix` says that random letters will follow.
  @FunctionalInterface
  public interface NameRule {
    List<String> check(String name, boolean prefix);
  }

  public static final NameRule DNS_SUBDOMAIN = (name, prefix) -> dns1123Subdomain(prefix ? maskDash(name) : name);
  public static final NameRule DNS_LABEL = (name, prefix) -> dns1123Label(prefix ? maskDash(name) : name);
  public static final NameRule DNS_1035_LABEL = (name, prefix) -> dns1035Label(prefix ? maskDash(name) : name);
  public static final NameRule PATH_SEGMENT = (name, prefix) -> prefix ? pathSegmentPrefix(name) : pathSegmentName(name);

  // Upstream drops the letter before the dash as well.
  private static String maskDash(String name) {
    return name.length() > 1 && name.endsWith("-") ? name.substring(0, name.length() - 2) + "a" : name;
  }

  public static List<String> dns1123Label(String value) {
    if (value.length() <= DNS_LABEL_BYTES_MAX && isDns1123Label(value)) {
      return List.of();
    }
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_LABEL_BYTES_MAX) {
      errors.add(maxLengthCharacters(DNS_LABEL_BYTES_MAX));
    }
    if (!isDns1123Label(value)) {
      errors.add(
          isDns1123Subdomain(value)
              ? "must not contain dots"
              : regexError(
                  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                      + "and must start and end with an alphanumeric character",
                  LABEL_1123,
                  "my-name",
                  "123-abc"));
    }
    return errors;
  }

  public static List<String> dns1123Subdomain(String value) {
    return isShortSubdomain(value) ? List.of() : subdomain(value, maxLengthCharacters(DNS_SUBDOMAIN_BYTES_MAX));
  }

  private static boolean isShortSubdomain(String value) {
    return value.length() <= DNS_SUBDOMAIN_BYTES_MAX && isDns1123Subdomain(value);
  }

  private static List<String> subdomain(String value, String tooLong) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_SUBDOMAIN_BYTES_MAX) {
      errors.add(tooLong);
    }
    if (!isDns1123Subdomain(value)) {
      errors.add(regexError(SUBDOMAIN_WORDS, SUBDOMAIN_1123, "example.com"));
    }
    return errors;
  }

  /// A subdomain in either case, as driver names are. Lengths are told in bytes.
  public static List<String> dns1123SubdomainCaseless(String value) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_SUBDOMAIN_BYTES_MAX) {
      errors.add(maxLengthBytes(DNS_SUBDOMAIN_BYTES_MAX));
    }
    if (!isDns1123Subdomain(value.toLowerCase(java.util.Locale.ROOT)) || !ascii(value)) {
      errors.add(
          regexError(
              "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', "
                  + "and must start and end with an alphanumeric character",
              SUBDOMAIN_1123,
              "Example.com"));
    }
    return errors;
  }

  public static List<String> dns1123SubdomainWithUnderscore(String value) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_SUBDOMAIN_BYTES_MAX) {
      errors.add(maxLengthCharacters(DNS_SUBDOMAIN_BYTES_MAX));
    }
    IntPredicate inner = LABEL_INNER.or(c -> c == '_');
    boolean valid = true;
    for (String label : value.split("\\.", -1)) {
      valid &= run(label.startsWith("_") ? label.substring(1) : label, LOWER_ALNUM, inner);
    }
    if (!valid) {
      errors.add(
          regexError(
              "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
                  + "and must start and end with an alphanumeric character",
              SUBDOMAIN_1123_UNDERSCORE,
              "example.com"));
    }
    return errors;
  }

  public static List<String> dns1035Label(String value) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_LABEL_BYTES_MAX) {
      errors.add(maxLengthCharacters(DNS_LABEL_BYTES_MAX));
    }
    if (!run(value, LOWER_ALNUM, LABEL_INNER) || value.charAt(0) < 'a') {
      errors.add(
          regexError(
              "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
                  + "start with an alphabetic character, and end with an alphanumeric character",
              "[a-z]([-a-z0-9]*[a-z0-9])?",
              "my-name",
              "abc-123"));
    }
    return errors;
  }

  public static List<String> wildcardDns1123Subdomain(String value) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_SUBDOMAIN_BYTES_MAX) {
      errors.add(maxLengthCharacters(DNS_SUBDOMAIN_BYTES_MAX));
    }
    if (!value.startsWith("*.") || !isDns1123Subdomain(value.substring(2))) {
      errors.add(
          regexError(
              "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist "
                  + "of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
              "\\*\\." + SUBDOMAIN_1123,
              "*.example.com"));
    }
    return errors;
  }

  /// A label key or qualified name: an optional DNS prefix, a slash, a name.
  public static List<String> qualifiedName(String value) {
    return isQualifiedName(value) ? List.of() : qualifiedNameErrors(value);
  }

  // Nearly all are valid, and each write asks about every label and annotation: nothing is made for those.
  private static boolean isQualifiedName(String value) {
    int slash = value.indexOf('/');
    int size = value.length() - slash - 1;
    return size <= 63
        && run(value, slash + 1, value.length(), ALNUM, KEY_INNER)
        && (slash < 0 || slash <= DNS_SUBDOMAIN_BYTES_MAX && isDns1123Subdomain(value, slash));
  }

  private static List<String> qualifiedNameErrors(String value) {
    String[] parts = value.split("/", -1);
    String keyError = regexError(KEY_WORDS, KEY, "MyName", "my.name", "123-abc");
    if (parts.length > 2) {
      return List.of(
          "a valid label key " + keyError + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    var errors = new ArrayList<String>();
    if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        errors.add("prefix part must be non-empty");
      } else {
        subdomain(parts[0], maxLengthBytes(DNS_SUBDOMAIN_BYTES_MAX)).forEach(e -> errors.add("prefix part " + e));
      }
    }
    String name = parts[parts.length - 1];
    if (name.isEmpty()) {
      errors.add("name part must be non-empty");
    } else if (Texts.bytes(name) > 63) {
      errors.add("name part " + maxLengthBytes(63));
    }
    if (!run(name, ALNUM, KEY_INNER)) {
      errors.add("name part " + keyError);
    }
    return errors;
  }

  public static List<String> labelValue(String value) {
    if (value.isEmpty() || value.length() <= 63 && run(value, ALNUM, KEY_INNER)) {
      return List.of();
    }
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > 63) {
      errors.add(maxLengthBytes(63));
    }
    if (!value.isEmpty() && !run(value, ALNUM, KEY_INNER)) {
      errors.add(
          regexError(
              "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                  + "and must start and end with an alphanumeric character",
              "(" + KEY + ")?",
              "MyValue",
              "my_value",
              "12345"));
    }
    return errors;
  }

  /// A name that may stand in a URL path.
  public static List<String> pathSegmentName(String name) {
    if (name.equals(".") || name.equals("..")) {
      return List.of("may not be '" + name + "'");
    }
    return pathSegmentPrefix(name);
  }

  public static List<String> pathSegmentPrefix(String name) {
    if (name.indexOf('/') < 0 && name.indexOf('%') < 0) {
      return List.of();
    }
    var errors = new ArrayList<String>();
    for (String forbidden : List.of("/", "%")) {
      if (name.contains(forbidden)) {
        errors.add("may not contain '" + forbidden + "'");
      }
    }
    return errors;
  }

  public static String regexError(String words, String regex, String... examples) {
    var out = new StringBuilder(words);
    if (examples.length == 0) {
      return out.append(" (regex used for validation is '").append(regex).append("')").toString();
    }
    out.append(" (e.g. ");
    for (int i = 0; i < examples.length; i++) {
      out.append(i > 0 ? " or " : "").append('\'').append(examples[i]).append("', ");
    }
    return out.append("regex used for validation is '").append(regex).append("')").toString();
  }

  public static String maxLengthCharacters(int max) {
    return "must be no more than " + max + " characters";
  }

  public static String maxLengthBytes(int max) {
    return "must be no more than " + max + " bytes";
  }

  public static String rangeError(long min, long max) {
    return "must be between " + min + " and " + max + ", inclusive";
  }

  private static boolean isDns1123Label(String value) {
    return run(value, LOWER_ALNUM, LABEL_INNER);
  }

  private static boolean isDns1123Subdomain(String value) {
    return isDns1123Subdomain(value, value.length());
  }

  private static boolean isDns1123Subdomain(String value, int end) {
    int start = 0;
    for (int i = 0; i <= end; i++) {
      if (i == end || value.charAt(i) == '.') {
        if (!run(value, start, i, LOWER_ALNUM, LABEL_INNER)) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  private static boolean run(String value, IntPredicate ends, IntPredicate inner) {
    return run(value, 0, value.length(), ends, inner);
  }

  // Not empty, the ends obey one rule and everything obeys the other. No regex: they recurse once a character.
  private static boolean run(String value, int start, int end, IntPredicate ends, IntPredicate inner) {
    if (start == end || !ends.test(value.charAt(start)) || !ends.test(value.charAt(end - 1))) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (!inner.test(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean ascii(String value) {
    return value.chars().allMatch(c -> c < 0x80);
  }
}
