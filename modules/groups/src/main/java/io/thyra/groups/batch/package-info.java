/// Jobs. Start reading at [io.thyra.groups.batch.BatchGroup].
@NullMarked
package io.thyra.groups.batch;

import org.jspecify.annotations.NullMarked;
