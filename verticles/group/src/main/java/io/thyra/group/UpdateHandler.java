package io.thyra.group;

import io.thyra.codec.Format;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ObjectValue;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.UpdateOutcome;
import io.thyra.wire.ApiResponse;

/// PUT of an object or of one of its parts. Source: apiserver pkg/endpoints/handlers/update.go.
final class UpdateHandler implements VerbHandler {
  private final Strategies strategies;

  UpdateHandler(Strategies strategies) {
    this.strategies = strategies;
  }

  @Override
  public ApiResponse handle(ResourceRequest received) {
    WriteOptions options = WriteOptions.parseUpdate(received.query());
    Format format = BodyDecoder.format(received);
    ResourceRequest request = received.withDryRun(options.isDryRun());
    ObjectValue sent = new BodyDecoder(request, options).decode(format);
    ObjectValue object = ObjectNames.check(request, sent);
    ResourceStrategy strategy = strategies.of(request);
    UpdateOutcome outcome = request.store().replace(request.write("UpdateOptions", options), strategy, object);
    return Answers.tree(request, outcome.created() ? 201 : 200, outcome.object());
  }
}
