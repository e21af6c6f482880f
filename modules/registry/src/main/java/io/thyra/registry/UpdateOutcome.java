package io.thyra.registry;

import io.thyra.model.ObjectValue;

/// How an update ended.
///
/// @param created whether there was no such object before
public record UpdateOutcome(ObjectValue object, boolean created) {}
