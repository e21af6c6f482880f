package io.thyra.admission;

import java.util.HashMap;
import java.util.Map;

/// What the plugins that change one request's object tell each other: whether they want another round, and what they
/// remember from the first. Owned by the task that serves the request.
/// Source: apiserver pkg/admission/attributes.go, reinvocation.go.
public final class Reinvocation {
  private final Map<Class<?>, Rounds> rounds = new HashMap<>();
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

  /// What a plugin remembers of its rounds, told apart by its type.
  public Rounds rounds(Class<? extends Plugin> plugin) {
    return rounds.computeIfAbsent(plugin, _ -> new Rounds(this));
  }
}
