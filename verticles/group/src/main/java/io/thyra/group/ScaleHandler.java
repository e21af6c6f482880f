package io.thyra.group;

import io.thyra.cache.CachedObject;
import io.thyra.codec.Format;
import io.thyra.codec.PatchFormat;
import io.thyra.machinery.GetOptions;
import io.thyra.machinery.WriteOptions;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;
import io.thyra.registry.Preconditions;
import io.thyra.registry.Scales;
import io.thyra.registry.Subresource;
import io.thyra.registry.UpdateOutcome;
import io.thyra.registry.WriteRequest;
import io.thyra.wire.ApiResponse;

/// GET, PUT and PATCH of an object's Scale.
final class ScaleHandler implements VerbHandler {
  private final Subresource.Scale paths;

  ScaleHandler(Subresource.Scale paths) {
    this.paths = paths;
  }

  @Override
  public ApiResponse handle(ResourceRequest request) {
    Scales scales = request.store().scales(paths, request.version());
    return switch (request.request().info().verb()) {
      case "get" -> get(request, scales);
      case "update" -> update(request, scales);
      case "patch" -> patch(request, scales);
      default -> throw new IllegalStateException("no verb of a scale");
    };
  }

  private static ApiResponse get(ResourceRequest request, Scales scales) {
    String version = GetOptions.parse(request.query()).resourceVersion();
    CachedObject found =
        request
            .store()
            .find(request.namespace(), request.name(), version)
            .orElseThrow(() -> new Failure.NotFound(request.request().info().groupResource(), request.name()).toException());
    return Answers.plain(request, 200, scales.shown(request.store().tree(found)));
  }

  private static ApiResponse update(ResourceRequest received, Scales scales) {
    WriteOptions options = WriteOptions.parseUpdate(received.query());
    Format format = BodyDecoder.format(received);
    ResourceRequest request = received.withDryRun(options.isDryRun());
    ObjectValue sent = decode(request, options, format);
    ObjectValue scale = ObjectNames.check(request, sent);
    WriteRequest write = request.write("UpdateOptions", options).withKind(Scales.KIND);
    String uid = Metadata.uid(scale);
    Preconditions preconditions = uid.isEmpty() ? Preconditions.NONE : new Preconditions(uid, null);
    UpdateOutcome outcome =
        request
            .store()
            .scale(write, scales, preconditions, current -> scales.update(current.orElseThrow(), scale, write.manager()));
    return Answers.plain(request, 200, scales.of(outcome.object()));
  }

  private static ObjectValue decode(ResourceRequest request, WriteOptions options, Format format) {
    try {
      return new BodyDecoder(request, options, Scales.KIND).decodeAsSent(format);
    } catch (ApiException e) {
      // The decoder of a custom object's Scale cannot name the type that it failed to read.
      throw request.definition().protobuf()
          ? e
          : new Failure.BadRequest("no kind is registered for the type v1.Scale in scheme \"pkg/runtime/scheme.go:111\"").toException();
    }
  }

  private static ApiResponse patch(ResourceRequest received, Scales scales) {
    PatchFormat format = PatchHandler.format(received);
    boolean apply = format == PatchFormat.APPLY;
    WriteOptions options = WriteOptions.parsePatch(received.query(), apply);
    ResourceRequest request = received.withDryRun(options.isDryRun());
    WriteRequest write = request.write("PatchOptions", options).withKind(Scales.KIND);
    if (apply && scales.custom()) {
      // Upstream's field manager takes a custom object's Scale for an object of the resource.
      throw new Failure.Unclassified(
              500,
              "failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper"
                  + " version: request to convert CR to an invalid group/version: autoscaling/v1")
          .toException();
    }
    var subject = new ScaleSubject(scales, write);
    PatchMechanism mechanism =
        apply ? new ApplyPatch(request, subject, options) : new DocumentPatch(request, subject, options, format);
    UpdateOutcome outcome =
        request
            .store()
            .scale(write, scales, Preconditions.NONE, current -> ObjectNames.check(request, mechanism.apply(current)));
    return Answers.plain(request, 200, scales.of(outcome.object()));
  }
}
