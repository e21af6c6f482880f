/// Webhooks and admission policies. Start reading at [io.thyra.groups.admissionregistration.AdmissionGroup].
@NullMarked
package io.thyra.groups.admissionregistration;

import org.jspecify.annotations.NullMarked;
