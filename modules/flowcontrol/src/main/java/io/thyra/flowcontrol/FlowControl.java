package io.thyra.flowcontrol;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.util.Objects;
import java.util.Optional;

/// Says which flow schema and which priority level a request belongs to. Asked on event loops for every request.
@FunctionalInterface
public interface FlowControl {
  /// What the answer's `X-Kubernetes-PF-FlowSchema-UID` and `-PriorityLevel-UID` headers tell.
  ///
  /// @param traffic where the request is counted
  record Classified(
      String flowSchemaUid, String priorityLevelUid, String flowSchema, String priorityLevel, boolean exempt, Traffic traffic) {
    public Classified(String flowSchemaUid, String priorityLevelUid, String flowSchema, String priorityLevel, boolean exempt) {
      this(flowSchemaUid, priorityLevelUid, flowSchema, priorityLevel, exempt, new Traffic());
    }

    public Classified {
      Objects.requireNonNull(flowSchemaUid);
      Objects.requireNonNull(priorityLevelUid);
      Objects.requireNonNull(flowSchema);
      Objects.requireNonNull(priorityLevel);
    }
  }

  /// Classifies nothing: `--enable-priority-and-fairness=false`.
  FlowControl OFF = (_, _) -> Optional.empty();

  /// Empty when flow control is off or no schema matches, which the mandatory catch-all schema rules out.
  Optional<Classified> classify(UserInfo user, RequestInfo info);
}
