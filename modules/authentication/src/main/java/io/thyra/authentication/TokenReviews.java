package io.thyra.authentication;

import io.thyra.model.Authenticator.Authenticated;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Answers the reviews of authentication.k8s.io: whose token is this, who am I. Bodies are canonical.
/// Source: kubernetes pkg/registry/authentication.
public final class TokenReviews {
  private final BearerAuthenticator tokens;
  private final List<String> audiences;

  /// @param audiences those of this server, which a review that names none asks about
  public TokenReviews(BearerAuthenticator tokens, List<String> audiences) {
    this.tokens = tokens;
    this.audiences = List.copyOf(audiences);
  }

  /// The handler of a review, by the name of its resource.
  public Optional<Subresource.Action.Handler> find(String resource) {
    return switch (resource) {
      case "tokenreviews" -> Optional.of((_, _, _, body) -> review(body));
      case "selfsubjectreviews" -> Optional.of((context, _, _, body) -> self(context, body));
      default -> Optional.empty();
    };
  }

  private ObjectValue review(ObjectValue body) {
    if (body.string("spec", "token").isEmpty()) {
      throw new Failure.BadRequest("token is required for TokenReview in authentication").toException();
    }
    List<String> asked = body.list("spec", "audiences").strings();
    List<String> target = asked.isEmpty() ? audiences : asked;
    try {
      Optional<Authenticated> found = tokens.review(body.string("spec", "token"), target);
      if (found.isEmpty()) {
        return refused(body, BearerAuthenticator.unknownToken());
      }
      UserInfo user = AuthenticatorChain.grouped(found.get()).user();
      List<String> common = found.get().audiences().isEmpty() ? target : found.get().audiences();
      ObjectValue status =
          ObjectValue.builder()
              .put("authenticated", true)
              .put("user", user.toValue())
              .put("audiences", ListValue.ofStrings(common))
              .build();
      // An error that the client made up stays.
      String made = body.string("status", "error");
      return body.with("status", made.isEmpty() ? status : status.with("error", made));
    } catch (TokenAuthenticator.InvalidTokenException invalid) {
      return refused(body, invalid.getMessage());
    }
  }

  // What the client made up of the user and the audiences stays, only that it is authenticated does not.
  private static ObjectValue refused(ObjectValue body, String error) {
    ObjectValue made = body.object("status");
    var status = ObjectValue.builder().put("user", made.object("user"));
    if (made.has("audiences")) {
      status.put("audiences", made.list("audiences"));
    }
    return body.with("status", status.put("error", error).build());
  }

  private static ObjectValue self(RequestContext context, ObjectValue body) {
    String now = context.now().truncatedTo(ChronoUnit.SECONDS).toString();
    return ObjectValue.builder()
        .put("kind", body.string("kind"))
        .put("apiVersion", body.string("apiVersion"))
        .put("metadata", ObjectValue.of("creationTimestamp", new StringValue(now)))
        .put("status", ObjectValue.of("userInfo", context.user().toValue()))
        .build();
  }
}
