package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes;

/// One rule of admission. Stateless unless it says otherwise, and safe for many threads at once.
public interface Plugin {
  /// Whether the plugin has anything to say about a request; asked for every write, so it looks at no object.
  boolean handles(AdmissionAttributes attributes);

  /// The attributes with the object as the plugin leaves it; the same instance when nothing changes.
  ///
  /// @throws io.thyra.model.ApiException when the plugin refuses
  default AdmissionAttributes mutate(AdmissionAttributes attributes) {
    return attributes;
  }

  /// As [#mutate(AdmissionAttributes)], for a plugin that can ask for a second round.
  default AdmissionAttributes mutate(AdmissionAttributes attributes, Reinvocation reinvocation) {
    return mutate(attributes);
  }

  /// Looks at the object that will be stored.
  ///
  /// @throws io.thyra.model.ApiException when the plugin refuses
  default void validate(AdmissionAttributes attributes) {}
}
