package io.thyra.discovery;

import java.util.Objects;
import java.util.function.Supplier;

/// A page of plain text that another part contributes, such as the dumps of priority and fairness.
///
/// @param path the exact path
/// @param text called on the discovery context (a virtual thread) at every request
public record Page(String path, Supplier<String> text) {
  public Page {
    Objects.requireNonNull(path);
    Objects.requireNonNull(text);
  }
}
