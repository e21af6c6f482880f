package io.thyra.launcher;

import io.thyra.admission.AdmissionTimes;
import io.thyra.admission.Stopwatch;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Admission;
import io.thyra.registry.AdmissionAttributes;

/// Times each of the two rounds of admission as a whole.
final class TimedAdmission implements Admission {
  private final Admission admission;
  private final Stopwatch mutating;
  private final Stopwatch validating;

  TimedAdmission(Admission admission, AdmissionTimes times) {
    this.admission = admission;
    this.mutating = new Stopwatch("", false, times);
    this.validating = new Stopwatch("", true, times);
  }

  @Override
  public ObjectValue mutate(AdmissionAttributes attributes) {
    return mutating.time(attributes.operation(), () -> admission.mutate(attributes));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    validating.time(
        attributes.operation(),
        () -> {
          admission.validate(attributes);
          return attributes;
        });
  }
}
