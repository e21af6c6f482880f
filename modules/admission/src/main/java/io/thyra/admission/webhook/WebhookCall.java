package io.thyra.admission.webhook;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One question to one webhook, asked when it is made and answered when it is awaited. For one thread, which may wait.
/// Source: apiserver pkg/admission/plugin/webhook/mutating/dispatcher.go, validating/dispatcher.go, errors/statuserror.go.
final class WebhookCall {
  private static final int BAD_REQUEST = 400;

  private final Webhook webhook;
  private final VersionedRequest versioned;
  private final boolean mutating;
  private final int index;
  private final @Nullable ReviewRequest request;
  private final Future<ObjectValue> answer;

  /// @param index the place among the webhooks, as the audit log tells it
  /// @throws ApiException 400 for a dry run that the webhook has side effects in
  WebhookCall(WebhookClient client, Webhook webhook, VersionedRequest versioned, boolean mutating, int index) {
    this.webhook = webhook;
    this.versioned = versioned;
    this.mutating = mutating;
    this.index = index;
    if (versioned.attributes().context().dryRun() && !webhook.sideEffects().isEmpty() && !webhook.bearsDryRun()) {
      throw new Failure.BadRequest("admission webhook " + GoText.quote(webhook.name()) + " does not support dry run").toException();
    }
    Optional<ReviewRequest> review = ReviewRequest.of(webhook, versioned);
    this.request = review.orElse(null);
    this.answer =
        review.map(r -> client.post(webhook.endpoint(), r.body(), webhook.timeout())).orElseGet(() -> Future.failedFuture("no review"));
  }

  Webhook webhook() {
    return webhook;
  }

  int index() {
    return index;
  }

  /// What the webhook says, warnings told; it lets the request through.
  ///
  /// @throws CallFailure when it could not be asked
  /// @throws ApiException when it refuses
  ReviewResponse await() throws CallFailure {
    if (versioned.attributes().context().dryRun() && webhook.sideEffects().isEmpty()) {
      throw new CallFailure("Webhook SideEffects is nil");
    }
    if (request == null) {
      throw new CallFailure(
          "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)");
    }
    ReviewResponse response = ReviewResponse.read(awaitAnswer(), request, mutating);
    response.annotations().forEach((key, value) -> versioned.attributes().context().audit(webhook.name() + "/" + key, value));
    response.warnings().stream().filter(text -> !text.isEmpty()).forEach(versioned.attributes().context()::warn);
    if (!response.allowed()) {
      throw new Failure.Told(refusal(response.status().orElse(ObjectValue.EMPTY))).toException();
    }
    return response;
  }

  private ObjectValue awaitAnswer() throws CallFailure {
    AsyncResult<ObjectValue> settled = answer.transform(Future::succeededFuture).await();
    if (settled.succeeded()) {
      return settled.result();
    }
    throw switch (settled.cause()) {
      case WebhookClient.Unusable e -> new CallFailure("could not get REST client: " + e.getMessage());
      case Throwable e -> new CallFailure("failed to call webhook: " + e.getMessage());
    };
  }

  private Status refusal(ObjectValue told) {
    String deniedBy = "admission webhook " + GoText.quote(webhook.name()) + " denied the request";
    int code = Math.max(BAD_REQUEST, (int) told.integer(0, "code"));
    String reason = told.string("reason");
    String message = told.string("message");
    String whole;
    if (!message.isEmpty()) {
      whole = deniedBy + ": " + message;
    } else {
      whole = reason.isEmpty() ? deniedBy + " without explanation" : deniedBy + ": " + reason;
    }
    return Status.failure(code, reason, whole, details(told));
  }

  private static Status.@Nullable Details details(ObjectValue told) {
    if (!(told.get("details") instanceof ObjectValue details)) {
      return null;
    }
    List<Status.Cause> causes = new ArrayList<>();
    for (ObjectValue cause : details.list("causes").objects()) {
      causes.add(new Status.Cause(cause.string("reason"), cause.string("message"), cause.string("field")));
    }
    return new Status.Details(
        details.string("name"),
        details.string("group"),
        details.string("kind"),
        details.string("uid"),
        causes,
        (int) details.integer(0, "retryAfterSeconds"));
  }

  /// What is answered where a webhook that cannot be asked stops requests.
  ApiException closed(CallFailure failure) {
    return new Failure.Internal("failed calling webhook " + GoText.quote(webhook.name()) + ": " + failure.getMessage()).toException();
  }
}
