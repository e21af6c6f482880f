package io.thyra.group;

import io.thyra.machinery.DeleteOptions;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.DeleteOutcome;
import io.thyra.registry.Metadata;
import io.thyra.wire.ApiResponse;

/// DELETE of one object. Source: apiserver pkg/endpoints/handlers/delete.go.
final class DeleteHandler implements VerbHandler {
  @Override
  public ApiResponse handle(ResourceRequest received) {
    DeleteOptions options = DeleteBody.options(received);
    ResourceRequest request = received.withDryRun(options.isDryRun());
    DeleteOutcome outcome = request.store().delete(DeleteBody.write(request, options), DeleteBody.terms(options));
    boolean pending = !outcome.gone() && !options.orphanDependents().orElse(true);
    int code = pending ? 202 : 200;
    return outcome.whole()
        ? Answers.tree(request, code, outcome.object())
        : Answers.plain(request, code, status(request, outcome.object()));
  }

  private static ObjectValue status(ResourceRequest request, ObjectValue object) {
    GroupResource resource = request.request().info().groupResource();
    var details = ObjectValue.builder().put("name", Metadata.name(object));
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    // The plural stands where the kind would.
    details.put("kind", resource.resource()).put("uid", Metadata.uid(object));
    return ObjectValue.builder()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("metadata", ObjectValue.EMPTY)
        .put("status", "Success")
        .put("details", details.build())
        .build();
  }
}
