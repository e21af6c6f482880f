/// Devices and claims on them. Start reading at [io.thyra.groups.resource.ResourceGroup].
@NullMarked
package io.thyra.groups.resource;

import org.jspecify.annotations.NullMarked;
