package io.thyra.audit;

/// Takes audit events. Called on event loops, so it queues and returns; it may drop, never wait.
public interface AuditSink {
  /// Keeps nothing.
  AuditSink NONE =
      new AuditSink() {
        @Override
        public boolean enabled() {
          return false;
        }

        @Override
        public void accept(AuditEvent event) {}
      };

  /// Whether it is worth making events at all.
  boolean enabled();

  void accept(AuditEvent event);
}
