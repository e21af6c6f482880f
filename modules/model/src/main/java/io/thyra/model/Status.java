package io.thyra.model;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The answer that tells a client how a request ended: `kind: Status, apiVersion: v1`. Empty strings and zero are
/// absent on the wire. Source: apimachinery pkg/apis/meta/v1/types.go and pkg/api/errors/errors.go.
///
/// @param continueToken what `metadata.continue` says, empty for nothing
public record Status(
    String status, String message, String reason, @Nullable Details details, int code, String continueToken) {
  public static final String FAILURE = "Failure";
  public static final String SUCCESS = "Success";

  /// What the status is about. `group` and `kind` name the resource (or the kind, for invalid objects).
  public record Details(String name, String group, String kind, String uid, List<Cause> causes, int retryAfterSeconds) {
    public Details {
      causes = List.copyOf(causes);
    }

    public static Details of(GroupResource resource, String name) {
      return new Details(name, resource.group(), resource.resource(), "", List.of(), 0);
    }
  }

  /// One reason among several.
  public record Cause(String reason, String message, String field) {}

  public Status(String status, String message, String reason, @Nullable Details details, int code) {
    this(status, message, reason, details, code, "");
  }

  public Status {
    Objects.requireNonNull(status);
    Objects.requireNonNull(message);
    Objects.requireNonNull(reason);
  }

  public static Status failure(int code, String reason, String message, @Nullable Details details) {
    return new Status(FAILURE, message, reason, details, code);
  }

  /// The one place where an outcome becomes an HTTP code.
  public static Status of(Failure failure) {
    return switch (failure) {
      case Failure.NotFound(var resource, var name) ->
          failure(404, "NotFound", resource + " " + GoText.quote(name) + " not found", Details.of(resource, name));
      case Failure.AlreadyExists(var resource, var name) ->
          failure(409, "AlreadyExists", resource + " " + GoText.quote(name) + " already exists", Details.of(resource, name));
      case Failure.Conflict(var resource, var name, var why) ->
          failure(
              409,
              "Conflict",
              "Operation cannot be fulfilled on " + resource + " " + GoText.quote(name) + ": " + why,
              Details.of(resource, name));
      case Failure.ApplyConflict(var message, var causes) ->
          failure(409, "Conflict", message, new Details("", "", "", "", causes, 0));
      case Failure.Invalid(var kind, var name, var errors) -> invalid(kind, name, errors);
      case Failure.BadRequest(var message) -> failure(400, "BadRequest", message, null);
      case Failure.Unauthorized(var message) -> failure(401, "Unauthorized", message, null);
      case Failure.Forbidden(var resource, var name, var why) -> forbidden(resource, name, why);
      case Failure.MethodNotSupported(var resource, var action) ->
          failure(
              405,
              "MethodNotAllowed",
              action + " is not supported on resources of kind " + GoText.quote(resource.toString()),
              new Details("", resource.group(), resource.resource(), "", List.of(), 0));
      case Failure.NotAcceptable(var message) -> failure(406, "NotAcceptable", message, null);
      case Failure.UnsupportedMediaType(var message) -> failure(415, "UnsupportedMediaType", message, null);
      case Failure.RequestEntityTooLarge(var message) -> failure(413, "RequestEntityTooLarge", message, null);
      case Failure.Expired(var message) -> failure(410, "Expired", message, null);
      case Failure.ExpiredContinue(var message, var token) ->
          new Status(FAILURE, message, "Expired", null, 410, token);
      case Failure.Gone(var message) -> failure(410, "Gone", message, null);
      case Failure.TooManyRequests(var message, var seconds) ->
          failure(429, "TooManyRequests", message, new Details("", "", "", "", List.of(), seconds));
      case Failure.Timeout(var message, var seconds) ->
          failure(504, "Timeout", "Timeout: " + message, new Details("", "", "", "", List.of(), seconds));
      case Failure.ServerTimeout(var resource, var operation, var seconds) ->
          failure(
              500,
              "ServerTimeout",
              "The " + operation + " operation against " + resource + " could not be completed at this time, please try again.",
              new Details(operation, resource.group(), resource.resource(), "", List.of(), seconds));
      case Failure.TooLargeResourceVersion(var asked, var current) ->
          failure(
              504,
              "Timeout",
              "Timeout: Too large resource version: " + asked + ", current: " + current,
              new Details(
                  "", "", "", "", List.of(new Cause("ResourceVersionTooLarge", "Too large resource version", "")), 1));
      case Failure.Internal(var message) ->
          failure(
              500,
              "InternalError",
              "Internal error occurred: " + message,
              new Details("", "", "", "", List.of(new Cause("", message, "")), 0));
      case Failure.ServiceUnavailable(var message) -> failure(503, "ServiceUnavailable", message, null);
      case Failure.Unclassified(var code, var message) -> failure(code, "", message, null);
      case Failure.Told(var status) -> status;
    };
  }

  private static Status forbidden(GroupResource resource, String name, String why) {
    String message =
        resource.resource().isEmpty()
            ? "forbidden: " + why
            : name.isEmpty()
                ? resource + " is forbidden: " + why
                : resource + " " + GoText.quote(name) + " is forbidden: " + why;
    return failure(403, "Forbidden", message, Details.of(resource, name));
  }

  private static Status invalid(GroupKind kind, String name, List<FieldError> errors) {
    // Equal errors are told once, as upstream's aggregate does.
    List<String> texts = errors.stream().map(FieldError::toString).distinct().toList();
    String all = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    List<Cause> causes =
        errors.stream().map(e -> new Cause(e.type().reason(), e.message(), e.field())).collect(Collectors.toList());
    return failure(
        422,
        "Invalid",
        errors.isEmpty() ? kind + " " + GoText.quote(name) + " is invalid" : kind + " " + GoText.quote(name) + " is invalid: " + all,
        new Details(name, kind.group(), kind.kind(), "", causes, 0));
  }

  /// The status as the object that is sent, in the order of upstream's fields.
  public ObjectValue toValue() {
    var out = ObjectValue.builder();
    out.put("kind", "Status").put("apiVersion", "v1").put("metadata", listMeta());
    putText(out, "status", status);
    putText(out, "message", message);
    putText(out, "reason", reason);
    if (details != null) {
      out.put("details", toValue(details));
    }
    if (code != 0) {
      out.put("code", code);
    }
    return out.build();
  }

  private ObjectValue listMeta() {
    return continueToken.isEmpty() ? ObjectValue.EMPTY : ObjectValue.of("continue", new StringValue(continueToken));
  }

  private static ObjectValue toValue(Details details) {
    var out = ObjectValue.builder();
    putText(out, "name", details.name());
    putText(out, "group", details.group());
    putText(out, "kind", details.kind());
    putText(out, "uid", details.uid());
    if (!details.causes().isEmpty()) {
      out.put("causes", new ListValue(details.causes().stream().<Value>map(Status::toValue).toList()));
    }
    if (details.retryAfterSeconds() != 0) {
      out.put("retryAfterSeconds", details.retryAfterSeconds());
    }
    return out.build();
  }

  private static ObjectValue toValue(Cause cause) {
    var out = ObjectValue.builder(3);
    putText(out, "reason", cause.reason());
    putText(out, "message", cause.message());
    putText(out, "field", cause.field());
    return out.build();
  }

  private static void putText(ObjectValue.Builder out, String name, String text) {
    if (!text.isEmpty()) {
      out.put(name, text);
    }
  }
}
