package io.thyra.launcher;

import io.thyra.discovery.CustomOperations;
import io.thyra.discovery.OpenApiSource;
import io.thyra.discovery.Operation;
import io.thyra.extensions.CustomResources;
import io.thyra.extensions.PublishedSchema;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The schemas and operations of custom resources for OpenAPI documents. What was made of a group version is kept until its definitions
/// change.
final class CustomOpenApi implements OpenApiSource {
  private record Known(List<PublishedSchema> schemas, Contribution contribution) {}

  private final CustomResources resources;
  private final Map<GroupVersion, Known> known = new ConcurrentHashMap<>();

  CustomOpenApi(CustomResources resources) {
    this.resources = resources;
  }

  @Override
  public Optional<Contribution> find(GroupVersion groupVersion) {
    List<PublishedSchema> schemas = resources.published(groupVersion);
    if (schemas.isEmpty()) {
      known.remove(groupVersion);
      return Optional.empty();
    }
    Known current = known.get(groupVersion);
    if (current == null || current.schemas() != schemas) {
      current = new Known(schemas, contribution(schemas));
      known.put(groupVersion, current);
    }
    return Optional.of(current.contribution());
  }

  private static Contribution contribution(List<PublishedSchema> schemas) {
    var paths = new TreeMap<String, List<Operation>>();
    var definitions = new TreeMap<String, ObjectValue>();
    var v2 = new TreeMap<String, ObjectValue>();
    for (PublishedSchema schema : schemas) {
      definitions.put(schema.name(), schema.toOpenApiV3());
      definitions.put(schema.listName(), schema.listToOpenApiV3());
      v2.put(schema.name(), schema.toOpenApiV2());
      v2.put(schema.listName(), schema.listToOpenApiV2());
      paths.putAll(
          CustomOperations.of(
              new CustomOperations.Resource(
                  new GroupVersionKind(schema.group(), schema.version(), schema.kind()),
                  schema.plural(),
                  schema.namespaced(),
                  schema.name(),
                  schema.listName(),
                  schema.status(),
                  schema.scale())));
    }
    return new Contribution(paths, definitions, v2);
  }
}
