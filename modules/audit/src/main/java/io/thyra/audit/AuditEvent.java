package io.thyra.audit;

import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened to one request up to a stage. Source: apiserver pkg/apis/audit/types.go.
///
/// @param user who was authenticated; null where nobody was
/// @param impersonated who is acted as; null when nobody is
/// @param authenticationConstraint the verb that allowed a constrained impersonation, empty otherwise
/// @param code of the answer; 0 before it has begun
/// @param status of an answer that is a Status; null otherwise
/// @param requestBody what was sent; null for nothing, and before it was read
/// @param responseBody what was answered; null for nothing, and where the level does not ask for it
public record AuditEvent(
    AuditVerdict verdict,
    String auditId,
    Stage stage,
    String requestUri,
    RequestInfo info,
    @Nullable UserInfo user,
    @Nullable UserInfo impersonated,
    String authenticationConstraint,
    List<String> sourceIps,
    String userAgent,
    int code,
    @Nullable Status status,
    @Nullable AuditBody requestBody,
    @Nullable AuditBody responseBody,
    Instant received,
    Instant stageTime,
    Map<String, String> annotations) {
  /// Where a request stands when it is told.
  public enum Stage {
    REQUEST_RECEIVED("RequestReceived"),
    RESPONSE_STARTED("ResponseStarted"),
    RESPONSE_COMPLETE("ResponseComplete"),
    PANIC("Panic");

    private final String word;

    Stage(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    static Optional<Stage> find(String word) {
      for (Stage stage : values()) {
        if (stage.word.equals(word)) {
          return Optional.of(stage);
        }
      }
      return Optional.empty();
    }
  }

  public AuditEvent {
    sourceIps = List.copyOf(sourceIps);
    annotations = Map.copyOf(annotations);
  }

  AuditEvent withoutBodies() {
    return new AuditEvent(
        verdict, auditId, stage, requestUri, info, user, impersonated, authenticationConstraint, sourceIps, userAgent, code, status, null, null,
        received, stageTime, annotations);
  }

  /// What the event keeps alive until it is written.
  long bodyBytes() {
    return (requestBody == null ? 0 : requestBody.length()) + (responseBody == null ? 0 : responseBody.length());
  }
}
