/// Storage classes and drivers. Start reading at [io.thyra.groups.storage.StorageGroup].
@NullMarked
package io.thyra.groups.storage;

import org.jspecify.annotations.NullMarked;
