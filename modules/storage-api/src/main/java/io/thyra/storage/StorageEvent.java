package io.thyra.storage;

import java.util.Optional;

/// A change of one key. For a deletion `current` is empty and `previous` is what was deleted.
///
/// @param revision the revision of the change
/// @param previous the value before, empty for a creation
public record StorageEvent(long revision, String key, Optional<Stored> current, Optional<Stored> previous) {}
