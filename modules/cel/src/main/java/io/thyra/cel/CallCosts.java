package io.thyra.cel;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What calls cost when they are made. Every function that costs more than one unit is named here and in [CostEstimator].
/// Source: cel-go interpreter/runtimecost.go, ext/lists.go, ext/sets.go, apiserver pkg/cel/library/cost.go.
final class CallCosts {
  static final long AUTHORIZATION_CHECK = 350_000;
  /// Functions that only look at what is there already.
  static final Set<String> ACCESSORS =
      Set.of(
          "serviceAccount", "path", "group", "resource", "subresource", "namespace", "name", "allowed", "reason", "error", "errored",
          "masked", "prefixLength", "family", "isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast",
          "isGlobalUnicast", "format.named", "sign", "asInteger", "isInteger", "asApproximateFloat", "isGreaterThan", "isLessThan",
          "compareTo", "add", "sub", "major", "minor", "patch", "getScheme", "getHostname", "getHost", "getPort", "getEscapedPath",
          "getQuery");
  static final Set<String> LIST_SEARCHES = Set.of("isSorted", "sum", "max", "min", "indexOf", "lastIndexOf");
  private static final double SELECTOR_REQUIREMENTS = 0.5;

  private CallCosts() {}

  /// What a call cost, from its arguments and what it came to.
  ///
  /// @param id the overload, empty when there are several that it could have been
  static long actual(String function, String id, Object[] arguments, Object result) {
    switch (id) {
      case "list_slice", "lists_range", "list_reverse" -> {
        return allocated(1, CelValues.costSize(result));
      }
      case "list_flatten" -> {
        return allocated(1, CelValues.costSize(arguments[0]));
      }
      case "list_flatten_int" -> {
        return allocated((long) arguments[1], CelValues.costSize(arguments[0]));
      }
      case "list_distinct" -> {
        return selfCompared((List<?>) arguments[0]);
      }
      case "list_sets_contains_list", "list_sets_intersects_list" -> {
        return 1 + CelValues.costSize(arguments[0]) * CelValues.costSize(arguments[1]);
      }
      case "list_sets_equivalent_list" -> {
        return 1 + 2 * CelValues.costSize(arguments[0]) * CelValues.costSize(arguments[1]);
      }
      default -> {}
    }
    if (id.endsWith("_sort")) {
      return selfCompared((List<?>) arguments[0]);
    }
    if (id.endsWith("_sortByAssociatedKeys")) {
      return selfCompared((List<?>) arguments[1]);
    }
    return ofFunction(function, id, arguments, result);
  }

  private static long ofFunction(String function, String id, Object[] arguments, Object result) {
    if (ACCESSORS.contains(function)) {
      return 1;
    }
    if (LIST_SEARCHES.contains(function)) {
      return arguments.length == 0 ? 0 : traversal(arguments[0]);
    }
    return switch (function) {
      case "check" -> AUTHORIZATION_CHECK;
      case "fieldSelector", "labelSelector" -> selector(CelValues.costSize(arguments[1]));
      case "url", "lowerAscii", "upperAscii", "substring", "trim", "jsonpatch.escapeKey", "cidr", "isIP", "isCIDR", "quantity",
          "isQuantity", "semver", "isSemver" ->
          scaled(arguments[0], Costs.STRING_TRAVERSAL);
      case "replace", "split", "ip.isCanonical" -> scaled(arguments[0], 2 * Costs.STRING_TRAVERSAL);
      case "join" -> scaled(result, 2 * Costs.STRING_TRAVERSAL);
      case "find", "findAll" -> regex(arguments[0], CelValues.costSize(arguments[1]));
      case "ip" -> id.equals("cidr_ip") ? 1 : scaled(arguments[0], Costs.STRING_TRAVERSAL);
      case "containsIP" -> {
        long network = 2 * CelValues.costSize(arguments[0]);
        long cost = Costs.scaled(network, Costs.STRING_TRAVERSAL);
        yield id.equals("cidr_contains_ip_string") ? cost + scaled(arguments[1], Costs.STRING_TRAVERSAL) : cost;
      }
      case "containsCIDR" -> {
        long size = CelValues.costSize(arguments[0]);
        long cost = Costs.scaled(2 * size, Costs.STRING_TRAVERSAL) + Costs.scaled(size, Costs.STRING_TRAVERSAL) + 1;
        yield id.equals("cidr_contains_cidr_string") ? cost + scaled(arguments[1], Costs.STRING_TRAVERSAL) : cost;
      }
      case "validate" ->
          arguments[0] instanceof FormatLibrary.NamedFormat format ? regex(arguments[1], format.regexSize()) : 1;
      case "_==_" -> arguments[0] instanceof Opaque ? 1 : smaller(arguments);
      default -> ofOverload(id, arguments);
    };
  }

