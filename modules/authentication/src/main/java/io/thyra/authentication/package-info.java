/// Who calls: client certificates, static tokens, service-account tokens, front proxies, anonymous.
/// Start reading at [io.thyra.authentication.AuthenticatorChain].
@NullMarked
package io.thyra.authentication;

import org.jspecify.annotations.NullMarked;
