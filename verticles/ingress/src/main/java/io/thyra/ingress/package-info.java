/// The front door: TLS, HTTP framing, the filter chain in upstream's order, request to ApiRequest, answer to the wire.
/// Knows no kind. Start reading at [io.thyra.ingress.IngressVerticle] and [io.thyra.ingress.FilterChain].
@NullMarked
package io.thyra.ingress;

import org.jspecify.annotations.NullMarked;
