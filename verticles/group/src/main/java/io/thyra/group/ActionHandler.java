package io.thyra.group;

import io.thyra.codec.Format;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Subresource;
import io.thyra.wire.ApiResponse;

/// POST of something that is done rather than stored: a binding, an eviction, a review.
/// Source: apiserver pkg/endpoints/handlers/create.go, createHandler with a named creater.
final class ActionHandler implements VerbHandler {
  private final Subresource.Action action;

  ActionHandler(Subresource.Action action) {
    this.action = action;
  }

  @Override
  public ApiResponse handle(ResourceRequest received) {
    Format format = BodyDecoder.format(received);
    WriteOptions options = WriteOptions.parseCreate(received.query());
    ResourceRequest request = received.withDryRun(options.isDryRun());
    ObjectValue body = new BodyDecoder(request, options, action.bodyKind()).decodeAsSent(format);
    ObjectValue answer = request.store().act(request.write("CreateOptions", options), action, body);
    // Several actions answer with a Status, which carries its own code.
    int code = (int) answer.integer(201, "code");
    return Answers.plain(request, code, answer);
  }
}
