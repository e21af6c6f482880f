package io.thyra.group;

import io.thyra.registry.Registry;
import io.thyra.wire.Endpoint;
import io.thyra.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/// Serves the resources of one API group at its address of the event bus. To be deployed on a virtual-thread context: a
/// request waits for admission and the store in direct style, on a task of its own.
public final class GroupVerticle extends VerticleBase {
  private final String group;
  private final Wire wire;
  private final GroupRoutes routes;

  /// @param group the API group, empty for core
  public GroupVerticle(String group, Wire wire, Registry registry) {
    this.group = group;
    this.wire = wire;
    this.routes = new GroupRoutes(registry);
  }

  @Override
  public Future<?> start() {
    return wire.serve(Endpoint.group(group), routes::handle);
  }
}
