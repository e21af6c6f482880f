/// Connections to servers that extend this one: where a Service's server is, whom to trust there, and webhooks. Start reading
/// at [io.thyra.backends.ServiceResolver] and [io.thyra.backends.WebhookConnections].
@NullMarked
package io.thyra.backends;

import org.jspecify.annotations.NullMarked;
