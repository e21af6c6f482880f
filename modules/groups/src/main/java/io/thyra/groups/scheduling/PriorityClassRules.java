package io.thyra.groups.scheduling;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.machinery.Names;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// PriorityClasses. Source: pkg/apis/scheduling/validation/validation.go.
final class PriorityClassRules {
  private static final long USER_MAX = 1_000_000_000;
  private static final String SYSTEM = "system-";
  private static final FieldPath POLICY = FieldPath.of("preemptionPolicy");
  private static final Map<String, Long> SYSTEM_CLASSES =
      Map.of("system-node-critical", 2 * USER_MAX + 1000, "system-cluster-critical", 2 * USER_MAX);

  private PriorityClassRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .startsGeneration()
        .checksDelete(PriorityClassRules::checkDelete)
        .createRules((object, _, errors) -> create(object, errors))
        .updateRules(
            (object, old, _, errors) -> {
              if (Checks.number(object, "value") != Checks.number(old, "value")) {
                errors.add(FieldError.forbidden(FieldPath.of("value"), "may not be changed in an update."));
              }
              Checks.immutable(object, old, null, errors, "preemptionPolicy");
            });
  }

  private static void checkDelete(RequestContext context) {
    String name = context.info().name();
    if (SYSTEM_CLASSES.containsKey(name)) {
      throw new Failure.Forbidden(context.info().groupResource(), name, "this is a system priority class and cannot be deleted").toException();
    }
  }

  private static void create(ObjectValue object, List<FieldError> errors) {
    String name = object.string("metadata", "name");
    long value = Checks.number(object, "value");
    if (name.startsWith(SYSTEM)) {
      findComplaint(name, value, object.bool("globalDefault"))
          .ifPresent(
              complaint ->
                  errors.add(
                      FieldError.forbidden(
                          FieldPath.of("metadata", "name"),
                          "priority class names with 'system-' prefix are reserved for system use only. error: " + complaint)));
    } else if (value > USER_MAX) {
      errors.add(
          FieldError.forbidden(FieldPath.of("value"), "maximum allowed value of a user defined priority is " + USER_MAX));
    }
    if (Checks.isSet(object, "preemptionPolicy")) {
      if (object.string("preemptionPolicy").isEmpty()) {
        errors.add(FieldError.required(POLICY, ""));
      } else {
        Checks.oneOf(object.string("preemptionPolicy"), POLICY, errors, "PreemptLowerPriority", "Never");
      }
    }
  }

  private static Optional<String> findComplaint(String name, long value, boolean global) {
    Long known = SYSTEM_CLASSES.get(name);
    if (known == null) {
      return Optional.of(name + " is not a known system priority class");
    }
    if (known != value) {
      return Optional.of("value of " + name + " PriorityClass must be " + known);
    }
    return global ? Optional.of("globalDefault of " + name + " PriorityClass must be false") : Optional.empty();
  }
}
