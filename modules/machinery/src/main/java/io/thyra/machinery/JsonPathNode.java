package io.thyra.machinery;

import io.thyra.model.Value;
import java.util.List;
import java.util.OptionalLong;

/// A parsed piece of a JSON path.
sealed interface JsonPathNode {
  /// Steps one after the other: what stands in one pair of braces.
  record Steps(List<JsonPathNode> nodes) implements JsonPathNode {}

  /// A value of its own; a text is found once, other constants once for each input.
  record Constant(Value value, boolean text) implements JsonPathNode {}

  record Field(String name) implements JsonPathNode {}

  /// Items of a list; `derived` when only one index was written.
  record Array(OptionalLong from, OptionalLong to, OptionalLong step, boolean derived) implements JsonPathNode {}

  enum Wildcard implements JsonPathNode {
    WILDCARD
  }

  enum Recursive implements JsonPathNode {
    RECURSIVE
  }

  /// Items of a list for which a comparison holds, or for which `left` finds anything when the operator is `exists`.
  record Filter(Steps left, Steps right, String operator) implements JsonPathNode {}

  record Union(List<Steps> branches) implements JsonPathNode {}

  record Identifier(String name) implements JsonPathNode {}
}
