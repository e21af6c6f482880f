/// Leases. Start reading at [io.thyra.groups.coordination.CoordinationGroup].
@NullMarked
package io.thyra.groups.coordination;

import org.jspecify.annotations.NullMarked;
