/// Who may do what: RBAC over the roles and bindings in the store, its bootstrap policy, and the simple modes.
/// Start reading at [io.thyra.authorization.RbacAuthorizer].
@NullMarked
package io.thyra.authorization;

import org.jspecify.annotations.NullMarked;
