package io.thyra.group;

import io.thyra.wire.ApiResponse;

/// Does one verb on resources. Runs on the request's virtual thread and may wait; refusals are
/// [io.thyra.model.ApiException].
@FunctionalInterface
interface VerbHandler {
  ApiResponse handle(ResourceRequest request);
}
