package io.thyra.audit;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Decides what is told of a request, and takes it. Called on event loops, so nothing here waits.
public interface AuditSink {
  /// What is kept without a wait.
  Future<Boolean> KEPT = Future.succeededFuture(true);

  /// Keeps nothing.
  AuditSink NONE =
      new AuditSink() {
        @Override
        public boolean enabled() {
          return false;
        }

        @Override
        public AuditVerdict decide(@Nullable UserInfo user, RequestInfo info) {
          throw new IllegalStateException("auditing is off");
        }

        @Override
        public Future<Boolean> accept(AuditEvent event) {
          return KEPT;
        }
      };

  /// Whether it is worth asking at all.
  boolean enabled();

  /// @param user null where nobody could be authenticated
  AuditVerdict decide(@Nullable UserInfo user, RequestInfo info);

  /// Takes an event, unless its stage is omitted. Completes when the request may go on, on any thread: at once where events
  /// are buffered, after the write where the mode is blocking; with false when the request must fail because its event is
  /// lost (`blocking-strict`).
  Future<Boolean> accept(AuditEvent event);
}
