package io.thyra.storage;

import java.util.List;

/// Keys of one snapshot in order.
///
/// @param revision the revision of the snapshot
/// @param more whether the prefix has keys behind the last one
/// @param remaining how many keys are behind the last one; 0 unless asked for
public record Page(List<Stored> items, long revision, boolean more, long remaining) {
  public Page {
    items = List.copyOf(items);
  }
}
