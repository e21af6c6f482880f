package io.thyra.ingress;

import java.util.List;
import java.util.regex.Pattern;

/// Switches of the filter chain.
///
/// @param hstsDirectives `--strict-transport-security-directives`, empty for no header
/// @param corsOrigins `--cors-allowed-origins`, empty for no CORS
/// @param goawayChance `--goaway-chance`, between 0 and 0.02
/// @param sendRetryAfter `--shutdown-send-retry-after`
public record Serving(List<String> hstsDirectives, List<Pattern> corsOrigins, double goawayChance, boolean sendRetryAfter) {
  public static final Serving DEFAULT = new Serving(List.of(), List.of(), 0, false);

  public Serving {
    hstsDirectives = List.copyOf(hstsDirectives);
    corsOrigins = List.copyOf(corsOrigins);
  }
}
