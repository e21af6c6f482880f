package io.thyra.discovery;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// One part of the server that is well or not.
///
/// @param name as the verbose listing prints it: `etcd`, `poststarthook/rbac/bootstrap-roles`
/// @param livez whether `/livez` and `/healthz` ask it
/// @param readyz whether `/readyz` asks it
/// @param failure what is wrong, empty when all is well; called on the discovery context (a virtual thread) at every probe,
///     may wait for a moment
public record HealthCheck(String name, boolean livez, boolean readyz, Supplier<Optional<String>> failure) {
  public HealthCheck {
    Objects.requireNonNull(name);
    Objects.requireNonNull(failure);
  }

  /// One that is well while it can be asked.
  public static HealthCheck ping() {
    return new HealthCheck("ping", true, true, Optional::empty);
  }

  /// A step of start-up that `/livez` and `/readyz` wait for.
  public static HealthCheck postStartHook(String name, Supplier<Boolean> finished) {
    return new HealthCheck(
        "poststarthook/" + name, true, true, () -> finished.get() ? Optional.empty() : Optional.of("not finished"));
  }
}
