/// Roles and their bindings. Start reading at [io.thyra.groups.rbac.RbacGroup].
@NullMarked
package io.thyra.groups.rbac;

import org.jspecify.annotations.NullMarked;
