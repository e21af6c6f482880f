package io.thyra.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the plugins that change one request's object tell each other: whether they want another round, and what they
/// remember from the first. Owned by the task that serves the request.
/// Source: apiserver pkg/admission/attributes.go, reinvocation.go.
public final class Reinvocation {
  private final Map<Class<?>, Object> memories = new HashMap<>();
  private boolean wanted;
  private boolean secondRound;

  /// Asks for a second round, since the object changed after other plugins saw it.
  public void want() {
    wanted = true;
  }

  public boolean isSecondRound() {
    return secondRound;
  }

  boolean startSecondRound() {
    secondRound = wanted;
    return wanted;
  }

  /// What a plugin remembers of this request, told apart by its type.
  public <T> T memory(Class<T> type, Supplier<T> absent) {
    return type.cast(memories.computeIfAbsent(type, _ -> absent.get()));
  }
}
