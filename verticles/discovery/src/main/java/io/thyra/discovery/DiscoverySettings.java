package io.thyra.discovery;

import java.util.List;
import java.util.Objects;

/// What the verticle is told at its start.
///
/// @param externalAddress `host:port` under which clients reach the server
/// @param checks in the order in which the verbose listings print them
/// @param pages further pages of plain text
public record DiscoverySettings(
    String externalAddress, VersionInfo version, OidcDocuments oidc, List<HealthCheck> checks, List<Page> pages) {
  public DiscoverySettings {
    Objects.requireNonNull(externalAddress);
    Objects.requireNonNull(version);
    Objects.requireNonNull(oidc);
    checks = List.copyOf(checks);
    pages = List.copyOf(pages);
  }
}
