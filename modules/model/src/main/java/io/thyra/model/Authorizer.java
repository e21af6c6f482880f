package io.thyra.model;

import java.util.List;
import java.util.Objects;

/// Decides whether a user may do something. Asked on event loops for every request, so it answers from memory; one that
/// has to ask somebody else (a webhook) answers from its cache or is asked on a thread that may wait, which
/// [#mayBlock] tells. Implementations are safe for use by many threads.
/// Source: apiserver pkg/authorization/authorizer/interfaces.go.
@FunctionalInterface
public interface Authorizer {
  /// The decision with the reason that a refused client is told; never throws for an expected outcome.
  Decision authorize(AuthorizationAttributes attributes);

  /// Whether [#authorize] may wait for longer than an event loop can bear.
  default boolean mayBlock() {
    return false;
  }

  /// What an authorizer says. No opinion passes the question on; at the end of the chain it is a refusal.
  /// `reason` is empty where there is none; the text is shown to the client of a refused request.
  sealed interface Decision {
    Decision NO_OPINION = new NoOpinion("");

    String reason();

    record Allow(String reason) implements Decision {
      public Allow {
        Objects.requireNonNull(reason);
      }
    }

    record Deny(String reason) implements Decision {
      public Deny {
        Objects.requireNonNull(reason);
      }
    }

    record NoOpinion(String reason) implements Decision {
      public NoOpinion {
        Objects.requireNonNull(reason);
      }
    }

    default boolean allowed() {
      return this instanceof Allow;
    }
  }

  /// The first opinion of several; when nobody has one, no opinion with all their reasons, a line each.
  static Authorizer union(List<Authorizer> authorizers) {
    return new AuthorizerUnion(authorizers);
  }
}
