/// Endpoint slices. Start reading at [io.thyra.groups.discovery.DiscoveryGroup].
@NullMarked
package io.thyra.groups.discovery;

import org.jspecify.annotations.NullMarked;
