package io.thyra.machinery;

import static io.thyra.machinery.Names.ALNUM;
import static io.thyra.machinery.Names.DNS_SUBDOMAIN_BYTES_MAX;
import static io.thyra.machinery.Names.KEY_INNER;
import static io.thyra.machinery.Names.LABEL_INNER;
import static io.thyra.machinery.Names.dns1123Label;
import static io.thyra.machinery.Names.dns1123Subdomain;
import static io.thyra.machinery.Names.maxLengthCharacters;
import static io.thyra.machinery.Names.qualifiedName;
import static io.thyra.machinery.Names.rangeError;
import static io.thyra.machinery.Names.regexError;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rules for small texts and numbers that are no names of objects: ports, environment variables, keys, header names,
/// domains in fields. Most answer the list of broken rules as upstream words them; those that can complain about a part
/// of the text answer field errors. Source: apimachinery pkg/util/validation/validation.go.
public final class Words {
  private Words() {}

  /// What is wrong with a UUID: any of the forms that Go's parser takes is right. Source: github.com/google/uuid Validate.
  public static Optional<String> findUuidComplaint(String text) {
    String plain = text;
    switch (text.length()) {
      case 36 -> {}
      case 45 -> {
        if (!text.substring(0, 9).equalsIgnoreCase("urn:uuid:")) {
          return Optional.of("invalid urn prefix: " + GoText.quote(text.substring(0, 9)));
        }
        plain = text.substring(9);
      }
      case 38 -> {
        if (!text.startsWith("{") || !text.endsWith("}")) {
          return Optional.of("invalid bracketed UUID format");
        }
        plain = text.substring(1, 37);
      }
      case 32 -> {
        return UUID_DIGITS.matcher(text).matches() ? Optional.empty() : Optional.of("invalid UUID format");
      }
      default -> {
        return Optional.of("invalid UUID length: " + text.getBytes(StandardCharsets.UTF_8).length);
      }
    }
    return UUID.matcher(plain).matches() ? Optional.empty() : Optional.of("invalid UUID format");
  }

  private static final Pattern UUID_DIGITS = Pattern.compile("[0-9a-fA-F]{32}");
  private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

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
    if (isEnvVarName(value)) {
      return List.of();
    }
    var errors = new ArrayList<String>();
    if (value.isEmpty()) {
      errors.add("environment variable name must be non-empty");
    }
    if (value.chars().anyMatch(c -> c < 0x20 || c >= 0x7f || c == '=')) {
      errors.add("a valid environment variable name must consist only of printable ASCII characters other than '='");
    }
    return errors;
  }

  private static boolean isEnvVarName(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c >= 0x7f || c == '=') {
        return false;
      }
    }
    return !value.isEmpty();
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

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
