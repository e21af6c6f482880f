package io.thyra.machinery.apply;

import io.thyra.schema.Anything;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What a type says about a set of fields. Both functions return the same instance when nothing changes.
final class SetShape {
  private SetShape() {}

  /// The set with every declared field on the way to a member made a member too, so that taking the set out of an object
  /// leaves no empty shells. Source: structured-merge-diff fieldpath/set.go.
  static FieldSet withNamedFields(FieldSet set, @Nullable Shape shape) {
    if (shape == null || set.stepCount() == 0) {
      return set;
    }
    FieldSet out = set;
    var steps = new ArrayList<PathElement>(set.stepCount());
    var children = new ArrayList<FieldSet>(set.stepCount());
    boolean changed = false;
    for (int i = 0; i < set.stepCount(); i++) {
      PathElement step = set.stepAt(i);
      FieldSet child = withNamedFields(set.childAt(i), below(shape, step));
      changed |= child != set.childAt(i);
      steps.add(step);
      children.add(child);
      if (step instanceof PathElement.Name(String name) && Types.declares(shape, name)) {
        out = out.withMember(step);
      }
    }
    return changed ? FieldSet.of(out.members(), steps, children) : out;
  }

  private static @Nullable Shape below(Shape shape, PathElement step) {
    if (shape == Types.RAW) {
      return null;
    }
    return switch (step) {
      case PathElement.Name(String name) ->
          switch (shape) {
            case Struct _, MapOf _, Anything _ -> Types.field(shape, name);
            case ListOf _, Scalar _ -> null;
          };
      case PathElement.Key _ -> shape instanceof ListOf list ? list.item() : null;
      case PathElement.Item _, PathElement.Index _ -> null;
    };
  }

  /// The set as it reads under a type that has since made lists or objects atomic: whoever owned a part owns the whole.
  /// Source: structured-merge-diff typed/reconcile_schema.go.
  static FieldSet reconcile(FieldSet set, Shape shape) {
    return switch (shape) {
      case Struct struct ->
          struct.atomic() || Types.isDeduced(struct) ? set : descend(set, struct);
      case MapOf map -> map.atomic() || Types.isDeduced(map.value()) ? set : descend(set, map);
      case ListOf list -> list.type() == ListOf.Type.ATOMIC ? set : descend(set, list);
      case Scalar _, Anything _ -> set;
    };
  }

  private static FieldSet descend(FieldSet set, Shape shape) {
    FieldSet out = set;
    var steps = new ArrayList<PathElement>(set.stepCount());
    var children = new ArrayList<FieldSet>(set.stepCount());
    boolean changed = false;
    for (int i = 0; i < set.stepCount(); i++) {
      PathElement step = set.stepAt(i);
      FieldSet child = set.childAt(i);
      Shape below = known(shape, step);
      if (below != null && isAtomic(below) && !child.isEmpty()) {
        changed = true;
        out = out.withMember(step);
        continue;
      }
      FieldSet reconciled = below == null ? child : reconcile(child, below);
      changed |= reconciled != child;
      steps.add(step);
      children.add(reconciled);
    }
    return changed ? FieldSet.of(out.members(), steps, children) : out;
  }

  private static boolean isAtomic(Shape shape) {
    return shape == Types.RAW
        || Types.isAtomicObject(shape) && !Types.isDeduced(shape) && !(shape instanceof MapOf map && Types.isDeduced(map.value()))
        || shape instanceof ListOf list && list.type() == ListOf.Type.ATOMIC;
  }

  private static @Nullable Shape known(Shape shape, PathElement step) {
    return switch (shape) {
      case ListOf list -> list.item();
      case MapOf map -> map.value();
      case Struct struct ->
          step instanceof PathElement.Name(String name) && (struct.field(name) != null || struct.preserveUnknown())
              ? Types.field(struct, name)
              : null;
      case Scalar _, Anything _ -> null;
    };
  }
}
