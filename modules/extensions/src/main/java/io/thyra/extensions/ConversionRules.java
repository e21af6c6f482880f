package io.thyra.extensions;

import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules of `spec.conversion`. Paths name the fields of upstream's internal form. Pure.
/// Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, apiserver pkg/util/webhook/validation.go.
final class ConversionRules {
  private static final String URL_FORM = "; desired format: https://host[/path]";

  private ConversionRules() {}

  static void validate(ObjectValue conversion, boolean knownReview, boolean anyCaBundle, FieldPath path, List<FieldError> errors) {
    String strategy = conversion.string("strategy");
    if (strategy.isEmpty()) {
      errors.add(FieldError.required(path.child("strategy"), ""));
    } else if (!strategy.equals("None") && !strategy.equals("Webhook")) {
      errors.add(FieldError.notSupported(path.child("strategy"), strategy, List.of("None", "Webhook")));
    }
    ObjectValue webhook = conversion.object("webhook");
    FieldPath client = path.child("webhookClientConfig");
    FieldPath reviews = path.child("conversionReviewVersions");
    ListValue versions = webhook.list("conversionReviewVersions");
    boolean hasClient = webhook.get("clientConfig") instanceof ObjectValue;
    if (!strategy.equals("Webhook")) {
      String words = "should not be set when strategy is not set to Webhook";
      if (hasClient) {
        errors.add(FieldError.forbidden(client, words));
      }
      if (!versions.isEmpty()) {
        errors.add(FieldError.forbidden(reviews, words));
      }
      return;
    }
    if (hasClient) {
      client(webhook.object("clientConfig"), anyCaBundle, client, errors);
    } else {
      errors.add(FieldError.required(client, "required when strategy is set to Webhook"));
    }
    reviews(versions, knownReview, reviews, errors);
  }

  private static void client(ObjectValue client, boolean anyCaBundle, FieldPath path, List<FieldError> errors) {
    if (client.has("url") == client.has("service")) {
      errors.add(FieldError.required(path, "exactly one of url or service is required"));
    } else if (client.has("url")) {
      url(client.string("url"), path.child("url"), errors);
    } else {
      service(client.object("service"), path.child("service"), errors);
    }
    String bundle = client.string("caBundle");
    String broken = anyCaBundle || bundle.isEmpty() ? null : findCaBundleError(bundle);
    if (broken != null) {
      errors.add(FieldError.invalid(path.child("caBundle"), bundle, broken));
    }
  }

  static boolean hasBrokenCaBundle(ObjectValue conversion) {
    String bundle = conversion.string("webhook", "clientConfig", "caBundle");
    return !bundle.isEmpty() && findCaBundleError(bundle) != null;
  }

  /// What is wrong with a bundle of certificates, null when it holds one.
  private static @Nullable String findCaBundleError(String base64) {
    String words = "unable to load root certificates: unable to parse bytes as PEM block";
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (!new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
        return words;
      }
      boolean none = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)).isEmpty();
      return none ? words : null;
    } catch (CertificateException | IllegalArgumentException _) {
      return "unable to load root certificates: failed to parse certificate: x509: malformed certificate";
    }
  }

  private static void url(String text, FieldPath path, List<FieldError> errors) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      String reason = "parse " + io.thyra.model.GoText.quote(text) + ": " + e.getReason();
      errors.add(FieldError.required(path, "url must be a valid URL: " + reason + URL_FORM));
      return;
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    if (!scheme.equals("https")) {
      errors.add(FieldError.invalid(path, scheme, "'https' is the only allowed URL scheme" + URL_FORM));
    }
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    int at = authority.lastIndexOf('@');
    if (authority.substring(at + 1).isEmpty()) {
      errors.add(FieldError.invalid(path, "", "host must be specified" + URL_FORM));
    }
    if (at >= 0) {
      errors.add(FieldError.invalid(path, authority.substring(0, at), "user information is not permitted in the URL"));
    }
    if (url.getFragment() != null && !url.getFragment().isEmpty()) {
      errors.add(FieldError.invalid(path, url.getFragment(), "fragments are not permitted in the URL"));
    }
    if (url.getRawQuery() != null && !url.getRawQuery().isEmpty()) {
      errors.add(FieldError.invalid(path, url.getRawQuery(), "query parameters are not permitted in the URL"));
    }
  }

  private static void service(ObjectValue service, FieldPath path, List<FieldError> errors) {
    // Upstream hands name and namespace over in each other's place, so each is missed under the other's name.
    if (service.string("namespace").isEmpty()) {
      errors.add(FieldError.required(path.child("name"), ""));
    }
    if (service.string("name").isEmpty()) {
      errors.add(FieldError.required(path.child("namespace"), ""));
    }
    long port = service.integer(443, "port");
    if (port < 1 || port > 65_535) {
      errors.add(FieldError.invalid(path.child("port"), port, "port is not valid: " + Names.rangeError(1, 65_535)));
    }
    String urlPath = service.string("path");
    if (urlPath.isEmpty() || urlPath.equals("/")) {
      return;
    }
    FieldPath where = path.child("path");
    if (urlPath.equals("//")) {
      errors.add(FieldError.invalid(where, urlPath, "segment[0] may not be empty"));
      return;
    }
    if (!urlPath.startsWith("/")) {
      errors.add(FieldError.invalid(where, urlPath, "must start with a '/'"));
    }
    String rest = urlPath.substring(1);
    String[] steps = (rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest).split("/", -1);
    for (int i = 0; i < steps.length; i++) {
      if (steps[i].isEmpty()) {
        errors.add(FieldError.invalid(where, urlPath, "segment[" + i + "] may not be empty"));
        continue;
      }
      for (String broken : Names.dns1123Subdomain(steps[i])) {
        errors.add(FieldError.invalid(where, urlPath, "segment[" + i + "]: " + broken));
      }
    }
  }

  private static void reviews(ListValue versions, boolean knownReview, FieldPath path, List<FieldError> errors) {
    List<String> names = versions.strings();
    if (names.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    var seen = new HashSet<String>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!seen.add(name)) {
        errors.add(FieldError.invalid(path.index(i), name, "duplicate version"));
        continue;
      }
      for (String broken : Names.dns1035Label(name)) {
        errors.add(FieldError.invalid(path.index(i), name, broken));
      }
    }
    if (knownReview && !seen.contains("v1") && !seen.contains("v1beta1")) {
      errors.add(FieldError.invalid(path, versions, "must include at least one of v1, v1beta1"));
    }
  }
}
