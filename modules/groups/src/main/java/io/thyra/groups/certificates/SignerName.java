package io.thyra.groups.certificates;

import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import java.util.List;
import java.util.function.Function;

/// Names of signers, a domain and a path. Source: pkg/apis/core/validation/names.go.
final class SignerName {
  private static final int DOMAIN_MAX = 253;
  private static final int MAX = DOMAIN_MAX + 1 + 253 + 63 + 1;

  private SignerName() {}

  static void check(String name, FieldPath path, List<FieldError> errors) {
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    String[] segments = name.split("/", -1);
    if (segments.length != 2) {
      errors.add(
          FieldError.invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
      return;
    }
    if (segments[0].length() > DOMAIN_MAX) {
      errors.add(FieldError.tooLong(path, DOMAIN_MAX));
    }
    labels(segments[0], path, errors, Names::dns1123Label);
    if (!segments[0].contains(".")) {
      errors.add(
          FieldError.invalid(path, segments[0], "should be a domain with at least two segments separated by dots"));
    }
    labels(segments[1], path, errors, Names::dns1123Subdomain);
    if (name.length() > MAX) {
      errors.add(FieldError.tooLong(path, MAX));
    }
  }

  /// The complaints about the first bad label.
  private static void labels(String segment, FieldPath path, List<FieldError> errors, Function<String, List<String>> format) {
    for (String label : segment.split("\\.", -1)) {
      List<String> complaints = format.apply(label);
      for (String complaint : complaints) {
        errors.add(FieldError.invalid(path, segment, "validating label " + GoText.quote(label) + ": " + complaint));
      }
      if (!complaints.isEmpty()) {
        return;
      }
    }
  }

  /// Whether a signer is one of Kubernetes' own.
  static boolean isKubernetes(String name) {
    int slash = name.indexOf('/');
    String host = slash < 0 ? name : name.substring(0, slash);
    return host.equals("kubernetes.io") || host.endsWith(".kubernetes.io");
  }
}
