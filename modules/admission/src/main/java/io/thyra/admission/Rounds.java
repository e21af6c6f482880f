package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Whom a plugin that asks several others has asked about one request, over its two rounds. In the second round those are asked
/// again that want to and did not see the last change; all of them when somebody else changed the object in between. Owned by
/// the task that serves the request.
/// Source: apiserver pkg/admission/plugin/webhook/mutating/reinvocationcontext.go, policy/mutating/reinvocationcontext.go.
public final class Rounds {
  private final Reinvocation reinvocation;
  private final Set<String> asked = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private Optional<ObjectValue> output = Optional.empty();

  Rounds(Reinvocation reinvocation) {
    this.reinvocation = reinvocation;
  }

  /// Begins a round.
  ///
  /// @param given the request as it comes to the plugin
  public void begin(AdmissionAttributes given) {
    if (reinvocation.isSecondRound() && !output.equals(given.object())) {
      forget();
    }
  }

  /// Whether somebody who matches is to be asked in this round.
  public boolean asks(String who) {
    return !reinvocation.isSecondRound() || again.contains(who);
  }

  /// Somebody who wants to be asked again was asked.
  public void note(String who) {
    asked.add(who);
  }

  /// The object was changed: those before have not seen it so.
  public void changed() {
    forget();
    reinvocation.want();
  }

  /// Ends a round.
  ///
  /// @param left the request as the plugin leaves it
  public void end(AdmissionAttributes left) {
    output = left.object();
  }

  private void forget() {
    again.addAll(asked);
    asked.clear();
  }
}
