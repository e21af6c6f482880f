package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Limit ranges. Where upstream walks a Go map, errors here come in the order of the names.
/// Source: pkg/apis/core/validation/validation.go.
final class LimitRules {
  private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
  private static final long MILLI_MAX = Long.MAX_VALUE / 1000;

  private LimitRules() {}

  static void declareLimitRange(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .createsOnUpdate()
        .onCreate(
            (_, range) ->
                range.string("metadata", "name").isEmpty()
                    ? range.withAt(io.thyra.model.Value.of(UUID.randomUUID().toString()), "metadata", "name")
                    : range)
        .rules(LimitRules::limitRange);
  }

  static void declareQuota(Group.Declaration r) {
    QuotaRules.declare(r);
  }

  private static void limitRange(ObjectValue range, @Nullable FieldPath root, List<FieldError> errors) {
    List<ObjectValue> limits = range.list("spec", "limits").objects();
    var types = new HashSet<String>();
    for (int i = 0; i < limits.size(); i++) {
      FieldPath path = FieldPath.of("spec", "limits").index(i);
      String type = limits.get(i).string("type");
      checkType(type, path.child("type"), errors);
      if (!types.add(type)) {
        errors.add(FieldError.duplicate(path.child("type"), type));
      }
      limit(limits.get(i), type, path, errors);
    }
  }

  private static void checkType(String type, FieldPath path, List<FieldError> errors) {
    List<String> complaints = Names.qualifiedName(type);
    complaints.forEach(complaint -> errors.add(FieldError.invalid(path, type, complaint)));
    if (complaints.isEmpty() && type.indexOf('/') < 0 && !TYPES.contains(type)) {
      errors.add(FieldError.invalid(path, type, "must be a standard limit type or fully qualified"));
    }
  }

  private static void limit(ObjectValue limit, String type, FieldPath path, List<FieldError> errors) {
    var keys = new TreeSet<String>();
    names(limit, type, "max", path, keys, errors);
    names(limit, type, "min", path, keys, errors);
    boolean pod = type.equals("Pod");
    for (String field : List.of("default", "defaultRequest")) {
      if (!pod) {
        names(limit, type, field, path, keys, errors);
      } else if (!limit.object(field).isEmpty()) {
        errors.add(FieldError.forbidden(path.child(field), "may not be specified when `type` is 'Pod'"));
      }
    }
    if (type.equals("PersistentVolumeClaim") && !limit.object("min").has("storage") && !limit.object("max").has("storage")) {
      errors.add(
          FieldError.required(path.child("limits"), "either minimum or maximum storage value is required, but neither was provided"));
    }
    names(limit, type, "maxLimitRequestRatio", path, keys, errors);
    for (String key : keys) {
      new Amounts(limit, pod, key, path).check(errors);
    }
  }

  private static void names(ObjectValue limit, String type, String field, FieldPath path, Set<String> keys, List<FieldError> errors) {
    for (String name : limit.object(field).names()) {
      FieldPath at = path.child(field).key(name);
      if (type.equals("Pod") || type.equals("Container")) {
        ResourceNames.checkContainer(name, at, errors);
      } else {
        ResourceNames.check(name, at, errors);
      }
      keys.add(name);
    }
  }

  /// What one limit says about one resource.
  private static final class Amounts {
    private final String key;
    private final FieldPath path;
    private final @Nullable Quantity min;
    private final @Nullable Quantity max;
    private final @Nullable Quantity byDefault;
    private final @Nullable Quantity request;
    private final @Nullable Quantity ratio;

    Amounts(ObjectValue limit, boolean pod, String key, FieldPath path) {
      this.key = key;
      this.path = path;
      min = amount(limit, "min");
      max = amount(limit, "max");
      byDefault = pod ? null : amount(limit, "default");
      request = pod ? null : amount(limit, "defaultRequest");
      ratio = amount(limit, "maxLimitRequestRatio");
    }

    private @Nullable Quantity amount(ObjectValue limit, String field) {
      return limit.object(field).has(key) ? Quantities.of(limit.object(field), key) : null;
    }

    void check(List<FieldError> errors) {
      ordered("min", min, max, min, "min value %s is greater than max value %s", errors);
      ordered("defaultRequest", min, request, request, "min value %s is greater than default request value %s", errors);
      ordered("defaultRequest", request, max, request, "default request value %s is greater than max value %s", errors);
      ordered(
          "defaultRequest", request, byDefault, request, "default request value %s is greater than default limit value %s", errors);
      ordered("default", min, byDefault, min, "min value %s is greater than default value %s", errors);
      ordered("default", byDefault, max, max, "default value %s is greater than max value %s", errors);
      ratio(errors);
      if (byDefault != null && request != null && !ResourceNames.isOvercommitAllowed(key) && byDefault.compareTo(request) != 0) {
        errors.add(
            FieldError.invalid(
                path.child("defaultRequest").key(key),
                request.toString(),
                "default value " + byDefault + " must equal to defaultRequest value " + request + " in " + key));
      }
    }

    private void ordered(
        String field, @Nullable Quantity small, @Nullable Quantity big, @Nullable Quantity told, String text, List<FieldError> errors) {
      if (small != null && big != null && told != null && small.compareTo(big) > 0) {
        errors.add(FieldError.invalid(path.child(field).key(key), told.toString(), text.formatted(small, big)));
      }
    }

    private void ratio(List<FieldError> errors) {
      if (ratio == null) {
        return;
      }
      FieldPath at = path.child("maxLimitRequestRatio").key(key);
      if (ratio.compareTo(Quantity.of(1)) < 0) {
        errors.add(FieldError.invalid(at, ratio.toString(), "ratio " + ratio + " is less than 1"));
      }
      if (min != null && max != null) {
        boolean milli = ratio.value() < MILLI_MAX && min.value() < MILLI_MAX && max.value() < MILLI_MAX;
        double asked = milli ? ratio.milliValue() / 1000.0 : ratio.value();
        double bound = milli ? (double) max.milliValue() / min.milliValue() : (double) max.value() / min.value();
        if (asked > bound) {
          errors.add(
              FieldError.invalid(at, ratio.toString(), "ratio " + ratio + " is greater than max/min = " + "%f".formatted(bound)));
        }
      }
    }
  }
}
