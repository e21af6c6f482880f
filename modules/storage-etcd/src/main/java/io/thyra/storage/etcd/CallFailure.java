package io.thyra.storage.etcd;

/// Why a call to etcd has no answer, and what that says about its effect.
final class CallFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What is known of what was asked.
  enum Effect {
    /// It was not done and never will be, and asking again would be answered the same.
    REFUSED,
    /// It was not done and never will be; another time or another server may do it.
    NONE,
    /// It may have been done, or may be done yet.
    UNKNOWN
  }

  private static final int CANCELLED = 1;
  private static final int UNKNOWN_STATUS = 2;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int ABORTED = 10;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;

  private final Effect effect;

  private CallFailure(Effect effect, String message) {
    super(message, null, false, false);
    this.effect = effect;
  }

  Effect effect() {
    return effect;
  }

  /// No server was reached.
  static CallFailure unreachable(String server, Throwable cause) {
    return new CallFailure(Effect.NONE, "etcd at " + server + " cannot be reached: " + cause.getMessage());
  }

  /// The connection broke, or time ran out, after the request was sent.
  static CallFailure broken(String server, String what) {
    return new CallFailure(Effect.UNKNOWN, "etcd at " + server + " gave no answer: " + what);
  }

  /// The server said so. Which of its errors are raised before anything is proposed to the cluster: etcd server
  /// etcdserver/v3_server.go and api/v3rpc/interceptor.go.
  static CallFailure answered(int status, String message) {
    Effect effect =
        switch (status) {
          case UNAVAILABLE -> message.endsWith("no leader") ? Effect.NONE : Effect.UNKNOWN;
          case CANCELLED, UNKNOWN_STATUS, DEADLINE_EXCEEDED, ABORTED, INTERNAL -> Effect.UNKNOWN;
          default -> message.endsWith("too many requests") ? Effect.NONE : Effect.REFUSED;
        };
    return new CallFailure(effect, message);
  }

  boolean isCompacted() {
    return getMessage().endsWith("required revision has been compacted");
  }

  boolean isFutureRevision() {
    return getMessage().endsWith("required revision is a future revision");
  }

  boolean isLeaseNotFound() {
    return getMessage().endsWith("requested lease not found");
  }
}
