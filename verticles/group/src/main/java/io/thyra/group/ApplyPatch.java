package io.thyra.group;

import io.thyra.machinery.WriteOptions;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Optional;

/// Server-side apply. Source: apiserver pkg/endpoints/handlers/patch.go, applyPatcher.
record ApplyPatch(ResourceRequest request, Subject subject, WriteOptions options) implements PatchMechanism {
  @Override
  public ObjectValue apply(Optional<ObjectValue> current) {
    YamlBody.Configuration config = YamlBody.configuration(request.request().body().getBytes());
    ObjectValue applied = subject.applied(current.orElse(ObjectValue.EMPTY), config.object(), options.isForced());
    reportStrict(config.complaints());
    return applied;
  }

  /// What strict parsing complains about is told after everything else went well.
  private void reportStrict(List<String> complaints) {
    if (complaints.isEmpty() || !options.reportsFields()) {
      return;
    }
    if (options.isStrict()) {
      throw new Failure.BadRequest("error strict decoding YAML: error converting YAML to JSON: " + complaints.getFirst()).toException();
    }
    BodyDecoder.warn(request.context(), complaints);
  }
}
