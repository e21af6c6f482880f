package io.thyra.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The worst that an expression can cost, from the sizes that the schema of its variable allows. One run each.
/// Source: cel-go checker/cost.go, ext/lists.go, ext/sets.go, apiserver pkg/cel/library/cost.go, apiextensions-apiserver
/// pkg/apiserver/schema/cel/compilation.go.
final class CostEstimator {
  private static final Set<String> ACCUMULATORS = Set.of("__result__", "@result");

  /// A part of the expression, or the items of one, as sizes are asked for.
  private record Node(List<String> path, CelType type, @Nullable CelExpr expr, @Nullable Range computed) {}

  /// The sizes of what is in a list or map.
  private record EntrySize(boolean ofList, Range key, Range value) {}

  private record Local(List<String> path, @Nullable Range size, @Nullable EntrySize entries) {}

  /// What a call costs apart from its arguments, and how large its result is.
  private record Call(Range cost, @Nullable Range resultSize) {}

  private final CelAbstractSyntaxTree ast;
  private final @Nullable DeclType root;
  private final Map<Long, List<String>> paths = new HashMap<>();
  private final Map<Long, Range> sizes = new HashMap<>();
  private final Map<Long, EntrySize> entrySizes = new HashMap<>();
  private final Map<String, Deque<Local>> locals = new HashMap<>();

  private CostEstimator(CelAbstractSyntaxTree ast, @Nullable DeclType root) {
    this.ast = ast;
    this.root = root;
  }

  /// @param root the type of the variables; null when nothing is known of them
  static Range estimate(CelAbstractSyntaxTree ast, @Nullable DeclType root) {
    return new CostEstimator(ast, root).cost(ast.getExpr());
  }

