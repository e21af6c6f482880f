/// The kinds of the core group. Start reading at [io.thyra.groups.core.CoreGroup].
@NullMarked
package io.thyra.groups.core;

import org.jspecify.annotations.NullMarked;
