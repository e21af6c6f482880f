/// Current state and bounded history of each resource, kept in memory from the store's own stream of changes. Readers take
/// immutable snapshots; watchers pull from the history, each with a cursor of its own. Start reading at
/// [io.thyra.cache.ResourceCache].
@NullMarked
package io.thyra.cache;

import org.jspecify.annotations.NullMarked;