  private Range cost(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT, NOT_SET -> Range.ZERO;
      case IDENT -> ident(expr, expr.ident().name());
      case SELECT -> select(expr);
      case CALL -> call(expr);
      case LIST -> list(expr);
      case MAP -> map(expr);
      case STRUCT -> {
        Range sum = Range.of(Costs.STRUCT_CREATE);
        for (CelExpr.CelStruct.Entry entry : expr.struct().entries()) {
          sum = sum.plus(cost(entry.value()));
        }
        yield sum;
      }
      case COMPREHENSION -> isBind(expr.comprehension()) ? bind(expr) : comprehension(expr);
    };
  }

  private Range ident(CelExpr expr, String name) {
    Local local = local(name);
    paths.put(expr.id(), local == null ? List.of(name) : local.path());
    return Range.of(Costs.SELECT);
  }

  private Range select(CelExpr expr) {
    CelExpr.CelSelect select = expr.select();
    String qualified = ast.getReference(expr.id()).map(CelReference::name).orElse("");
    if (!qualified.isEmpty()) {
      return ident(expr, qualified);
    }
    Range sum = cost(select.operand());
    if (select.testOnly()) {
      return sum;
    }
    CelKind kind = type(select.operand()).kind();
    if (kind == CelKind.MAP || kind == CelKind.STRUCT || kind == CelKind.TYPE_PARAM) {
      sum = sum.plus(Range.of(Costs.SELECT));
    }
    paths.put(expr.id(), appended(path(select.operand()), select.field()));
    return sum;
  }

  private static List<String> appended(List<String> path, String step) {
    var longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }

  private Range call(CelExpr expr) {
    CelExpr.CelCall call = expr.call();
    if (call.function().equals("dyn") && call.args().size() == 1) {
      CelExpr argument = call.args().getFirst();
      Range cost = cost(argument);
      copySizes(expr, argument);
      return Range.of(1).plus(cost);
    }
    List<Range> costs = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    for (CelExpr argument : call.args()) {
      costs.add(cost(argument));
      nodes.add(node(argument));
    }
    List<String> overloads = ast.getReference(expr.id()).map(r -> (List<String>) r.overloadIds()).orElse(List.of());
    if (overloads.isEmpty()) {
      return Range.ZERO;
    }
    Range sum = Range.ZERO;
    Node target = null;
    if (call.target().isPresent()) {
      sum = sum.plus(cost(call.target().get()));
      target = node(call.target().get());
    }
    Range worst = null;
    Range resultSize = null;
    for (String overload : overloads) {
      Call one = function(expr, call.function(), overload, target, nodes, costs);
      worst = worst == null ? new Range(one.cost().min(), one.cost().max()) : worst.union(one.cost());
      if (one.resultSize() != null) {
        resultSize = resultSize == null ? one.resultSize() : resultSize.union(one.resultSize());
      }
      if (overload.equals("index_list") || overload.equals("index_map")) {
        EntrySize entries = entrySize(call.args().getFirst());
        resultSize = entries == null ? null : entries.value();
        paths.put(expr.id(), appended(path(call.args().getFirst()), overload.equals("index_list") ? "@items" : "@values"));
      }
      if (resultSize == null) {
        resultSize = size(expr);
      }
    }
    if (resultSize != null) {
      sizes.put(expr.id(), resultSize);
    }
    return sum.plus(Objects.requireNonNull(worst));
  }

  private Range list(CelExpr expr) {
    Range sum = Range.of(Costs.LIST_CREATE);
    Range item = null;
    for (CelExpr element : expr.list().elements()) {
      sum = sum.plus(cost(element));
      Range size = sizeOrUnknown(element);
      item = item == null ? size : item.union(size);
    }
    entrySizes.put(expr.id(), new EntrySize(true, Range.of(1), item == null ? Range.ZERO : item));
    return sum;
  }

  private Range map(CelExpr expr) {
    Range sum = Range.of(Costs.MAP_CREATE);
    Range key = null;
    Range value = null;
    for (CelExpr.CelMap.Entry entry : expr.map().entries()) {
      sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
      Range keySize = sizeOrUnknown(entry.key());
      Range valueSize = sizeOrUnknown(entry.value());
      key = key == null ? keySize : key.union(keySize);
      value = value == null ? valueSize : value.union(valueSize);
    }
    entrySizes.put(expr.id(), new EntrySize(false, key == null ? Range.ZERO : key, value == null ? Range.ZERO : value));
    return sum;
  }

  private static boolean isBind(CelExpr.CelComprehension comprehension) {
    CelExpr range = comprehension.iterRange();
    CelExpr condition = comprehension.loopCondition();
    return range.getKind() == CelExpr.ExprKind.Kind.LIST
        && range.list().elements().isEmpty()
        && condition.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && condition.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
        && !condition.constant().booleanValue()
        && !ACCUMULATORS.contains(comprehension.accuVar());
  }

  private Range bind(CelExpr expr) {
    CelExpr.CelComprehension bind = expr.comprehension();
    Range sum = cost(bind.iterRange()).plus(cost(bind.accuInit()));
    push(bind.accuVar(), new Local(path(bind.accuInit()), size(bind.accuInit()), entrySize(bind.accuInit())));
    sum = sum.plus(cost(bind.result()));
    pop(bind.accuVar());
    copySizes(expr, bind.result());
    return sum;
  }

  private Range comprehension(CelExpr expr) {
    CelExpr.CelComprehension comprehension = expr.comprehension();
    CelExpr range = comprehension.iterRange();
    Range sum = cost(range).plus(cost(comprehension.accuInit()));
    push(
        comprehension.accuVar(),
        new Local(path(comprehension.accuInit()), size(comprehension.accuInit()), entrySize(comprehension.accuInit())));
    EntrySize entries = entrySize(range);
    boolean ofList = entries == null ? type(range).kind() == CelKind.LIST : entries.ofList();
    Range keySize = entries == null ? null : entries.key();
    Range valueSize = entries == null ? null : entries.value();
    boolean two = !comprehension.iterVar2().isEmpty();
    Local keys = new Local(appended(path(range), ofList ? "@indices" : "@keys"), keySize, null);
    Local values = new Local(appended(path(range), ofList ? "@items" : "@values"), valueSize, null);
    if (two) {
      push(comprehension.iterVar(), keys);
      push(comprehension.iterVar2(), values);
    } else {
      push(comprehension.iterVar(), ofList ? values : keys);
    }
    Range loop = cost(comprehension.loopCondition());
    Range step = cost(comprehension.loopStep());
    pop(comprehension.iterVar());
    if (two) {
      pop(comprehension.iterVar2());
    }
    sum = sum.plus(cost(comprehension.result()));
    pop(comprehension.accuVar());
    Range rounds = sizeOrUnknown(range);
    sum = sum.plus(rounds.times(step.plus(loop)));
    switch (comprehension.accuInit().getKind()) {
      case CONSTANT -> {
        Range size = size(comprehension.accuInit());
        if (size != null) {
          sizes.put(expr.id(), size);
        }
      }
      case LIST, MAP -> {
        sizes.put(expr.id(), rounds);
        EntrySize made = entrySize(comprehension.loopStep());
        if (made != null) {
          entrySizes.put(expr.id(), made);
        }
      }
      default -> {}
    }
    return sum;
  }

  // Functions.

  private static Range sum(List<Range> costs) {
    Range sum = Range.ZERO;
    for (Range cost : costs) {
      sum = sum.plus(cost);
    }
    return sum;
  }

  private Call function(CelExpr expr, String function, String overload, @Nullable Node target, List<Node> args, List<Range> costs) {
    Call known = extension(overload, target, args);
    if (known == null) {
      known = library(function, overload, target, args);
    }
    if (known != null) {
      return new Call(known.cost().plus(sum(costs)), known.resultSize());
    }
    switch (overload) {
      case "string_format" -> {
        if (target != null) {
          return new Call(sizeOf(target).scaled(Costs.STRING_TRAVERSAL).plus(sum(costs)), null);
        }
      }
      case "string_to_bytes" -> {
        Range size = sizeOf(args.getFirst());
        return new Call(size.scaled(Costs.STRING_TRAVERSAL).plus(sum(costs)), new Range(size.min(), Range.multiply(size.max(), 4)));
      }
      case "bytes_to_string" -> {
        Range size = sizeOf(args.getFirst());
        return new Call(size.scaled(Costs.STRING_TRAVERSAL).plus(sum(costs)), new Range(size.min() / 4, size.max()));
      }
      case "strings_quote" -> {
        Range size = sizeOf(args.getFirst());
        Range result = new Range(size.min() + 2, Range.add(Range.multiply(size.max(), 2), 2));
        return new Call(size.scaled(Costs.STRING_TRAVERSAL).plus(sum(costs)), result);
      }
      case "starts_with_string", "ends_with_string" -> {
        return new Call(sizeOf(args.getFirst()).scaled(Costs.STRING_TRAVERSAL).plus(sum(costs)), null);
      }
      case "in_list" -> {
        return new Call(sizeOf(args.get(1)).scaled(1).plus(sum(costs)), null);
      }
      case "matches_string" -> {
        if (target != null) {
          return new Call(regex(target, args.getFirst()).plus(sum(costs)), null);
        }
      }
      case "contains_string" -> {
        if (target != null) {
          Range whole = sizeOf(target).scaled(Costs.STRING_TRAVERSAL);
          Range part = sizeOf(args.getFirst()).scaled(Costs.STRING_TRAVERSAL);
          return new Call(whole.times(part).plus(sum(costs)), null);
        }
      }
      case "logical_or", "logical_and" -> {
        return new Call(new Range(costs.get(0).min(), costs.get(0).plus(costs.get(1)).max()), null);
      }
      case "conditional" -> {
        Range size = sizeOf(args.get(1)).union(sizeOf(args.get(2)));
        union(expr, args.get(1), args.get(2));
        return new Call(costs.get(0).plus(costs.get(1).union(costs.get(2))), size);
      }
      case "add_string", "add_bytes", "add_list" -> {
        Range size = sizeOf(args.get(0)).plus(sizeOf(args.get(1)));
        union(expr, args.get(0), args.get(1));
        Range cost = overload.equals("add_list") ? Range.of(1) : size.scaled(Costs.STRING_TRAVERSAL);
        return new Call(cost.plus(sum(costs)), size);
      }
      case "less_string", "greater_string", "less_equals_string", "greater_equals_string", "less_bytes", "greater_bytes",
          "less_equals_bytes", "greater_equals_bytes", "equals", "not_equals" -> {
        long max = Math.min(sizeOf(args.get(0)).max(), sizeOf(args.get(1)).max());
        return new Call(new Range(max > 0 ? 1 : 0, max).scaled(Costs.STRING_TRAVERSAL).plus(sum(costs)), null);
      }
      default -> {}
    }
    return new Call(Range.of(1).plus(sum(costs)), null);
  }

  private void union(CelExpr expr, Node left, Node right) {
    EntrySize one = left.expr() == null ? null : entrySize(left.expr());
    EntrySize other = right.expr() == null ? null : entrySize(right.expr());
    if (one != null && other != null) {
      entrySizes.put(expr.id(), new EntrySize(one.ofList(), one.key().union(other.key()), one.value().union(other.value())));
    }
  }

  private Range regex(Node text, Node pattern) {
    Range texts = sizeOf(text).plus(Range.of(1)).scaled(Costs.STRING_TRAVERSAL);
    return texts.times(sizeOf(pattern).scaled(Costs.REGEX_LENGTH));
  }

  /// The costs of cel-go's extensions for lists and sets.
  private @Nullable Call extension(String overload, @Nullable Node target, List<Node> args) {
    return switch (overload) {
      case "list_slice" -> {
        Range size = estimated(Objects.requireNonNull(target));
        long start = number(args.get(0), 0);
        long end = number(args.get(1), size.max());
        yield allocated(1, Range.of(Math.max(0, end - start)));
      }
      case "lists_range" -> allocated(1, Range.of(number(args.getFirst(), Long.MAX_VALUE)));
      case "list_reverse" -> allocated(1, estimated(Objects.requireNonNull(target)));
      case "list_flatten" -> allocated(1, estimated(Objects.requireNonNull(target)));
      case "list_flatten_int" -> allocated(number(args.getFirst(), Long.MAX_VALUE), estimated(Objects.requireNonNull(target)));
      case "list_distinct" -> {
        Range size = estimated(Objects.requireNonNull(target));
        yield allocated(2, size.times(size));
      }
      case "list_sets_contains_list", "list_sets_intersects_list" -> sets(args, 1);
      case "list_sets_equivalent_list" -> sets(args, 2);
      default -> {
        boolean texts = overload.startsWith("list_string_") || overload.startsWith("list_bytes_");
        double factor = texts ? 2 + Costs.STRING_TRAVERSAL : 2;
        if (overload.endsWith("_sort") && target != null) {
          Range size = estimated(target);
          yield allocated(factor, size.times(size));
        }
        if (overload.endsWith("_sortByAssociatedKeys")) {
          Range size = estimated(args.getFirst());
          yield allocated(factor, size.times(size));
        }
        yield null;
      }
    };
  }

  private Call sets(List<Node> args, double factor) {
    Range product = estimated(args.get(0)).times(estimated(args.get(1)));
    return new Call(product.scaled(factor).plus(Range.of(1)), null);
  }

  private static Call allocated(double factor, Range size) {
    return new Call(size.scaled(factor).plus(Range.of(1 + Costs.LIST_CREATE)), size);
  }

  private static long number(Node node, long otherwise) {
    CelExpr expr = node.expr();
    boolean literal =
        expr != null
            && expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && expr.constant().getKind() == CelConstant.Kind.INT64_VALUE;
    return literal ? Math.max(0, expr.constant().int64Value()) : otherwise;
  }

  /// The costs of Kubernetes' functions; null for others.
  private @Nullable Call library(String function, String overload, @Nullable Node target, List<Node> args) {
    if (CallCosts.ACCESSORS.contains(function)) {
      return new Call(Range.of(1), null);
    }
    if (CallCosts.LIST_SEARCHES.contains(function)) {
      return target == null ? null : new Call(search(target), null);
    }
    switch (function) {
      case "check" -> {
        return new Call(Range.of(CallCosts.AUTHORIZATION_CHECK), null);
      }
      case "fieldSelector", "labelSelector" -> {
        Range size = estimated(args.getFirst());
        Range requirements = size.scaled(0.5).scaled(Costs.LIST_CREATE + Costs.STRUCT_CREATE);
        return new Call(Range.of(Costs.LIST_CREATE).plus(size.scaled(Costs.STRING_TRAVERSAL)).plus(requirements), null);
      }
      case "url", "jsonpatch.escapeKey" -> {
        Range size = estimated(args.getFirst());
        return new Call(size.scaled(Costs.STRING_TRAVERSAL), size);
      }
      case "lowerAscii", "upperAscii", "substring", "trim" -> {
        if (target == null) {
          return null;
        }
        Range size = estimated(target);
        return new Call(size.scaled(Costs.STRING_TRAVERSAL), size);
      }
      case "replace" -> {
        return target == null ? null : replace(estimated(target), estimated(args.get(0)), estimated(args.get(1)));
      }
      case "split" -> {
        if (target == null) {
          return null;
        }
        Range size = estimated(target);
        long max = args.size() > 1 ? number(args.get(1), size.max()) : size.max();
        return new Call(size.scaled(2 * Costs.STRING_TRAVERSAL), new Range(0, max));
      }
      case "join" -> {
        return target == null ? null : join(target, args);
      }
      case "find", "findAll" -> {
        if (target == null) {
          return null;
        }
        Range size = estimated(target);
        Range texts = size.plus(Range.of(1)).scaled(Costs.STRING_TRAVERSAL);
        Range cost = texts.times(estimated(args.getFirst()).scaled(Costs.REGEX_LENGTH));
        return new Call(cost, new Range(0, size.max()));
      }
      case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" -> {
        return new Call(estimated(args.getFirst()).scaled(Costs.STRING_TRAVERSAL), null);
      }
      case "ip" -> {
        if (overload.equals("cidr_ip")) {
          return new Call(Range.of(1), null);
        }
        return args.isEmpty() ? null : new Call(estimated(args.getFirst()).scaled(Costs.STRING_TRAVERSAL), null);
      }
      case "ip.isCanonical" -> {
        return new Call(estimated(args.getFirst()).scaled(2 * Costs.STRING_TRAVERSAL), null);
      }
      case "containsIP", "containsCIDR" -> {
        // Four or sixteen bytes on both sides.
        Range cost = new Range(8, 32).scaled(Costs.STRING_TRAVERSAL);
        if (function.equals("containsCIDR")) {
          cost = cost.plus(new Range(4, 16).scaled(Costs.STRING_TRAVERSAL)).plus(Range.of(1));
        }
        boolean ofText = overload.endsWith("_string");
        return new Call(ofText ? cost.plus(estimated(args.getFirst()).scaled(Costs.STRING_TRAVERSAL)) : cost, null);
      }
      case "validate" -> {
        Range texts = estimated(args.getFirst()).scaled(Costs.STRING_TRAVERSAL);
        return new Call(texts.scaled(Costs.NAMED_FORMAT_REGEX_MAX * Costs.REGEX_LENGTH), null);
      }
      case "_==_" -> {
        return equality(args);
      }
      default -> {
        return null;
      }
    }
  }

  private static @Nullable Call equality(List<Node> args) {
    CelType type = args.get(0).type();
    if (args.size() != 2 || !type.equals(args.get(1).type()) && !type.name().equals(args.get(1).type().name())) {
      return null;
    }
    return switch (type.name()) {
      case "net.IP", "net.CIDR", "kubernetes.Quantity", "kubernetes.Semver", "kubernetes.authorization.Authorizer",
          "kubernetes.authorization.PathCheck", "kubernetes.authorization.GroupCheck", "kubernetes.authorization.ResourceCheck",
          "kubernetes.authorization.Decision" ->
          new Call(Range.of(1), null);
      case "kubernetes.NamedFormat" -> new Call(new Range(1, 64).scaled(Costs.STRING_TRAVERSAL), null);
      case GoUrl.NAME -> {
        Range size = args.get(1).computed();
        yield new Call(new Range(1, size == null ? 1 : size.max()).scaled(Costs.STRING_TRAVERSAL), null);
      }
      default -> null;
    };
  }

  private Range search(Node list) {
    Node item = items(list);
    if (item == null) {
      return estimated(list).scaled(Costs.STRING_TRAVERSAL);
    }
    CelKind kind = item.type().kind();
    boolean texts = kind == CelKind.STRING || kind == CelKind.BYTES;
    Range each = texts ? Range.of(1).plus(estimated(item).scaled(Costs.STRING_TRAVERSAL)) : Range.of(1);
    return estimated(list).times(each);
  }

  private static Call replace(Range text, Range old, Range with) {
    long countMax;
    long keptMax = 0;
    if (old.min() == 0) {
      countMax = Range.add(text.max(), 1);
      keptMax = text.max();
    } else if (with.max() <= old.min()) {
      countMax = 0;
      keptMax = text.max();
    } else {
      countMax = (long) Math.ceil((double) text.max() / old.min());
    }
    long countMin;
    long keptMin = 0;
    if (old.max() == 0) {
      countMin = Range.add(text.min(), 1);
      keptMin = text.min();
    } else if (old.max() <= with.min()) {
      countMin = 0;
      keptMin = text.min();
    } else {
      countMin = (long) Math.ceil((double) text.min() / old.max());
    }
    Range size = new Range(countMin, countMax).times(with).plus(new Range(keptMin, keptMax));
    return new Call(text.scaled(2 * Costs.STRING_TRAVERSAL), size);
  }

  private Call join(Node list, List<Node> args) {
    Range count = estimated(list);
    Node item = items(list);
    Range size = item == null ? Range.ZERO : count.times(estimated(item));
    if (!args.isEmpty()) {
      Range separators = new Range(Math.max(0, count.min() - 1), Math.max(0, count.max() - 1));
      size = size.plus(estimated(args.getFirst()).times(separators));
    }
    return new Call(size.scaled(Costs.STRING_TRAVERSAL), size);
  }

  private static @Nullable Node items(Node list) {
    if (list.type().parameters().isEmpty()) {
      return null;
    }
    List<String> path = list.path().isEmpty() ? List.of() : appended(list.path(), "@items");
    return new Node(path, list.type().parameters().getFirst(), null, null);
  }

  // Sizes.

  private Node node(CelExpr expr) {
    List<String> path = path(expr);
    boolean ofAccumulator = !path.isEmpty() && ACCUMULATORS.contains(path.getFirst());
    return new Node(ofAccumulator ? List.of() : path, type(expr), expr, size(expr));
  }

  private static Range sizeOf(Node node) {
    return node.computed() == null ? Range.UNKNOWN : node.computed();
  }

  private Range estimated(Node node) {
    if (node.computed() != null) {
      return node.computed();
    }
    Range declared = declared(node.path());
    return declared == null ? Range.UNKNOWN : declared;
  }

  private Range sizeOrUnknown(CelExpr expr) {
    Range size = size(expr);
    return size == null ? Range.UNKNOWN : size;
  }

  private @Nullable Range size(CelExpr expr) {
    Range known = sizes.get(expr.id());
    if (known != null) {
      return known;
    }
    Range obvious = obvious(expr);
    if (obvious != null) {
      return obvious;
    }
    Range declared = declared(path(expr));
    if (declared != null) {
      sizes.put(expr.id(), declared);
      return declared;
    }
    if (isScalar(type(expr))) {
      return Range.of(1);
    }
    if (expr.getKind() == CelExpr.ExprKind.Kind.IDENT) {
      Local local = local(expr.ident().name());
      return local == null ? null : local.size();
    }
    return null;
  }

  private static @Nullable Range obvious(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT ->
          switch (expr.constant().getKind()) {
            case STRING_VALUE -> {
              String text = expr.constant().stringValue();
              yield Range.of(text.codePointCount(0, text.length()));
            }
            case BYTES_VALUE -> Range.of(expr.constant().bytesValue().size());
            default -> Range.of(1);
          };
      case LIST -> Range.of(expr.list().elements().size());
      case MAP -> Range.of(expr.map().entries().size());
      default -> null;
    };
  }

  private static boolean isScalar(CelType type) {
    return switch (type.kind()) {
      case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
      case OPAQUE -> type instanceof OptionalType && isScalar(type.parameters().getFirst());
      default -> false;
    };
  }

  /// The size that the schema allows at a path of fields, `@items`, `@keys` and `@values`; null when the path leads nowhere.
  private @Nullable Range declared(List<String> path) {
    if (path.isEmpty() || root == null) {
      return null;
    }
    DeclType type = root;
    for (String step : path.subList(1, path.size())) {
      switch (step) {
        case "@items", "@values" -> {
          if (type.element() == null) {
            return null;
          }
          type = type.element();
        }
        case "@keys" -> {
          if (type.form() != DeclType.Form.MAP) {
            return null;
          }
          type = DeclType.STRING_KEY;
        }
        default -> {
          DeclType.Field field = type.fields().get(step);
          DeclType element = type.element();
          boolean attribute = field == null && element != null && element.celType().kind() == CelKind.ANY;
          if (field == null && !attribute) {
            return null;
          }
          type = attribute ? element : field.type();
        }
      }
    }
    return new Range(0, type.maxElements());
  }

  private @Nullable EntrySize entrySize(CelExpr expr) {
    EntrySize known = entrySizes.get(expr.id());
    if (known != null) {
      return known;
    }
    if (expr.getKind() == CelExpr.ExprKind.Kind.IDENT) {
      Local local = local(expr.ident().name());
      return local == null ? null : local.entries();
    }
    return null;
  }

  private void copySizes(CelExpr to, CelExpr from) {
    Range size = size(from);
    if (size != null) {
      sizes.put(to.id(), size);
    }
    EntrySize entries = entrySize(from);
    if (entries != null) {
      entrySizes.put(to.id(), entries);
    }
  }

  private CelType type(CelExpr expr) {
    return ast.getType(expr.id()).orElse(SimpleType.DYN);
  }

  private List<String> path(CelExpr expr) {
    if (expr.getKind() == CelExpr.ExprKind.Kind.IDENT) {
      Local local = local(expr.ident().name());
      if (local != null) {
        return local.path();
      }
    }
    return paths.getOrDefault(expr.id(), List.of());
  }

  private @Nullable Local local(String name) {
    Deque<Local> stack = locals.get(name);
    return stack == null ? null : stack.peek();
  }

  private void push(String name, Local local) {
    locals.computeIfAbsent(name, _ -> new ArrayDeque<>()).push(local);
  }

  private void pop(String name) {
    Objects.requireNonNull(locals.get(name)).pop();
  }
}
