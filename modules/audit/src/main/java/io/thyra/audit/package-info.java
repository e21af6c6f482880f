/// Audit events and where they go. Start reading at [io.thyra.audit.AuditSink].
@NullMarked
package io.thyra.audit;

import org.jspecify.annotations.NullMarked;
