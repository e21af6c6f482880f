package io.thyra.audit;

import java.util.Set;

/// What a policy says of one request.
///
/// @param omitted the stages of which no event is made
/// @param omitManagedFields whether bodies are told without their managed fields
public record AuditVerdict(AuditLevel level, Set<AuditEvent.Stage> omitted, boolean omitManagedFields) {
  public AuditVerdict {
    omitted = Set.copyOf(omitted);
  }
}
