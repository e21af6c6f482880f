package io.thyra.group;

import io.thyra.codec.Format;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ObjectValue;
import io.thyra.wire.ApiResponse;

/// POST of a new object. Source: apiserver pkg/endpoints/handlers/create.go.
final class CreateHandler implements VerbHandler {
  @Override
  public ApiResponse handle(ResourceRequest received) {
    Format format = BodyDecoder.format(received);
    WriteOptions options = WriteOptions.parseCreate(received.query());
    ResourceRequest request = received.withDryRun(options.isDryRun());
    ObjectValue object = new BodyDecoder(request, options).decode(format);
    return Answers.tree(request, 201, request.store().create(request.write("CreateOptions", options), object));
  }
}
