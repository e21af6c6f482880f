package io.thyra.cel;

import static io.thyra.cel.Library.STRING;
import static io.thyra.cel.Library.STRINGS;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import io.thyra.machinery.Names;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Named formats of texts. Source: apiserver pkg/cel/library/format.go.
final class FormatLibrary {
  private static final String NAME = "kubernetes.NamedFormat";
  private static final Pattern UUID = Pattern.compile("(?i)^[0-9A-F]{8}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{12}$");
  private static final int UUID_PATTERN_SIZE = 78;
  private static final int TIME_PATTERN_SIZE = 165;
  private static final int URL_SIZE = 2048;
  private static final int BASE64_SIZE = 84;
  private static final Map<String, NamedFormat> FORMATS = new LinkedHashMap<>();

  /// @param regexSize how long an expression would be that tells the same, for costs
  record NamedFormat(String name, int regexSize, Function<String, List<String>> problems) implements Opaque {
    @Override
    public String typeName() {
      return NAME;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NamedFormat that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  static {
    add("dns1123Label", "DNS1123Label", 30, text -> Names.DNS_LABEL.check(text, false));
    add("dns1123Subdomain", "DNS1123Subdomain", 60, text -> Names.DNS_SUBDOMAIN.check(text, false));
    add("dns1035Label", "DNS1035Label", 30, text -> Names.DNS_1035_LABEL.check(text, false));
    add("qualifiedName", "QualifiedName", 60, Names::qualifiedName);
    add("dns1123LabelPrefix", "DNS1123LabelPrefix", 30, text -> Names.DNS_LABEL.check(text, true));
    add("dns1123SubdomainPrefix", "DNS1123SubdomainPrefix", 60, text -> Names.DNS_SUBDOMAIN.check(text, true));
    add("dns1035LabelPrefix", "DNS1035LabelPrefix", 30, text -> Names.DNS_1035_LABEL.check(text, true));
    add("labelValue", "LabelValue", 40, Names::labelValue);
    add("uri", "URI", URL_SIZE, text -> GoUrl.findRequestProblem(text).map(List::of).orElse(List.of()));
    add("uuid", "uuid", UUID_PATTERN_SIZE, text -> UUID.matcher(text).matches() ? List.of() : List.of("does not match the UUID format"));
    add("byte", "byte", BASE64_SIZE, text -> isBase64(text) ? List.of() : List.of("invalid base64"));
    add("date", "date", TIME_PATTERN_SIZE, text -> isDate(text) ? List.of() : List.of("invalid date"));
    add("datetime", "datetime", TIME_PATTERN_SIZE, text -> isDateTime(text) ? List.of() : List.of("invalid datetime"));
  }

  private FormatLibrary() {}

  private static void add(String key, String name, int regexSize, Function<String, List<String>> problems) {
    FORMATS.put(key, new NamedFormat(name, regexSize, problems));
  }

  static void declare(Library lib) {
    CelType type = lib.type(Library.object(NAME));
    FORMATS.forEach((key, format) -> lib.global("format." + key, "format." + key, type, _ -> format));
    lib.global("format.named", "format-named", OptionalType.create(type), a -> Optional.ofNullable(FORMATS.get((String) a[0])), STRING);
    lib.member("validate", "format-validate", OptionalType.create(STRINGS), a -> validate((NamedFormat) a[0], (String) a[1]), type, STRING);
  }

  private static Optional<Object> validate(NamedFormat format, String text) {
    List<String> problems = format.problems().apply(text);
    return problems.isEmpty() ? Optional.empty() : Optional.of(CelValues.listOf(problems));
  }

  private static boolean isBase64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return !text.isEmpty() && text.length() % 4 == 0;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    try {
      OffsetDateTime.parse(text.toUpperCase(Locale.ROOT));
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }
}
