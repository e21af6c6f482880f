/// Storage version migrations. Start reading at [io.thyra.groups.storagemigration.StorageMigrationGroup].
@NullMarked
package io.thyra.groups.storagemigration;

import org.jspecify.annotations.NullMarked;
