package io.thyra.discovery;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the verticle is told at its start.
///
/// @param externalAddress `host:port` under which clients reach the server
/// @param checks in the order in which the verbose listings print them
/// @param pages further pages of plain text
/// @param flags the command line as `/flagz` shows it, every flag with its value in effect
public record DiscoverySettings(
    String externalAddress, VersionInfo version, OidcDocuments oidc, List<HealthCheck> checks, List<Page> pages, Map<String, String> flags) {
  public DiscoverySettings {
    Objects.requireNonNull(externalAddress);
    Objects.requireNonNull(version);
    Objects.requireNonNull(oidc);
    checks = List.copyOf(checks);
    pages = List.copyOf(pages);
    flags = Map.copyOf(flags);
  }

  /// Without flags to show.
  public DiscoverySettings(
      String externalAddress, VersionInfo version, OidcDocuments oidc, List<HealthCheck> checks, List<Page> pages) {
    this(externalAddress, version, oidc, checks, pages, Map.of());
  }
}
