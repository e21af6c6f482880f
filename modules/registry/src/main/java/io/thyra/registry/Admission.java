package io.thyra.registry;

import io.thyra.model.ObjectValue;

/// The plugins between authorization and the store. Runs on the virtual thread of the request and may wait.
/// Refusals are [io.thyra.model.ApiException].
public interface Admission {
  /// Lets everything through.
  Admission NONE =
      new Admission() {
        @Override
        public ObjectValue mutate(AdmissionAttributes attributes) {
          return attributes.object().orElse(ObjectValue.EMPTY);
        }

        @Override
        public void validate(AdmissionAttributes attributes) {}
      };

  /// The object as the mutating plugins leave it; for a delete the plugins are asked and the answer is unused.
  ObjectValue mutate(AdmissionAttributes attributes);

  void validate(AdmissionAttributes attributes);
}
