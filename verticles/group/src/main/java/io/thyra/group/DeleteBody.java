package io.thyra.group;

import io.thyra.machinery.DeleteOptions;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Preconditions;
import io.thyra.registry.WriteRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The options of a delete: its body where it has one, else its query.
final class DeleteBody {
  private DeleteBody() {}

  static DeleteOptions options(ResourceRequest request) {
    if (request.request().body().length() == 0) {
      return DeleteOptions.parse(request.query());
    }
    return DeleteOptions.fromBody(OptionsDecoder.decode(request));
  }

  static DeleteTerms terms(DeleteOptions options) {
    @Nullable Long seconds = options.gracePeriodSeconds().isPresent() ? options.gracePeriodSeconds().getAsLong() : null;
    return new DeleteTerms(
        new Preconditions(options.uid().orElse(null), options.resourceVersion().orElse(null)),
        seconds,
        options.orphanDependents().orElse(null),
        options.propagationPolicy().orElse(null));
  }

  /// The write of the registry, with the options as admission is told them.
  static WriteRequest write(ResourceRequest request, DeleteOptions options) {
    var told = ObjectValue.builder().put("kind", "DeleteOptions").put("apiVersion", "meta.k8s.io/v1");
    options.gracePeriodSeconds().ifPresent(seconds -> told.put("gracePeriodSeconds", seconds));
    if (options.uid().isPresent() || options.resourceVersion().isPresent()) {
      var preconditions = ObjectValue.builder();
      options.uid().ifPresent(uid -> preconditions.put("uid", uid));
      options.resourceVersion().ifPresent(version -> preconditions.put("resourceVersion", version));
      told.put("preconditions", preconditions.build());
    }
    options.orphanDependents().ifPresent(orphan -> told.put("orphanDependents", orphan));
    options.propagationPolicy().ifPresent(policy -> told.put("propagationPolicy", policy));
    if (!options.dryRun().isEmpty()) {
      told.put("dryRun", ListValue.ofStrings(options.dryRun()));
    }
    return new WriteRequest(request.context(), request.version(), "", Optional.of(told.build()));
  }
}
