package io.thyra.extensions;

import io.thyra.cel.Costs;
import io.thyra.cel.DeclType;
import io.thyra.cel.Escaping;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the rules of one node of a schema are compiled with, and how often its values can be in one object at most. Types are made
/// only where there are rules. For one validation of a definition.
/// Source: apiextensions-apiserver pkg/apis/apiextensions/validation/cel_validation.go.
final class RuleContext {
  private static final int EXPENSIVE_MAX = 4;

  /// What all rules of a schema may cost together.
  static final class Total {
    private record Expensive(FieldPath path, long cost) {}

    private final List<Expensive> expensive = new ArrayList<>();
    private long sum;

    void add(FieldPath path, long cost) {
      sum = plus(sum, cost);
      if (cost >= Costs.ESTIMATED_DEFINITION_LIMIT / 100) {
        expensive.add(new Expensive(path, cost));
        expensive.sort(Comparator.comparingLong(Expensive::cost).reversed());
        if (expensive.size() > EXPENSIVE_MAX) {
          expensive.removeLast();
        }
      }
    }

    /// Complaints when the sum is too much.
    void tell(FieldPath path, List<FieldError> errors) {
      if (sum <= Costs.ESTIMATED_DEFINITION_LIMIT) {
        return;
      }
      for (Expensive each : expensive) {
        errors.add(
            FieldError.forbidden(
                each.path(), "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
      }
      String what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
      errors.add(FieldError.forbidden(path, tooMuch(what, sum, Costs.ESTIMATED_DEFINITION_LIMIT)));
    }
  }

  private final StructuralSchema schema;
  private final @Nullable RuleContext parent;
  private final Function<DeclType, @Nullable DeclType> fromParent;
  private final boolean inScope;
  // Null where nothing bounds it.
  private final @Nullable Long cardinality;
  private final Total total;
  private @Nullable Optional<DeclType> type;

  private RuleContext(
      StructuralSchema schema,
      @Nullable RuleContext parent,
      Function<DeclType, @Nullable DeclType> fromParent,
      @Nullable Long cardinality,
      Total total) {
    this.schema = schema;
    this.parent = parent;
    this.fromParent = fromParent;
    this.inScope = !schema.rules.isEmpty() || parent != null && parent.inScope;
    this.cardinality = cardinality;
    this.total = total;
  }

  static RuleContext of(StructuralSchema root) {
    return new RuleContext(root, null, _ -> null, 1L, new Total());
  }

  private RuleContext child(StructuralSchema child, Function<DeclType, @Nullable DeclType> accessor) {
    Long factor = elementsMax();
    Long times = cardinality == null || factor == null ? null : (Long) times(cardinality, factor);
    return new RuleContext(child, this, accessor, times, total);
  }

  RuleContext property(String name, StructuralSchema child) {
    return child(child, type -> Escaping.escape(name).isPresent() ? type.property(name) : null);
  }

  RuleContext element(StructuralSchema child) {
    return child(child, DeclType::element);
  }

  private @Nullable Long elementsMax() {
    return switch (schema.type) {
      case "object" -> schema.hasAdditional ? bound(schema.maxProperties) : (Long) 1L;
      case "array" -> bound(schema.maxItems);
      default -> 1L;
    };
  }

  private static @Nullable Long bound(@Nullable Long max) {
    return max == null ? null : (Long) Math.max(0L, max);
  }

  Total total() {
    return total;
  }

  /// The type of the values; empty when rules cannot see them.
  Optional<DeclType> type() {
    Optional<DeclType> known = type;
    if (known == null) {
      known = find();
      type = known;
    }
    return known;
  }

  private Optional<DeclType> find() {
    if (parent != null && parent.inScope) {
      Optional<DeclType> above = parent.type();
      if (above.isEmpty()) {
        return above;
      }
      DeclType found = fromParent.apply(above.get());
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.ofNullable(SchemaTypes.of(schema, parent == null || schema.embedded, "selfType"));
  }

  /// What a rule can cost in one object when it is asked for all values of the node.
  long timesCardinality(long cost, DeclType type) {
    // At least a comma stands between two values.
    long fitting = Costs.REQUEST_BYTES_MAX / (type.minSize() + 1);
    return times(cost, cardinality == null ? fitting : cardinality);
  }

  static String tooMuch(String what, long cost, long limit) {
    double factor = (double) cost / limit;
    String shown =
        factor > 100
            ? "more than 100x"
            : factor < 1.5 ? String.format(Locale.ROOT, "%fx", factor) : String.format(Locale.ROOT, "%.1fx", factor);
    return what
        + " exceeds budget by factor of "
        + shown
        + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
  }

  private static long plus(long left, long right) {
    return right > Long.MAX_VALUE - left ? Long.MAX_VALUE : left + right;
  }

  private static long times(long left, long right) {
    return left != 0 && right > Long.MAX_VALUE / left ? Long.MAX_VALUE : left * right;
  }
}
