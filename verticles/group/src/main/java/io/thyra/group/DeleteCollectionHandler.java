package io.thyra.group;

import io.thyra.machinery.DeleteOptions;
import io.thyra.machinery.ListOptions;
import io.thyra.registry.ListPage;
import io.thyra.wire.ApiResponse;

/// DELETE of a collection; answers with the list of what was deleted, as it was before.
/// Source: apiserver pkg/endpoints/handlers/delete.go, DeleteCollection.
final class DeleteCollectionHandler implements VerbHandler {
  @Override
  public ApiResponse handle(ResourceRequest received) {
    ListOptions selected = ListHandler.options(received);
    DeleteOptions options = DeleteBody.options(received);
    ResourceRequest request = received.withDryRun(options.isDryRun());
    ListPage page =
        request.store().deleteCollection(DeleteBody.write(request, options), DeleteBody.terms(options), selected);
    return Answers.list(request, page);
  }
}
