package io.thyra.storage;

import io.vertx.core.buffer.Buffer;

/// A key with its value as a revision left it. The buffer must not be changed by anybody.
///
/// @param createRevision the revision that created the key
/// @param modRevision the revision of this value
public record Stored(String key, Buffer value, long createRevision, long modRevision) {}
