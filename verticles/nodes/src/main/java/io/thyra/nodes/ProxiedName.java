package io.thyra.nodes;

import java.util.Optional;
import java.util.Set;

/// What a proxied request names: `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. Source: apimachinery pkg/util/net/util.go
/// SplitSchemeNamePort.
///
/// @param scheme http or https; empty for the default
/// @param port as it was written; empty for the default
record ProxiedName(String scheme, String name, String port) {
  private static final Set<String> SCHEMES = Set.of("", "http", "https");

  static Optional<ProxiedName> of(String id) {
    String[] parts = id.split(":", -1);
    ProxiedName named =
        switch (parts.length) {
          case 1 -> new ProxiedName("", parts[0], "");
          case 2 -> new ProxiedName("", parts[0], parts[1]);
          case 3 -> new ProxiedName(parts[0], parts[1], parts[2]);
          default -> new ProxiedName("", "", "");
        };
    return named.name.isEmpty() || !SCHEMES.contains(named.scheme) ? Optional.empty() : Optional.of(named);
  }
}
