package io.thyra.group;

import io.thyra.machinery.ListOptions;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;
import io.thyra.registry.ResourceDefinition;
import io.thyra.wire.ApiResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// GET of objects that are made at every read and stored nowhere: component statuses.
/// Source: kubernetes pkg/registry/core/componentstatus/rest.go.
final class ComputedHandler implements VerbHandler {
  private final List<ObjectValue> objects;

  ComputedHandler(List<ObjectValue> objects) {
    this.objects = objects;
  }

  @Override
  public ApiResponse handle(ResourceRequest request) {
    return request.request().info().verb().equals("list") ? list(request) : get(request);
  }

  private ApiResponse get(ResourceRequest request) {
    ObjectValue found =
        objects.stream()
            .filter(o -> Metadata.name(o).equals(request.name()))
            .findFirst()
            .orElseThrow(() -> new Failure.NotFound(named(request.definition()), request.name()).toException());
    return Answers.tree(request, 200, found);
  }

  /// Upstream names the kind in lower case, not the plural.
  private static GroupResource named(ResourceDefinition definition) {
    return new GroupResource(definition.resource().group(), definition.hub().kind().toLowerCase(Locale.ROOT));
  }

  private ApiResponse list(ResourceRequest request) {
    ListOptions options = ListHandler.options(request);
    List<ObjectValue> selected =
        objects.stream()
            .filter(o -> options.labelSelector().matches(o.object("metadata", "labels")))
            .filter(o -> options.fieldSelector().matches(Map.of("metadata.name", Metadata.name(o))::get))
            .toList();
    return Answers.trees(request, selected);
  }
}
