package io.thyra.schema.generator;

/// OpenAPI names and their short form in the supplement: `io.k8s.api.core.v1.Pod` is `core/v1.Pod`.
final class Names {
  private static final String[][] PREFIXES = {
    {"io.k8s.api.", ""},
    {"io.k8s.apimachinery.pkg.apis.meta.", "meta."},
    {"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.", "apiextensions."},
    {"io.k8s.kube-aggregator.pkg.apis.apiregistration.", "apiregistration."},
  };

  private Names() {}

  /// Of a type `core/v1.Pod`, or of a package `core/v1`.
  static String expand(String brief) {
    int slash = brief.indexOf('/');
    if (slash < 0) {
      return brief;
    }
    String dotted = brief.substring(0, slash) + "." + brief.substring(slash + 1);
    for (int i = PREFIXES.length - 1; i >= 0; i--) {
      if (dotted.startsWith(PREFIXES[i][1])) {
        return PREFIXES[i][0] + dotted.substring(PREFIXES[i][1].length());
      }
    }
    throw new IllegalArgumentException(brief);
  }

  static String shorten(String name) {
    for (String[] prefix : PREFIXES) {
      if (name.startsWith(prefix[0])) {
        String rest = prefix[1] + name.substring(prefix[0].length());
        return rest.replaceFirst("\\.", "/");
      }
    }
    return name;
  }

  /// Of a protobuf full name: `k8s.io.api.core.v1.Pod` is `io.k8s.api.core.v1.Pod`.
  static String ofProto(String fullName) {
    if (!fullName.startsWith("k8s.io.")) {
      throw new IllegalArgumentException(fullName);
    }
    return "io.k8s." + fullName.substring("k8s.io.".length()).replace('_', '-');
  }
}
