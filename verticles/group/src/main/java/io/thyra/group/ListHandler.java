package io.thyra.group;

import io.thyra.machinery.ListOptions;
import io.thyra.registry.FieldLabels;
import io.thyra.wire.ApiResponse;

/// GET of a collection. Source: apiserver pkg/endpoints/handlers/get.go.
final class ListHandler implements VerbHandler {
  @Override
  public ApiResponse handle(ResourceRequest request) {
    return Answers.list(request, request.store().list(request.namespace(), options(request)));
  }

  static ListOptions options(ResourceRequest request) {
    String name = request.name();
    return ListOptions.parse(request.query(), FieldLabels.of(request.definition(), request.version()), name.isEmpty() ? null : name);
  }
}
