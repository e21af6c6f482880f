package io.thyra.groups.admissionregistration;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import java.util.List;

/// The address of a webhook outside the cluster. Source: apiserver pkg/util/webhook/validation.go, Go net/url.
final class WebhookUrl {
  private static final String FORM = "; desired format: https://host[/path]";

  private WebhookUrl() {}

  static void check(String url, FieldPath path, List<FieldError> errors) {
    int hash = url.indexOf('#');
    String fragment = hash < 0 ? "" : url.substring(hash + 1);
    String rest = hash < 0 ? url : url.substring(0, hash);
    int colon = rest.indexOf(':');
    boolean control = url.chars().anyMatch(c -> c < 0x20 || c == 0x7f);
    if (control || colon == 0) {
      String why = control ? "net/url: invalid control character in URL" : "missing protocol scheme";
      errors.add(FieldError.required(path, "url must be a valid URL: parse " + GoText.quote(url) + ": " + why + FORM));
      return;
    }
    String scheme = colon > 0 && isScheme(rest.substring(0, colon)) ? rest.substring(0, colon).toLowerCase(java.util.Locale.ROOT) : "";
    rest = scheme.isEmpty() ? rest : rest.substring(colon + 1);
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    rest = mark < 0 ? rest : rest.substring(0, mark);
    String authority = "";
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    }
    int at = authority.lastIndexOf('@');
    String host = authority.substring(at + 1);
    if (!scheme.equals("https")) {
      errors.add(FieldError.invalid(path, scheme, "'https' is the only allowed URL scheme" + FORM));
    }
    if (host.isEmpty()) {
      errors.add(FieldError.invalid(path, host, "host must be specified" + FORM));
    }
    if (at >= 0) {
      errors.add(FieldError.invalid(path, authority.substring(0, at), "user information is not permitted in the URL"));
    }
    if (!fragment.isEmpty()) {
      errors.add(FieldError.invalid(path, fragment, "fragments are not permitted in the URL"));
    }
    if (!query.isEmpty()) {
      errors.add(FieldError.invalid(path, query, "query parameters are not permitted in the URL"));
    }
  }

  private static boolean isScheme(String text) {
    return Character.isLetter(text.charAt(0))
        && text.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.'));
  }
}
