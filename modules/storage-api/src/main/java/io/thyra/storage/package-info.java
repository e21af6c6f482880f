/// What Thyra asks of a store: keys and values with one revision sequence, compare-and-set writes, lists of a snapshot,
/// and an ordered stream of what happened. Start reading at [io.thyra.storage.Storage].
@NullMarked
package io.thyra.storage;

import org.jspecify.annotations.NullMarked;
