package io.thyra.extensions;

import com.google.re2j.Pattern;
import io.thyra.machinery.GoDuration;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.GoText;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The formats that texts of custom resources may be asked to have, and the ones that are known for numbers. Others are
/// ignored and warned of. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/validation/formats.go, kube-openapi pkg/validation/strfmt.
final class Formats {
  private static final Pattern HOSTNAME =
      Pattern.compile(
          "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)"
              + "|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$");
  private static final Pattern CREDIT_CARD =
      Pattern.compile(
          "^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}"
              + "|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\\d{3})\\d{11})$");
  private static final String OCTET = "(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])";
  private static final Pattern RGB = Pattern.compile("^rgb\\(\\s*" + OCTET + "\\s*,\\s*" + OCTET + "\\s*,\\s*" + OCTET + "\\s*\\)$");
  private static final Pattern CLOCK = Pattern.compile("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
  private static final Pattern AMOUNT = Pattern.compile("((\\d+)\\s*([A-Za-zµ]+))");
  private static final Pattern MAC =
      Pattern.compile(
          "^(?:[0-9a-fA-F]{2}(?:(?::[0-9a-fA-F]{2}){5}|(?::[0-9a-fA-F]{2}){7}|(?::[0-9a-fA-F]{2}){19}"
              + "|(?:-[0-9a-fA-F]{2}){5}|(?:-[0-9a-fA-F]{2}){7}|(?:-[0-9a-fA-F]{2}){19})"
              + "|[0-9a-fA-F]{4}(?:(?:\\.[0-9a-fA-F]{4}){2}|(?:\\.[0-9a-fA-F]{4}){3}|(?:\\.[0-9a-fA-F]{4}){9}))$");
  private static final String NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

  // The units of a duration; of the last name of each, a longer word may follow.
  private static final List<List<String>> UNITS =
      List.of(
          List.of("ns", "nano"),
          List.of("us", "µs", "micro"),
          List.of("ms", "milli"),
          List.of("s", "sec"),
          List.of("m", "min"),
          List.of("h", "hr", "hour"),
          List.of("d", "day"),
          List.of("w", "wk", "week"));

  // By name without dashes.
  private static final Map<String, Predicate<String>> TEXTS =
      Map.ofEntries(
          Map.entry("bsonobjectid", matching("^[0-9a-fA-F]{24}$")),
          Map.entry("uri", Urls::isRequestUri),
          Map.entry("email", MailAddress::isValid),
          Map.entry("hostname", Formats::isHostname),
          Map.entry("ipv4", s -> s.contains(".") && IpAddresses.isAddress(s)),
          Map.entry("ipv6", s -> s.contains(":") && IpAddresses.isAddress(s)),
          Map.entry("cidr", Formats::isCidr),
          Map.entry("mac", s -> MAC.matcher(s).find()),
          Map.entry("uuid", matching("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")),
          Map.entry("uuid3", matching("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$")),
          Map.entry("uuid4", matching("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$")),
          Map.entry("uuid5", matching("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$")),
          Map.entry("isbn", s -> isIsbn10(s) || isIsbn13(s)),
          Map.entry("isbn10", Formats::isIsbn10),
          Map.entry("isbn13", Formats::isIsbn13),
          Map.entry("creditcard", Formats::isCreditCard),
          Map.entry("ssn", s -> s.length() == 11 && s.matches("\\d{3}[- ]?\\d{2}[- ]?\\d{4}")),
          Map.entry("hexcolor", matching("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")),
          Map.entry("rgbcolor", s -> RGB.matcher(s).find()),
          Map.entry(
              "byte",
              matching("^(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=|[A-Za-z0-9+\\/]{4})$")),
          Map.entry("password", _ -> true),
          Map.entry("date", Formats::isDate),
          Map.entry("duration", Formats::isDuration),
          Map.entry("datetime", Formats::isDateTime),
          Map.entry("k8sshortname", s -> s.length() <= 63 && s.matches(NAME)),
          Map.entry("k8slongname", s -> s.length() <= 253 && s.matches(NAME + "(\\." + NAME + ")*")));

  private static final Set<String> INTEGERS = Set.of("int32", "int64");
  private static final Set<String> NUMBERS = Set.of("float", "double");

  private Formats() {}

  private static Predicate<String> matching(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return s -> pattern.matcher(s).find();
  }

  private static String normal(String format) {
    return format.replace("-", "");
  }

  static boolean isKnown(String format) {
    return TEXTS.containsKey(normal(format));
  }

  static boolean matches(String format, String text) {
    Predicate<String> rule = TEXTS.get(normal(format));
    return rule == null || rule.test(text);
  }

  /// The format that counts for a schema: its own where that is known for its type, else none.
  static String effective(StructuralSchema schema) {
    if (schema.format.isEmpty()) {
      return "";
    }
    // Two types count as none, as upstream looks at a single one only.
    String type = schema.intOrString ? "" : schema.type;
    return isRecognized(type, schema.format) ? schema.format : "";
  }

  private static boolean isRecognized(String type, String format) {
    return switch (type) {
      case "", "string" -> isKnown(format);
      case "integer" -> INTEGERS.contains(format);
      case "number" -> NUMBERS.contains(format);
      default -> false;
    };
  }

  /// The formats in a schema that mean nothing, in the order in which they are met.
  static List<String> unrecognized(StructuralSchema schema) {
    var found = new ArrayList<String>();
    schema.has(
        node -> {
          if (!node.format.isEmpty() && !isRecognized(node.type, node.format)) {
            found.add(node.format);
          }
          return false;
        });
    return found;
  }

  static String warning(String format) {
    return "unrecognized format " + GoText.quote(format);
  }

  private static boolean isHostname(String text) {
    if (!HOSTNAME.matcher(text).find() || text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 255) {
      return false;
    }
    for (String part : text.split("\\.", -1)) {
      if (part.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 63) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String address = text.substring(0, slash);
    String prefix = text.substring(slash + 1);
    if (!prefix.matches("[0-9]{1,3}") || !IpAddresses.isAddress(address)) {
      return false;
    }
    return Integer.parseInt(prefix) <= (address.contains(":") ? 128 : 32);
  }

  private static boolean isIsbn10(String text) {
    String digits = text.replaceAll("[\\s-]+", "");
    if (!digits.matches("[0-9]{9}X|[0-9]{10}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 9; i++) {
      sum += (i + 1) * (digits.charAt(i) - '0');
    }
    sum += 10 * (digits.charAt(9) == 'X' ? 10 : digits.charAt(9) - '0');
    return sum % 11 == 0;
  }

  private static boolean isIsbn13(String text) {
    String digits = text.replaceAll("[\\s-]+", "");
    if (!digits.matches("[0-9]{13}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 12; i++) {
      sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
    }
    return digits.charAt(12) - '0' == (10 - sum % 10) % 10;
  }

  private static boolean isCreditCard(String text) {
    String digits = text.replaceAll("[^0-9]+", "");
    if (!CREDIT_CARD.matcher(digits).find()) {
      return false;
    }
    int sum = 0;
    boolean twice = false;
    for (int i = digits.length() - 1; i >= 0; i--) {
      int digit = (digits.charAt(i) - '0') * (twice ? 2 : 1);
      sum += digit >= 10 ? digit % 10 + 1 : digit;
      twice = !twice;
    }
    return sum % 10 == 0;
  }

  private static boolean isDate(String text) {
    if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
      return false;
    }
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
    if (text.length() < 4 || parts.length < 2 || !isDate(parts[0])) {
      return false;
    }
    var clock = CLOCK.matcher(parts[1]);
    return clock.find()
        && clock.group(1).compareTo("23") <= 0
        && clock.group(2).compareTo("59") <= 0
        && clock.group(3).compareTo("59") <= 0;
  }

  private static boolean isDuration(String text) {
    try {
      GoDuration.parse(text);
      return true;
    } catch (SyntaxException _) {
      // Not Go's own form: it may be a list of amounts with units.
    }
    boolean found = false;
    var amounts = AMOUNT.matcher(text);
    while (amounts.find()) {
      if (amounts.group(2).length() > 18) {
        return false;
      }
      String unit = amounts.group(3).toLowerCase(Locale.ROOT);
      found |= UNITS.stream().anyMatch(names -> names.contains(unit) || unit.startsWith(names.getLast()));
    }
    return found;
  }
}
