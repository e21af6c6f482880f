/// Storage versions. Start reading at [io.thyra.groups.internal.InternalGroup].
@NullMarked
package io.thyra.groups.internal;

import org.jspecify.annotations.NullMarked;
