/// Admission webhooks: start reading at [io.thyra.admission.webhook.MutatingWebhooks] and
/// [io.thyra.admission.webhook.ValidatingWebhooks].
@NullMarked
package io.thyra.admission.webhook;

import org.jspecify.annotations.NullMarked;
