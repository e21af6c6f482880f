package io.thyra.storage;

/// A range of keys.
///
/// @param prefix what every key begins with
/// @param startKey the first key that may be returned; the prefix itself to begin at its first
/// @param limit the most keys that may be returned; 0 for all
/// @param revision the revision to list at; 0 for the newest
/// @param countRemaining whether [Page#remaining] is wanted
public record ListRequest(String prefix, String startKey, int limit, long revision, boolean countRemaining) {
  public static ListRequest all(String prefix) {
    return new ListRequest(prefix, prefix, 0, 0, false);
  }
}
