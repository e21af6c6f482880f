package io.thyra.group;

import io.thyra.registry.ResourceStrategy;

/// The rules that a write follows: the resource's own, or those of the part that it names.
@FunctionalInterface
interface Strategies {
  ResourceStrategy of(ResourceRequest request);
}
