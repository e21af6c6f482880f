package io.thyra.codec;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a list says besides its items.
///
/// @param kind the kind of the list, `PodList`
/// @param continueToken empty when the list is complete
/// @param remainingItemCount null when it is not told
/// @param custom whether these are custom resources, whose lists print like any map: sorted, `continue` always there
public record ListHead(
    String apiVersion,
    String kind,
    String resourceVersion,
    String continueToken,
    @Nullable Long remainingItemCount,
    boolean custom) {
  public ListHead {
    Objects.requireNonNull(apiVersion);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(resourceVersion);
    Objects.requireNonNull(continueToken);
  }

  /// The metadata of the list as it is printed.
  public ObjectValue metadata() {
    var out = ObjectValue.builder(3);
    if (!custom && !resourceVersion.isEmpty()) {
      out.put("resourceVersion", resourceVersion);
    }
    if (custom || !continueToken.isEmpty()) {
      out.put("continue", continueToken);
    }
    if (remainingItemCount != null) {
      out.put("remainingItemCount", remainingItemCount);
    }
    if (custom) {
      out.put("resourceVersion", resourceVersion);
    }
    return out.build();
  }

  /// The list as a tree; items of built-in lists without their kind and apiVersion.
  public ObjectValue tree(Iterable<ObjectValue> items) {
    var listed = new java.util.ArrayList<Value>();
    for (ObjectValue item : items) {
      listed.add(custom ? item : item.without("kind").without("apiVersion"));
    }
    var out = ObjectValue.builder(4);
    if (custom) {
      return out.put("apiVersion", apiVersion).put("items", new ListValue(listed)).put("kind", kind).put("metadata", metadata()).build();
    }
    return out.put("kind", kind).put("apiVersion", apiVersion).put("metadata", metadata()).put("items", new ListValue(listed)).build();
  }
}
