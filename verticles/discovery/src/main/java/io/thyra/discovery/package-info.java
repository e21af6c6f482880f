/// Everything that is no resource: discovery documents, OpenAPI, version, health, metrics, the keys of tokens. Start reading
/// at [io.thyra.discovery.DiscoveryVerticle].
@NullMarked
package io.thyra.discovery;

import org.jspecify.annotations.NullMarked;
