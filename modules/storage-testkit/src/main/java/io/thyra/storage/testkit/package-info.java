/// What every storage engine must do, as tests: [io.thyra.storage.testkit.StorageContract], and the in-memory
/// [io.thyra.storage.testkit.ModelStorage] that random operations are compared with.
@NullMarked
package io.thyra.storage.testkit;

import org.jspecify.annotations.NullMarked;
