package io.thyra.group;

import io.thyra.codec.Negotiation;
import io.thyra.codec.PatchFormat;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;
import io.thyra.registry.Preconditions;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.UpdateOutcome;
import io.thyra.registry.WriteRequest;
import io.thyra.wire.ApiResponse;
import java.util.Optional;

/// PATCH of an object or of one of its parts. Source: apiserver pkg/endpoints/handlers/patch.go.
final class PatchHandler implements VerbHandler {
  private final Strategies strategies;

  PatchHandler(Strategies strategies) {
    this.strategies = strategies;
  }

  /// The kind of patch that the Content-Type names.
  static PatchFormat format(ResourceRequest request) {
    return Negotiation.patch(request.request().contentType(), !request.definition().protobuf());
  }

  @Override
  public ApiResponse handle(ResourceRequest received) {
    PatchFormat format = format(received);
    boolean apply = format == PatchFormat.APPLY;
    WriteOptions options = WriteOptions.parsePatch(received.query(), apply);
    ResourceRequest request = received.withDryRun(options.isDryRun());
    WriteRequest write = request.write("PatchOptions", options);
    ResourceStrategy strategy = strategies.of(request);
    var subject = new ObjectSubject(request, write, strategy);
    PatchMechanism mechanism =
        apply
            ? new ApplyPatch(request, subject, options)
            : new DocumentPatch(request, subject, options, format);
    boolean creates = apply && request.request().info().subresource().isEmpty();
    UpdateOutcome outcome =
        request
            .store()
            .change(write, strategy, Preconditions.NONE, creates, current -> patched(request, mechanism, current));
    return Answers.tree(request, outcome.created() ? 201 : 200, outcome.object());
  }

  private static ObjectValue patched(ResourceRequest request, PatchMechanism mechanism, Optional<ObjectValue> current) {
    ObjectValue object = mechanism.apply(current);
    if (current.isEmpty() && !Metadata.uid(object).isEmpty()) {
      throw new Failure.Conflict(
              request.request().info().groupResource(),
              request.name(),
              "uid mismatch: the provided object specified uid " + Metadata.uid(object) + ", and no existing object was found")
          .toException();
    }
    return ObjectNames.check(request, object);
  }
}
