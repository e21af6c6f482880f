package io.thyra.model;

/// What a rule tells the audit log of one request beside what every event says.
///
/// @param key a qualified name with one slash, which is said once of a request: the first value stays
/// @param tellsBody whether the value tells of the body, so that it is only written where bodies are
public record AuditAnnotation(String key, String value, boolean tellsBody) {}
