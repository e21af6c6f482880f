package io.thyra.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;
import io.thyra.model.NullValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes steps of a checked expression. Costs are charged as cel-go charges them: for each variable and field, for calls by
/// [CallCosts], for what is made; nothing for constants and for the logical operators themselves. One run each.
/// Source: cel-go interpreter/planner.go, interpretable.go, runtimecost.go.
final class Planner {
  /// A constant, so that what is made only of constants is made once.
  private record Constant(Object value) implements Step {
    @Override
    public Object evaluate(Frame frame) {
      return value;
    }
  }

  private final CelAbstractSyntaxTree ast;
  private final Map<String, List<Overload>> overloads;
  private final Map<String, Integer> scope = new HashMap<>();
  private int slots;

  private Planner(CelAbstractSyntaxTree ast, Map<String, List<Overload>> overloads) {
    this.ast = ast;
    this.overloads = overloads;
  }

  /// Steps and how many slots they need.
  record Plan(Step step, int slots) {}

  static Plan plan(CelAbstractSyntaxTree ast, Map<String, List<Overload>> overloads) {
    var planner = new Planner(ast, overloads);
    Step step = planner.step(ast.getExpr());
    return new Plan(step, planner.slots);
  }

  private Step step(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> new Constant(constant(expr.constant()));
      case IDENT -> ident(expr, expr.ident().name());
      case SELECT -> select(expr);
      case CALL -> call(expr);
      case LIST -> list(expr.list());
      case MAP -> map(expr.map());
      case STRUCT -> struct(expr);
      case COMPREHENSION -> comprehension(expr.comprehension());
      case NOT_SET -> throw new IllegalStateException("an expression without a kind");
    };
  }

  private List<Step> steps(List<CelExpr> exprs) {
    return exprs.stream().map(this::step).toList();
  }

  private static Object constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case NULL_VALUE -> NullValue.NULL;
      case BOOLEAN_VALUE -> constant.booleanValue();
      case INT64_VALUE -> constant.int64Value();
      case UINT64_VALUE -> constant.uint64Value();
      case DOUBLE_VALUE -> constant.doubleValue();
      case STRING_VALUE -> constant.stringValue();
      case BYTES_VALUE -> constant.bytesValue();
      default -> throw new IllegalStateException("a constant of kind " + constant.getKind());
    };
  }

  private Step ident(CelExpr expr, String name) {
    Integer slot = scope.get(name);
    if (slot != null) {
      int index = slot;
      return frame -> {
        frame.charge(Costs.SELECT);
        Object value = frame.slot(index);
        if (value instanceof EvaluationException error) {
          throw error;
        }
        return value;
      };
    }
    String variable = ast.getReference(expr.id()).map(CelReference::name).filter(n -> !n.isEmpty()).orElse(name);
    if (ast.getType(expr.id()).map(type -> type.kind() == CelKind.TYPE).orElse(false)) {
      return new Constant(new TypeValue(variable));
    }
    return frame -> {
      frame.charge(Costs.SELECT);
      return frame.variable(variable);
    };
  }

  private Step select(CelExpr expr) {
    CelExpr.CelSelect select = expr.select();
    Optional<CelReference> reference = ast.getReference(expr.id());
    if (reference.isPresent() && !reference.get().name().isEmpty()) {
      return ident(expr, reference.get().name());
    }
    Step operand = step(select.operand());
    String field = select.field();
    if (select.testOnly()) {
      return frame -> has(operand.evaluate(frame), field);
    }
    return frame -> {
      Object value = operand.evaluate(frame);
      frame.charge(Costs.SELECT);
      return selected(value, field);
    };
  }

  private static boolean has(Object value, String field) {
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() && has(optional.get(), field);
    }
    if (value instanceof CelMap map) {
      return map.find(field) != null;
    }
    throw EvaluationException.noSuchKey(field);
  }

  private static Object selected(Object value, String field) {
    if (value instanceof CelMap map) {
      Object found = map.find(field);
      if (found != null) {
        return found;
      }
    } else if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? optionalField(optional.get(), field) : optional;
    } else if (value instanceof List<?>) {
      throw new EvaluationException("unsupported index type 'string' in list");
    }
    throw EvaluationException.noSuchKey(field);
  }

  /// What may be in a field, an optional already opened.
  private static Object optionalField(Object value, Object key) {
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? optionalField(optional.get(), key) : optional;
    }
    return Optional.ofNullable(StandardFunctions.findIndex(value, key));
  }

  private Step call(CelExpr expr) {
    CelExpr.CelCall call = expr.call();
    List<CelExpr> all = new ArrayList<>();
    call.target().ifPresent(all::add);
    all.addAll(call.args());
    String function = call.function();
    List<String> ids = ast.getReference(expr.id()).map(r -> (List<String>) r.overloadIds()).orElse(List.of());
    return switch (function) {
      case "_&&_" -> junction(step(all.get(0)), step(all.get(1)), false);
      case "_||_" -> junction(step(all.get(0)), step(all.get(1)), true);
      case "_?_:_" -> conditional(step(all.get(0)), step(all.get(1)), step(all.get(2)));
      case "@not_strictly_false", "__not_strictly_false__" -> notStrictlyFalse(step(all.get(0)));
      case "_?._" -> optionalSelect(step(all.get(0)), step(all.get(1)));
      case "_[?_]" -> optionalSelect(step(all.get(0)), step(all.get(1)));
      case "_[_]" -> index(step(all.get(0)), step(all.get(1)));
      case "or" -> or(step(all.get(0)), step(all.get(1)));
      case "orValue" -> orValue(step(all.get(0)), step(all.get(1)));
      default -> general(function, ids, steps(all));
    };
  }

  /// `&&` and `||`: one side can settle it, whatever becomes of the other.
  private static Step junction(Step left, Step right, boolean settling) {
    return frame -> {
      EvaluationException problem = null;
      for (Step side : List.of(left, right)) {
        try {
          Object value = side.evaluate(frame);
          if (!(value instanceof Boolean bool)) {
            problem = problem == null ? EvaluationException.noSuchOverload() : problem;
          } else if (bool == settling) {
            return settling;
          }
        } catch (CostLimitException e) {
          throw e;
        } catch (EvaluationException e) {
          problem = problem == null ? e : problem;
        }
      }
      if (problem != null) {
        throw problem;
      }
      return !settling;
    };
  }

  private static Step conditional(Step condition, Step yes, Step no) {
    return frame -> (StandardFunctions.bool(condition.evaluate(frame)) ? yes : no).evaluate(frame);
  }

  private static Step notStrictlyFalse(Step operand) {
    return frame -> {
      Object value;
      try {
        value = operand.evaluate(frame);
      } catch (CostLimitException e) {
        throw e;
      } catch (EvaluationException _) {
        value = true;
      }
      frame.charge(1);
      return !Boolean.FALSE.equals(value);
    };
  }

  private static Step optionalSelect(Step operand, Step key) {
    return frame -> {
      Object value = operand.evaluate(frame);
      Object name = key.evaluate(frame);
      frame.charge(Costs.SELECT);
      return optionalField(value, name);
    };
  }

  private static Step index(Step operand, Step key) {
    return frame -> {
      Object value = operand.evaluate(frame);
      Object index = key.evaluate(frame);
      frame.charge(Costs.SELECT);
      return value instanceof Optional<?> ? optionalField(value, index) : StandardFunctions.index(value, index);
    };
  }

  private static Step or(Step left, Step right) {
    return frame -> {
      Optional<Object> value = StandardFunctions.optional(left.evaluate(frame));
      return value.isPresent() ? value : right.evaluate(frame);
    };
  }

  private static Step orValue(Step left, Step right) {
    return frame -> {
      Optional<Object> value = StandardFunctions.optional(left.evaluate(frame));
      return value.isPresent() ? value.get() : right.evaluate(frame);
    };
  }

  private Step general(String function, List<String> ids, List<Step> arguments) {
    List<Overload> candidates =
        overloads.getOrDefault(function, List.of()).stream().filter(o -> ids.isEmpty() || ids.contains(o.id())).toList();
    Overload.Body standard = StandardFunctions.find(function);
    // cel-go knows the overload of a call only when there is one alone.
    String id = equality(function, ids);
    Step[] steps = arguments.toArray(Step[]::new);
    boolean member = function.equals("@in") && steps[1] instanceof Constant;
    return frame -> {
      var values = new Object[steps.length];
      for (int i = 0; i < steps.length; i++) {
        values[i] = steps[i].evaluate(frame);
      }
      Object result = apply(candidates, standard, values);
      if (!member) {
        frame.charge(CallCosts.actual(function, id, values, result));
      }
      return result;
    };
  }

  private static String equality(String function, List<String> ids) {
    return switch (function) {
      case "_==_" -> "equals";
      case "_!=_" -> "not_equals";
      default -> ids.size() == 1 ? ids.getFirst() : "";
    };
  }

  private static Object apply(List<Overload> candidates, Overload.@Nullable Body standard, Object[] values) {
    for (Overload candidate : candidates) {
      if (candidate.accepts(values)) {
        return candidate.body().apply(values);
      }
    }
    if (standard == null) {
      throw EvaluationException.noSuchOverload();
    }
    return standard.apply(values);
  }

  private Step list(CelExpr.CelList list) {
    List<Step> items = steps(list.elements());
    List<Integer> optional = List.copyOf(list.optionalIndices());
    if (optional.isEmpty() && items.stream().allMatch(Constant.class::isInstance)) {
      return new Constant(items.stream().map(s -> ((Constant) s).value()).toList());
    }
    return frame -> {
      var values = new ArrayList<Object>(items.size());
      for (int i = 0; i < items.size(); i++) {
        Object value = items.get(i).evaluate(frame);
        if (optional.contains(i)) {
          StandardFunctions.optional(value).ifPresent(values::add);
        } else {
          values.add(value);
        }
      }
      frame.charge(Costs.LIST_CREATE);
      return values;
    };
  }

  private record Entry(Step key, Step value, boolean optional) {}

  private Step map(CelExpr.CelMap map) {
    List<Entry> entries = map.entries().stream().map(e -> new Entry(step(e.key()), step(e.value()), e.optionalEntry())).toList();
    return frame -> {
      var values = new LinkedHashMap<Object, Object>();
      for (Entry entry : entries) {
        Object key = entry.key().evaluate(frame);
        Object value = entry.value().evaluate(frame);
        if (entry.optional()) {
          StandardFunctions.optional(value).ifPresent(v -> values.put(LiteralMap.key(key), v));
        } else {
          values.put(LiteralMap.key(key), value);
        }
      }
      frame.charge(Costs.MAP_CREATE);
      return new LiteralMap(values);
    };
  }

  private record FieldStep(String name, Step value, boolean optional) {}

  private Step struct(CelExpr expr) {
    String name = ast.getType(expr.id()).map(type -> type.name()).orElse(expr.struct().messageName());
    List<FieldStep> fields =
        expr.struct().entries().stream().map(e -> new FieldStep(e.fieldKey(), step(e.value()), e.optionalEntry())).toList();
    return frame -> {
      var values = new LinkedHashMap<String, Object>();
      for (FieldStep field : fields) {
        Object value = field.value().evaluate(frame);
        if (field.optional()) {
          StandardFunctions.optional(value).ifPresent(v -> values.put(field.name(), v));
        } else {
          values.put(field.name(), value);
        }
      }
      frame.charge(Costs.STRUCT_CREATE);
      return new StructValue(name, values);
    };
  }

  private Step comprehension(CelExpr.CelComprehension comprehension) {
    Step range = step(comprehension.iterRange());
    Step init = step(comprehension.accuInit());
    int accu = slots++;
    int first = slots++;
    int second = slots++;
    boolean two = !comprehension.iterVar2().isEmpty();
    Integer outerAccu = scope.put(comprehension.accuVar(), accu);
    Integer outerFirst = scope.put(comprehension.iterVar(), first);
    Integer outerSecond = two ? scope.put(comprehension.iterVar2(), second) : null;
    Step condition = step(comprehension.loopCondition());
    Step body = step(comprehension.loopStep());
    if (two) {
      restore(comprehension.iterVar2(), outerSecond);
    }
    restore(comprehension.iterVar(), outerFirst);
    // The result sees the accumulator alone; a loop variable of the same name was put back before.
    scope.put(comprehension.accuVar(), accu);
    Step result = step(comprehension.result());
    restore(comprehension.accuVar(), outerAccu);
    return frame -> {
      Object container = range.evaluate(frame);
      frame.slot(accu, init.evaluate(frame));
      Loop loop = new Loop(frame, accu, condition, body);
      switch (container) {
        case List<?> list -> {
          for (int i = 0; i < list.size(); i++) {
            if (two) {
              frame.slot(first, (long) i);
              frame.slot(second, list.get(i));
            } else {
              frame.slot(first, list.get(i));
            }
            if (!loop.round()) {
              break;
            }
          }
        }
        case CelMap map -> {
          for (Object key : map.keys()) {
            frame.slot(first, key);
            if (two) {
              frame.slot(second, Objects.requireNonNull(map.find(key)));
            }
            if (!loop.round()) {
              break;
            }
          }
        }
        default -> throw new EvaluationException("got '" + CelValues.typeName(container) + "', expected iterable type");
      }
      return result.evaluate(frame);
    };
  }

  /// The rounds of a comprehension; a step without a value is kept as the value of the accumulator.
  private record Loop(Frame frame, int accu, Step condition, Step body) {
    boolean round() {
      Object go;
      try {
        go = condition.evaluate(frame);
      } catch (CostLimitException e) {
        throw e;
      } catch (EvaluationException _) {
        return false;
      }
      if (!Boolean.TRUE.equals(go)) {
        return false;
      }
      try {
        frame.slot(accu, body.evaluate(frame));
      } catch (CostLimitException e) {
        throw e;
      } catch (EvaluationException e) {
        frame.slot(accu, e);
      }
      return true;
    }
  }

  private void restore(String name, @Nullable Integer slot) {
    if (slot == null) {
      scope.remove(name);
    } else {
      scope.put(name, slot);
    }
  }
}
