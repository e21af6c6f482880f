package io.thyra.groups.resource;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.core.Quantities;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How much of a device's capacity a claim may ask for. Source: pkg/apis/resource/validation/validation.go.
final class CapacityRules {
  private static final int OPTIONS_MAX = 10;

  private CapacityRules() {}

  /// @param shared whether the device may be allocated more than once
  static void check(ObjectValue capacity, boolean shared, FieldPath parent, List<FieldError> errors) {
    if (!(capacity.get("requestPolicy") instanceof ObjectValue policy)) {
      return;
    }
    FieldPath path = parent.child("requestPolicy");
    if (!shared) {
      errors.add(FieldError.forbidden(path, "allowMultipleAllocations must be true"));
      return;
    }
    ListValue values = policy.list("validValues");
    boolean ranges = isSet(policy, "validRange");
    if (!values.isEmpty() && ranges) {
      errors.add(
          FieldError.forbidden(
              path, "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time"));
    } else if (!values.isEmpty() || ranges) {
      String field = ranges ? "validRange" : "validValues";
      Quantity most = Quantities.of(capacity.get("value"));
      if (!isSet(policy, "default")) {
        errors.add(FieldError.required(path.child("default"), "required when " + field + " is defined"));
      } else if (ranges) {
        range(policy.object("validRange"), Quantities.of(policy.get("default")), most, path.child("validRange"), errors);
      } else {
        values(values, Quantities.of(policy.get("default")), most, path.child("validValues"), errors);
      }
    }
  }

  private static void values(ListValue values, Quantity wanted, Quantity most, FieldPath path, List<FieldError> errors) {
    for (int i = 1; i < values.size(); i++) {
      if (Quantities.of(values.get(i - 1)).compareTo(Quantities.of(values.get(i))) > 0) {
        invalid(path.index(i), Quantities.of(values.get(i)), "values must be sorted in ascending order", errors);
      }
    }
    boolean found = false;
    if (values.size() > OPTIONS_MAX) {
      errors.add(FieldError.tooMany(path, values.size(), OPTIONS_MAX));
    } else {
      Set<Long> seen = new HashSet<>();
      for (int i = 0; i < values.size(); i++) {
        Quantity option = Quantities.of(values.get(i));
        if (option.compareTo(most) > 0) {
          invalid(path.index(i), option, "option is larger than capacity value: " + most, errors);
        }
        found |= option.compareTo(wanted) == 0;
      }
      for (int i = 0; i < values.size(); i++) {
        long value = Quantities.of(values.get(i)).value();
        if (!seen.add(value)) {
          errors.add(FieldError.duplicate(path.index(i), Long.toString(value)));
        }
      }
    }
    if (!found) {
      invalid(path, wanted, "default value is not valid according to the requestPolicy", errors);
    }
  }

  private static void range(ObjectValue range, Quantity wanted, Quantity most, FieldPath path, List<FieldError> errors) {
    if (!isSet(range, "min")) {
      errors.add(FieldError.required(path.child("min"), "required when validRange is defined"));
      return;
    }
    Quantity min = Quantities.of(range.get("min"));
    if (min.compareTo(most) > 0) {
      invalid(path.child("min"), min, "min is larger than capacity value: " + most, errors);
    }
    if (wanted.compareTo(min) < 0) {
      invalid(path.child("min"), wanted, "default is less than min: " + min, errors);
    }
    if (isSet(range, "max")) {
      Quantity max = Quantities.of(range.get("max"));
      if (min.compareTo(max) > 0) {
        invalid(path.child("max"), min, "min is larger than max: " + max, errors);
      }
      if (max.compareTo(most) > 0) {
        invalid(path.child("max"), max, "max is larger than capacity value: " + most, errors);
      }
      if (wanted.compareTo(max) > 0) {
        invalid(path.child("max"), wanted, "default is more than max: " + max, errors);
      }
    }
    if (isSet(range, "step")) {
      steps(range, wanted, min, most, path.child("step"), errors);
    }
  }

  private static void steps(
      ObjectValue range, Quantity wanted, Quantity min, Quantity most, FieldPath path, List<FieldError> errors) {
    Quantity step = Quantities.of(range.get("step"));
    Quantity added = Quantity.of(min.amount().add(step.amount()), min.format());
    if (added.compareTo(most) > 0) {
      invalid(path, step, "one step " + added + " is larger than capacity value: " + most, errors);
    }
    if (step.value() == 0) {
      return;
    }
    step(wanted, min, step, path, errors);
    if (isSet(range, "max")) {
      step(Quantities.of(range.get("max")), min, step, path, errors);
    }
  }

  private static void step(Quantity value, Quantity min, Quantity step, FieldPath path, List<FieldError> errors) {
    if ((value.value() - min.value()) % step.value() != 0) {
      invalid(path, value, "value is not a multiple of a given step (" + step + ") from (" + min + ")", errors);
    }
  }

  private static void invalid(FieldPath path, Quantity value, String detail, List<FieldError> errors) {
    errors.add(FieldError.invalid(path, value.toString(), detail));
  }
}
