package io.thyra.groups.autoscaling;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rule;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// HorizontalPodAutoscalers, in the form of `autoscaling/v2`.
/// Source: pkg/apis/autoscaling/validation/validation.go, pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go.
final class AutoscalerRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final long PERIOD_SECONDS_MAX = 1800;
  private static final long WINDOW_SECONDS_MAX = 3600;

  private static final Rule SCALING =
      Rules.all(AutoscalerRules::window, selectPolicy(), AutoscalerRules::policies, MetricRules.notNegative("tolerance"));

  private AutoscalerRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .createRules((object, _, errors) -> spec(object.object("spec"), null, errors))
        .updateRules((object, old, _, errors) -> spec(object.object("spec"), old.object("spec"), errors));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .updateRules(
            (object, _, _, errors) ->
                Checks.notNegative(
                    object.object("status"), FieldPath.of("status"), errors, "currentReplicas", "desiredReplicas"));
  }

  private static void spec(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    replicas(spec, old, errors);
    ObjectValue target = spec.object("scaleTargetRef");
    ObjectValue before = old == null ? null : old.object("scaleTargetRef");
    boolean same =
        before != null
            && before.string("apiVersion").equals(target.string("apiVersion"))
            && before.string("kind").equals(target.string("kind"));
    boolean core = target.string("kind").equals("ReplicationController");
    reference(target, same, core, SPEC.child("scaleTargetRef"), errors);
    MetricRules.check(spec, old != null && hasInvalidTarget(old), SPEC.child("metrics"), errors);
    if (spec.get("behavior") instanceof ObjectValue behavior) {
      Rules.in("scaleUp", SCALING).check(behavior, SPEC.child("behavior"), errors);
      Rules.in("scaleDown", SCALING).check(behavior, SPEC.child("behavior"), errors);
    }
  }

  private static void replicas(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    long least = old != null && isSet(old, "minReplicas") && number(old, "minReplicas") == 0 ? 0 : 1;
    long min = number(spec, "minReplicas");
    long max = number(spec, "maxReplicas");
    if (isSet(spec, "minReplicas") && min < least) {
      errors.add(FieldError.invalid(SPEC.child("minReplicas"), min, "must be greater than or equal to " + least));
    }
    if (max == 0) {
      errors.add(FieldError.required(SPEC.child("maxReplicas"), "must be set and greater than 0"));
    } else if (max < 0) {
      errors.add(FieldError.invalid(SPEC.child("maxReplicas"), max, "must be greater than or equal to 1"));
    }
    if (isSet(spec, "minReplicas") && max < min) {
      errors.add(FieldError.invalid(SPEC.child("maxReplicas"), max, "must be greater than or equal to `minReplicas`"));
    }
  }

  /// A reference to an object of any version.
  ///
  /// @param anyVersion whether the version is not looked at
  /// @param core whether the core group may be meant
  static void reference(ObjectValue reference, boolean anyVersion, boolean core, FieldPath path, List<FieldError> errors) {
    Checks.named(reference, "kind", path, errors, Names::pathSegmentName);
    Checks.named(reference, "name", path, errors, Names::pathSegmentName);
    if (!anyVersion) {
      findVersionComplaint(reference, core)
          .ifPresent(complaint -> errors.add(FieldError.invalid(path.child("apiVersion"), reference.string("apiVersion"), complaint)));
    }
  }

  private static Optional<String> findVersionComplaint(ObjectValue reference, boolean core) {
    String version = reference.string("apiVersion");
    long slashes = version.chars().filter(c -> c == '/').count();
    if (slashes > 1) {
      return Optional.of("unexpected GroupVersion string: " + version);
    }
    return !core && (slashes == 0 || version.startsWith("/"))
        ? Optional.of("apiVersion must specify API group")
        : Optional.empty();
  }

  private static boolean hasInvalidTarget(ObjectValue spec) {
    return spec.list("metrics").objects().stream()
        .filter(metric -> metric.string("type").equals("Object") && isSet(metric, "object"))
        .anyMatch(metric -> findVersionComplaint(metric.object("object", "describedObject"), true).isPresent());
  }

  private static Rule selectPolicy() {
    return (rules, path, errors) -> {
      if (isSet(rules, "selectPolicy")) {
        Checks.oneOf(rules.string("selectPolicy"), FieldPath.child(path, "selectPolicy"), errors, "Disabled", "Max", "Min");
      }
    };
  }

  private static void window(ObjectValue rules, @Nullable FieldPath path, List<FieldError> errors) {
    FieldPath at = FieldPath.child(path, "stabilizationWindowSeconds");
    long window = number(rules, "stabilizationWindowSeconds");
    if (window < 0) {
      errors.add(FieldError.invalid(at, window, "must be greater than or equal to zero"));
    }
    if (window > WINDOW_SECONDS_MAX) {
      errors.add(FieldError.invalid(at, window, "must be less than or equal to " + WINDOW_SECONDS_MAX));
    }
  }

  private static void policies(ObjectValue rules, @Nullable FieldPath path, List<FieldError> errors) {
    FieldPath at = FieldPath.child(path, "policies");
    List<ObjectValue> policies = rules.list("policies").objects();
    if (policies.isEmpty()) {
      errors.add(FieldError.required(at, "must specify at least one Policy"));
    }
    for (int i = 0; i < policies.size(); i++) {
      ObjectValue policy = policies.get(i);
      Checks.oneOf(policy.string("type"), at.index(i).child("type"), errors, "Percent", "Pods");
      for (String field : List.of("value", "periodSeconds")) {
        if (number(policy, field) <= 0) {
          errors.add(FieldError.invalid(at.index(i).child(field), number(policy, field), "must be greater than zero"));
        }
      }
      long period = number(policy, "periodSeconds");
      if (period > PERIOD_SECONDS_MAX) {
        errors.add(
            FieldError.invalid(at.index(i).child("periodSeconds"), period, "must be less than or equal to " + PERIOD_SECONDS_MAX));
      }
    }
  }
}
