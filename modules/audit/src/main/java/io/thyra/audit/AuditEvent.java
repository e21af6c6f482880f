package io.thyra.audit;

import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happened to one request up to a stage. Source: apiserver pkg/apis/audit/types.go.
///
/// @param info null where the path could not be understood
/// @param user who was authenticated; null before that
/// @param impersonated who is acted as; null when nobody is
/// @param authenticationConstraint the verb that allowed a constrained impersonation, empty otherwise
/// @param code of the answer; 0 before it has begun
/// @param status of an answer that failed; null otherwise
public record AuditEvent(
    String auditId,
    Stage stage,
    String requestUri,
    @Nullable RequestInfo info,
    String method,
    @Nullable UserInfo user,
    @Nullable UserInfo impersonated,
    String authenticationConstraint,
    List<String> sourceIps,
    String userAgent,
    int code,
    @Nullable Status status,
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
  }

  public AuditEvent {
    sourceIps = List.copyOf(sourceIps);
    annotations = Map.copyOf(annotations);
  }
}
