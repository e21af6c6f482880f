package io.thyra.machinery;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Rules for names and other small texts. Most answer the list of broken rules, each as upstream words it; an empty
/// list means valid. Lengths are UTF-8 bytes. Source: apimachinery pkg/util/validation/validation.go and
/// pkg/api/validate/content.
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
  private static final IntPredicate ALNUM = LOWER_ALNUM.or(c -> c >= 'A' && c <= 'Z');
  private static final IntPredicate LABEL_INNER = LOWER_ALNUM.or(c -> c == '-');
  private static final IntPredicate KEY_INNER = ALNUM.or(c -> c == '-' || c == '_' || c == '.');

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
    return subdomain(value, maxLengthCharacters(DNS_SUBDOMAIN_BYTES_MAX));
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
    var errors = new ArrayList<String>();
    for (String forbidden : List.of("/", "%")) {
      if (name.contains(forbidden)) {
        errors.add("may not contain '" + forbidden + "'");
      }
    }
    return errors;
  }

  public static List<String> cIdentifier(String value) {
    IntPredicate inner = ALNUM.or(c -> c == '_');
    boolean valid = !value.isEmpty() && value.chars().allMatch(inner) && !digit(value.charAt(0));
    return valid
        ? List.of()
        : List.of(
            regexError(
                "a valid C identifier must start with alphabetic character or '_', "
                    + "followed by a string of alphanumeric characters or '_'",
                "[A-Za-z_][A-Za-z0-9_]*",
                "my_name",
                "MY_NAME",
                "MyName"));
  }

  public static List<String> portNumber(long port) {
    return inRange(port, 1, 65535);
  }

  public static List<String> inRange(long value, long min, long max) {
    return value >= min && value <= max ? List.of() : List.of(rangeError(min, max));
  }

  /// A Unix user or group number.
  public static List<String> unixId(long id) {
    return inRange(id, 0, Integer.MAX_VALUE);
  }

  public static List<String> portName(String port) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(port) > 15) {
      errors.add(maxLengthCharacters(15));
    }
    if (port.isEmpty() || !port.chars().allMatch(LABEL_INNER)) {
      errors.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (port.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      errors.add("must contain at least one letter (a-z)");
    }
    if (port.contains("--")) {
      errors.add("must not contain consecutive hyphens");
    }
    if (port.startsWith("-") || port.endsWith("-")) {
      errors.add("must not begin or end with a hyphen");
    }
    return errors;
  }

  public static List<String> percent(String value) {
    boolean valid = value.length() > 1 && value.endsWith("%");
    for (int i = 0; valid && i < value.length() - 1; i++) {
      valid = digit(value.charAt(i));
    }
    return valid
        ? List.of()
        : List.of(
            regexError(
                "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%"));
  }

  public static List<String> httpHeaderName(String value) {
    return !value.isEmpty() && value.chars().allMatch(ALNUM.or(c -> c == '-'))
        ? List.of()
        : List.of(
            regexError(
                "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name"));
  }

  public static List<String> envVarName(String value) {
    var errors = new ArrayList<String>();
    if (value.isEmpty() || !value.chars().allMatch(KEY_INNER) || digit(value.charAt(0))) {
      errors.add(
          regexError(
              "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
                  + "and must not start with a digit",
              "[-._a-zA-Z][-._a-zA-Z0-9]*",
              "my.env-name",
              "MY_ENV.NAME",
              "MyEnvName1"));
    }
    addParentDirectory(value, errors);
    return errors;
  }

  public static List<String> relaxedEnvVarName(String value) {
    var errors = new ArrayList<String>();
    if (value.isEmpty()) {
      errors.add("environment variable name must be non-empty");
    }
    if (value.chars().anyMatch(c -> c < 0x20 || c >= 0x7f || c == '=')) {
      errors.add("a valid environment variable name must consist only of printable ASCII characters other than '='");
    }
    return errors;
  }

  public static List<String> configMapKey(String value) {
    var errors = new ArrayList<String>();
    if (Texts.bytes(value) > DNS_SUBDOMAIN_BYTES_MAX) {
      errors.add(maxLengthCharacters(DNS_SUBDOMAIN_BYTES_MAX));
    }
    if (value.isEmpty() || !value.chars().allMatch(KEY_INNER)) {
      errors.add(
          regexError(
              "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
              "[-._a-zA-Z0-9]+",
              "key.name",
              "KEY_NAME",
              "key-name"));
    }
    addParentDirectory(value, errors);
    return errors;
  }

  private static void addParentDirectory(String value, List<String> errors) {
    if (value.equals(".") || value.equals("..")) {
      errors.add("must not be '" + value + "'");
    } else if (value.startsWith("..")) {
      errors.add("must not start with '..'");
    }
  }

  /// The reason of a metav1.Condition; its length is checked elsewhere.
  public static List<String> conditionReason(String value) {
    boolean valid =
        !value.isEmpty()
            && value.chars().allMatch(ALNUM.or(c -> c == '_' || c == ',' || c == ':'))
            && ALNUM.test(value.charAt(0))
            && !digit(value.charAt(0))
            && ALNUM.or(c -> c == '_').test(value.charAt(value.length() - 1));
    return valid
        ? List.of()
        : List.of(
            regexError(
                "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric "
                    + "characters or '_,:', and must end with an alphanumeric character or '_'",
                "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?",
                "my_name",
                "MY_NAME",
                "MyName",
                "ReasonA,ReasonB",
                "ReasonA:ReasonB"));
  }

  public static List<String> decimalInteger(String value) {
    if (value.isEmpty()) {
      return List.of("must be non-empty");
    }
    String digits = value.startsWith("-") ? value.substring(1) : value;
    boolean valid =
        value.equals("0")
            || !digits.isEmpty() && digits.charAt(0) != '0' && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return valid ? List.of() : List.of("must be a valid decimal integer in canonical form");
  }

  /// A domain of at least three segments.
  public static List<FieldError> fullyQualifiedName(@Nullable FieldPath path, String name) {
    if (name.isEmpty()) {
      return List.of(FieldError.required(path, ""));
    }
    List<String> errors = dns1123Subdomain(name);
    if (!errors.isEmpty()) {
      return List.of(FieldError.invalid(path, name, String.join(",", errors)));
    }
    return name.split("\\.", -1).length < 3
        ? List.of(FieldError.invalid(path, name, "should be a domain with at least three segments separated by dots"))
        : List.of();
  }

  /// A domain of at least two segments, which may end in a dot.
  public static List<FieldError> fullyQualifiedDomainName(@Nullable FieldPath path, String text) {
    if (text.isEmpty()) {
      return List.of(FieldError.required(path, ""));
    }
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    List<String> errors = dns1123Subdomain(name);
    if (!errors.isEmpty()) {
      return List.of(FieldError.invalid(path, name, String.join(",", errors)));
    }
    String[] labels = name.split("\\.", -1);
    if (labels.length < 2) {
      return List.of(FieldError.invalid(path, name, "should be a domain with at least two segments separated by dots"));
    }
    for (String label : labels) {
      List<String> labelErrors = dns1123Label(label);
      if (!labelErrors.isEmpty()) {
        return List.of(FieldError.invalid(path, label, String.join(",", labelErrors)));
      }
    }
    return List.of();
  }

  /// A domain, a slash and an HTTP path, such as `acme.io/foo`.
  public static List<FieldError> domainPrefixedPath(@Nullable FieldPath path, String text) {
    if (text.isEmpty()) {
      return List.of(FieldError.required(path, ""));
    }
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      return List.of(FieldError.invalid(path, text, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
    }
    var errors = new ArrayList<FieldError>();
    String host = text.substring(0, slash);
    dns1123Subdomain(host).forEach(e -> errors.add(FieldError.invalid(path, host, e)));
    String rest = text.substring(slash + 1);
    if (!rest.chars().allMatch(ALNUM.or(c -> "/-._~%!$&'()*+,;=:".indexOf(c) >= 0))) {
      errors.add(FieldError.invalid(path, rest, regexError("Invalid path", "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+")));
    }
    return errors;
  }

  /// A qualified name whose prefix is required.
  public static List<FieldError> domainPrefixedKey(@Nullable FieldPath path, String key) {
    if (key.isEmpty()) {
      return List.of(FieldError.required(path, ""));
    }
    List<String> errors = qualifiedName(key);
    if (!errors.isEmpty()) {
      return errors.stream().map(e -> FieldError.invalid(path, key, e)).toList();
    }
    return key.contains("/")
        ? List.of()
        : List.of(FieldError.invalid(path, key, "must be a domain-prefixed key (such as \"acme.io/foo\")"));
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
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      if (i == value.length() || value.charAt(i) == '.') {
        if (!run(value.substring(start, i), LOWER_ALNUM, LABEL_INNER)) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  // Not empty, the ends obey one rule and everything obeys the other. No regex: they recurse once a character.
  private static boolean run(String value, IntPredicate ends, IntPredicate inner) {
    return !value.isEmpty()
        && ends.test(value.charAt(0))
        && ends.test(value.charAt(value.length() - 1))
        && value.chars().allMatch(inner);
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean ascii(String value) {
    return value.chars().allMatch(c -> c < 0x80);
  }
}
