package io.thyra.group;

import io.thyra.cache.CachedObject;
import io.thyra.machinery.GetOptions;
import io.thyra.model.Failure;
import io.thyra.wire.ApiResponse;

/// GET of one object, or of one of its parts. Source: apiserver pkg/endpoints/handlers/get.go.
final class GetHandler implements VerbHandler {
  @Override
  public ApiResponse handle(ResourceRequest request) {
    refuseExport(request);
    GetOptions options = GetOptions.parse(request.query());
    CachedObject found =
        request
            .store()
            .find(request.namespace(), request.name(), options.resourceVersion())
            .orElseThrow(() -> new Failure.NotFound(request.request().info().groupResource(), request.name()).toException());
    return Answers.object(request, 200, found);
  }

  private static void refuseExport(ResourceRequest request) {
    if (!request.query().has("export")) {
      return;
    }
    // Go's conversion takes anything but false and 0 for true.
    String value = request.query().first("export");
    if (!value.equalsIgnoreCase("false") && !value.equals("0")) {
      throw new Failure.BadRequest("the export parameter, deprecated since v1.14, is no longer supported").toException();
    }
  }
}
