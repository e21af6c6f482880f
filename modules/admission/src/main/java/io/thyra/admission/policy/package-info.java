/// The plugins ValidatingAdmissionPolicy and MutatingAdmissionPolicy, and the match conditions of webhooks: what expressions in CEL
/// say about requests.
@NullMarked
package io.thyra.admission.policy;

import org.jspecify.annotations.NullMarked;
