package io.thyra.backends;

import io.thyra.model.Failure;

/// Tells a client, in the place of the server behind this one, what went wrong. Called once at most, on the event loop of the
/// request, and only while nothing of an answer was sent.
@FunctionalInterface
public interface Complaint {
  void tell(Failure failure);
}
