/// Custom resource definitions and API services as resources. Start reading at [io.thyra.groups.extensions.ExtensionGroups].
@NullMarked
package io.thyra.groups.extensions;

import org.jspecify.annotations.NullMarked;
