/// Names and values: what a kind, a resource and a path into an object are called, the immutable value
/// tree that every object is while it is being written, and the outcomes that a client is told.
/// Start reading at [io.thyra.model.ObjectValue] and [io.thyra.model.Failure].
@NullMarked
package io.thyra.model;

import org.jspecify.annotations.NullMarked;
