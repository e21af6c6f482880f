package io.thyra.registry;

import io.thyra.cache.CachedObject;
import java.util.List;
import java.util.OptionalLong;

/// The objects that a list found.
///
/// @param revision the resourceVersion of the list
/// @param continueToken where the next page begins, empty for the last page
/// @param remaining how many objects are behind this page, where that is told
public record ListPage(List<CachedObject> items, long revision, String continueToken, OptionalLong remaining) {
  public ListPage {
    items = List.copyOf(items);
  }
}
