package io.thyra.registry;

import io.thyra.model.ObjectValue;

/// How a deletion ended.
///
/// @param object the object as it was last or, while it is held, as it is
/// @param gone whether it was deleted at once
/// @param whole whether the answer shows the object, else a Status about it
public record DeleteOutcome(ObjectValue object, boolean gone, boolean whole) {}