  private static long ofOverload(String id, Object[] arguments) {
    return switch (id) {
      case "starts_with_string", "ends_with_string" -> scaled(arguments[0], Costs.STRING_TRAVERSAL);
      case "string_to_bytes", "bytes_to_string", "strings_quote", "string_format" -> scaled(arguments[0], Costs.STRING_TRAVERSAL);
      case "in_list" -> CelValues.costSize(arguments[1]);
      case "less_string", "greater_string", "less_equals_string", "greater_equals_string", "less_bytes", "greater_bytes",
          "less_equals_bytes", "greater_equals_bytes", "equals", "not_equals" ->
          smaller(arguments);
      case "add_string", "add_bytes" ->
          Costs.scaled(CelValues.costSize(arguments[0]) + CelValues.costSize(arguments[1]), Costs.STRING_TRAVERSAL);
      case "matches_string" -> regex(arguments[0], CelValues.costSize(arguments[1]));
      case "contains_string" -> scaled(arguments[0], Costs.STRING_TRAVERSAL) * scaled(arguments[1], Costs.STRING_TRAVERSAL);
      default -> 1;
    };
  }

  private static long scaled(Object value, double factor) {
    return Costs.scaled(CelValues.costSize(value), factor);
  }

  private static long smaller(Object[] arguments) {
    long size = Math.min(CelValues.costSize(arguments[0]), CelValues.costSize(arguments[1]));
    return Costs.scaled(size, Costs.STRING_TRAVERSAL);
  }

  private static long regex(Object text, long length) {
    return Costs.scaled(1.0 + CelValues.costSize(text), Costs.STRING_TRAVERSAL) * Costs.scaled(length, Costs.REGEX_LENGTH);
  }

  static long selector(long length) {
    long requirements = Costs.scaled(length, SELECTOR_REQUIREMENTS);
    return Costs.LIST_CREATE
        + Costs.scaled(length, Costs.STRING_TRAVERSAL)
        + requirements * (Costs.LIST_CREATE + Costs.STRUCT_CREATE);
  }

  private static long allocated(double factor, long size) {
    return (long) (size * factor) + 1 + Costs.LIST_CREATE;
  }

  private static long selfCompared(List<?> list) {
    long size = list.size();
    boolean texts = size > 0 && (list.getFirst() instanceof String || list.getFirst() instanceof dev.cel.common.values.CelByteString);
    return allocated(texts ? 2 + Costs.STRING_TRAVERSAL : 2, size * size);
  }

  /// One walk over a whole value.
  private static long traversal(Object value) {
    return switch (value) {
      case String text -> (long) (CelValues.utf8Size(text) * Costs.STRING_TRAVERSAL);
      case dev.cel.common.values.CelByteString bytes -> (long) (bytes.size() * Costs.STRING_TRAVERSAL);
      case List<?> list -> {
        long cost = 0;
        for (Object item : list) {
          cost += traversal(item);
        }
        yield cost;
      }
      case CelMap map -> {
        long cost = 0;
        for (Object key : map.keys()) {
          cost += traversal(key) + traversal(Objects.requireNonNull(map.find(key)));
        }
        yield cost;
      }
      default -> 1;
    };
  }
}
