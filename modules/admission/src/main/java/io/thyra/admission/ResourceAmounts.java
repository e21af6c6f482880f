package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How much of which resource: a `ResourceList`. Absent and zero are two things. Immutable.
/// Source: apiserver pkg/quota/v1/resources.go.
final class ResourceAmounts {
  static final ResourceAmounts NONE = new ResourceAmounts(new TreeMap<>());

  private final TreeMap<String, Quantity> amounts;

  private ResourceAmounts(TreeMap<String, Quantity> amounts) {
    this.amounts = amounts;
  }

  /// Reads a map of quantities as it stands in an object; what is no quantity is left out.
  static ResourceAmounts of(ObjectValue map) {
    if (map.isEmpty()) {
      return NONE;
    }
    var amounts = new TreeMap<String, Quantity>();
    map.forEach(
        (name, value) -> {
          if (value instanceof StringValue(String text) && Quantity.isQuantity(text)) {
            amounts.put(name, Quantity.parse(text));
          }
        });
    return new ResourceAmounts(amounts);
  }

  static ResourceAmounts of(Map<String, Quantity> amounts) {
    return new ResourceAmounts(new TreeMap<>(amounts));
  }

  /// The amount, zero where it is absent.
  Quantity get(String name) {
    return amounts.getOrDefault(name, Quantity.ZERO);
  }

  @Nullable Quantity find(String name) {
    return amounts.get(name);
  }

  boolean has(String name) {
    return amounts.containsKey(name);
  }

  boolean isEmpty() {
    return amounts.isEmpty();
  }

  /// In the order of their names.
  Set<String> names() {
    return amounts.keySet();
  }

  Map<String, Quantity> map() {
    return new TreeMap<>(amounts);
  }

  ResourceAmounts plus(ResourceAmounts more) {
    return merge(more, Quantity::plus);
  }

  /// The difference over the names of both; what only the other has is below zero.
  ResourceAmounts minus(ResourceAmounts less) {
    var out = new TreeMap<>(amounts);
    less.amounts.forEach((name, amount) -> out.put(name, get(name).minus(amount)));
    return new ResourceAmounts(out);
  }

  ResourceAmounts max(ResourceAmounts other) {
    return merge(other, (a, b) -> b.compareTo(a) > 0 ? b : a);
  }

  private ResourceAmounts merge(ResourceAmounts other, BinaryOperator<Quantity> both) {
    if (other.isEmpty()) {
      return this;
    }
    var out = new TreeMap<>(amounts);
    other.amounts.forEach((name, amount) -> out.merge(name, amount, both));
    return new ResourceAmounts(out);
  }

  ResourceAmounts with(String name, Quantity amount) {
    var out = new TreeMap<>(amounts);
    out.put(name, amount);
    return new ResourceAmounts(out);
  }

  ResourceAmounts filter(Predicate<String> names) {
    var out = new TreeMap<>(amounts);
    out.keySet().removeIf(names.negate());
    return new ResourceAmounts(out);
  }

  /// Equal names with equal amounts, however they are written.
  boolean sameAs(ResourceAmounts other) {
    return amounts.equals(other.amounts);
  }

  ObjectValue toValue() {
    var out = ObjectValue.builder(amounts.size());
    amounts.forEach((name, amount) -> out.put(name, (Value) new StringValue(amount.toString())));
    return out.build();
  }

  /// The amounts as upstream prints a list of them: `cpu=1,memory=2Gi`.
  @Override
  public String toString() {
    var out = new StringBuilder();
    amounts.forEach((name, amount) -> out.append(out.isEmpty() ? "" : ",").append(name).append('=').append(amount));
    return out.toString();
  }
}
