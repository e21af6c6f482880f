package io.thyra.audit;

import java.util.Optional;

/// How much is told of a request, from nothing to all. Source: apiserver pkg/apis/audit/types.go.
public enum AuditLevel {
  NONE("None"),
  METADATA("Metadata"),
  REQUEST("Request"),
  REQUEST_RESPONSE("RequestResponse");

  private final String word;

  AuditLevel(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public boolean covers(AuditLevel other) {
    return compareTo(other) >= 0;
  }

  static Optional<AuditLevel> find(String word) {
    for (AuditLevel level : values()) {
      if (level.word.equals(word)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
