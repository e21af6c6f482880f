package io.thyra.benchmarks;

import io.thyra.groups.EscalationCheck;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.Reviews;
import io.thyra.groups.StoredObjects;
import io.thyra.groups.core.Addresses;
import io.thyra.groups.core.AllocationMap;
import io.thyra.groups.core.ClusterAllocators;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// An empty cluster that stays empty: what the built-in kinds need when only their rules are measured.
final class Nothing implements StoredObjects {
  static GroupDependencies needs() {
    var nothing = new Nothing();
    var range = Addresses.parseRange("10.96.0.0/16").orElseThrow();
    return new GroupDependencies(
        nothing,
        new ClusterAllocators(() -> nothing, List.of(range), 30_000, 32_767, _ -> AllocationMap.inMemory(), new SplittableRandom(1)),
        (_, _, request) -> request,
        Reviews.NONE,
        List::of,
        true,
        _ -> new Authorizer.Decision.Allow(""),
        EscalationCheck.NONE,
        Set.of());
  }

  @Override
  public Optional<ObjectValue> find(GroupResource resource, String namespace, String name) {
    return Optional.empty();
  }

  @Override
  public List<ObjectValue> list(GroupResource resource, String namespace) {
    return List.of();
  }

  @Override
  public ObjectValue create(RequestContext context, GroupResource resource, ObjectValue object) {
    return object;
  }

  @Override
  public ObjectValue update(
      RequestContext context, GroupResource resource, String namespace, String name, UnaryOperator<ObjectValue> change) {
    throw new Failure.NotFound(resource, name).toException();
  }

  @Override
  public ObjectValue delete(RequestContext context, GroupResource resource, String namespace, String name, ObjectValue options) {
    throw new Failure.NotFound(resource, name).toException();
  }
}
