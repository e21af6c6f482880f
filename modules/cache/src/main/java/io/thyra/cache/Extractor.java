package io.thyra.cache;

import io.thyra.storage.Stored;

/// Takes the attributes out of a stored value. Called once for each object, when the cache takes it in, by the thread that
/// brings the change; must be quick and must not block. What it throws is logged and leaves the object without attributes.
@FunctionalInterface
public interface Extractor {
  Attributes extract(Stored stored);
}
