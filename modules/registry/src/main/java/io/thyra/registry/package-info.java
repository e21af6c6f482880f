/// Every verb on every resource, over storage and a resource's declared behaviour. Start reading at
/// [io.thyra.registry.ResourceDefinition], what a resource is, and [io.thyra.registry.ResourceStrategy], its rules.
@NullMarked
package io.thyra.registry;

import org.jspecify.annotations.NullMarked;
