/// The kinds that are asked, not stored. Start reading at [io.thyra.groups.authentication.ReviewGroups].
@NullMarked
package io.thyra.groups.authentication;

import org.jspecify.annotations.NullMarked;
