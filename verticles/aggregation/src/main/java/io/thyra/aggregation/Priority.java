package io.thyra.aggregation;

/// The place of a group version in lists.
///
/// @param group `spec.groupPriorityMinimum`
/// @param version `spec.versionPriority`
public record Priority(int group, int version) {}
