package io.thyra.model;

import java.util.List;

/// An expected outcome of a request that did not do what was asked. [Status#of(Failure)] says how each is told.
/// `resource` is the resource of the request, not the kind, except where a record names a kind.
public sealed interface Failure {
  record NotFound(GroupResource resource, String name) implements Failure {}

  record AlreadyExists(GroupResource resource, String name) implements Failure {}

  /// A write that met another state than it expected. `why` is the rest of upstream's sentence.
  record Conflict(GroupResource resource, String name, String why) implements Failure {
    /// The text of a stale resourceVersion.
    public static final String MODIFIED =
        "the object has been modified; please apply your changes to the latest version and try again";
  }

  /// Server-side apply met fields of other managers; one cause a field.
  record ApplyConflict(String message, List<Status.Cause> causes) implements Failure {
    public ApplyConflict {
      causes = List.copyOf(causes);
    }
  }

  /// An object that breaks rules. The group of `kind` is printed only where upstream prints it.
  record Invalid(GroupKind kind, String name, List<FieldError> errors) implements Failure {
    public Invalid {
      errors = List.copyOf(errors);
    }
  }

  record BadRequest(String message) implements Failure {}

  record Unauthorized(String message) implements Failure {
    public static final Unauthorized PLAIN = new Unauthorized("Unauthorized");
  }

  record Forbidden(GroupResource resource, String name, String why) implements Failure {}

  record MethodNotSupported(GroupResource resource, String action) implements Failure {}

  record NotAcceptable(String message) implements Failure {}

  record UnsupportedMediaType(String message) implements Failure {}

  record RequestEntityTooLarge(String message) implements Failure {}

  /// What was asked for is older than what is kept.
  record Expired(String message) implements Failure {}

  /// A page of a list that is forgotten; the token continues it with what is there now.
  record ExpiredContinue(String message, String continueToken) implements Failure {}

  record Gone(String message) implements Failure {}

  record TooManyRequests(String message, int retryAfterSeconds) implements Failure {}

  record Timeout(String message, int retryAfterSeconds) implements Failure {}

  record ServerTimeout(GroupResource resource, String operation, int retryAfterSeconds) implements Failure {}

  record TooLargeResourceVersion(long asked, long current) implements Failure {}

  /// Something that should not happen; `message` is shown to the client.
  record Internal(String message) implements Failure {}

  record ServiceUnavailable(String message) implements Failure {}

  /// An error that upstream answers with a code and a message and no reason.
  record Unclassified(int code, String message) implements Failure {}

  /// A status that somebody else worded: an admission plugin, an extension, one of upstream's odd ones.
  record Told(Status status) implements Failure {}

  default ApiException toException() {
    return new ApiException(this);
  }
}
