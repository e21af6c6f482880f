/// Serves the resources of an API group over the event bus: a request is parsed, checked and decoded here, done by the
/// registry, and answered in the form that the client accepts. Start reading at [io.thyra.group.GroupVerticle].
@NullMarked
package io.thyra.group;

import org.jspecify.annotations.NullMarked;
