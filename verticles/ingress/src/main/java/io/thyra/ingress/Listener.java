package io.thyra.ingress;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where the server listens and how it proves who it is.
///
/// @param port 0 for any free one
/// @param tls null for plain HTTP, which only tests use
public record Listener(String host, int port, @Nullable Tls tls) {
  public Listener {
    Objects.requireNonNull(host);
  }
}
