package io.thyra.group;

import java.util.Arrays;
import java.util.List;

/// The complaints of strict decoding as warnings. Source: apiserver pkg/endpoints/handlers/rest.go, parseYAMLWarnings.
final class StrictErrors {
  private static final List<String> YAML_PREFIXES =
      List.of("yaml: unmarshal errors:\n", "error converting YAML to JSON: yaml: unmarshal errors:\n");

  private StrictErrors() {}

  /// A YAML parser's complaint holds one a line, any other is one.
  static List<String> lines(String complaint) {
    for (String prefix : YAML_PREFIXES) {
      if (complaint.startsWith(prefix)) {
        return Arrays.stream(complaint.substring(prefix.length()).split("\n", -1)).map(String::strip).toList();
      }
    }
    return List.of(complaint);
  }
}
