package io.thyra.admission.webhook;

import io.thyra.admission.RuleMatcher;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import java.util.Optional;

/// A request with its objects in the version that a rule asks for.
///
/// @param match the resource and kind of that version
/// @param object as the version prints it; empty for a delete
/// @param oldObject as the version prints it; empty for a create
public record VersionedRequest(
    AdmissionAttributes attributes, RuleMatcher.Match match, Optional<ObjectValue> object, Optional<ObjectValue> oldObject) {}
