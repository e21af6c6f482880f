package io.thyra.registry;

import io.thyra.machinery.apply.EmptyObject;
import io.thyra.machinery.apply.FieldFilter;
import io.thyra.machinery.apply.FieldManager;
import io.thyra.machinery.apply.FieldSet;
import io.thyra.machinery.apply.VersionConverter;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Who owns which fields of one resource's objects: keeps `metadata.managedFields` over every write. Field managers are made
/// at first use, one for each version and subresource, and kept.
final class Ownership {
  private record Route(String apiVersion, String subresource) {}

  private final ResourceDefinition definition;
  private final Conversion conversion;
  private final InstantSource clock;
  private final Map<Route, FieldManager> managers = new ConcurrentHashMap<>();

  Ownership(ResourceDefinition definition, InstantSource clock) {
    this.definition = definition;
    this.conversion = new Conversion(definition);
    this.clock = clock;
  }

  /// The object with managedFields that tell what the request's manager changed.
  ///
  /// @param live what is stored in the hub version, empty for a create
  ObjectValue update(WriteRequest request, ResourceStrategy strategy, ObjectValue live, ObjectValue changed) {
    VersionedType version = request.version();
    ObjectValue before = live.isEmpty() ? empty(version) : conversion.fromHub(live, version);
    ObjectValue after = conversion.fromHub(changed, version);
    ObjectValue owned = manager(request, strategy).update(before, after, request.manager());
    return version.kind().equals(definition.hub()) ? owned : Metadata.withFrom(changed, "managedFields", owned);
  }

  /// A configuration merged into an object; the answer is in the request's version, neither defaulted nor canonical, or
  /// the live object itself when nothing changes.
  ///
  /// @param live what is stored in the hub version, empty when there is none
  ObjectValue apply(WriteRequest request, ResourceStrategy strategy, ObjectValue live, ObjectValue config, boolean force) {
    VersionedType version = request.version();
    ObjectValue before = live.isEmpty() ? empty(version) : conversion.fromHub(live, version);
    return manager(request, strategy).apply(before, config, request.manager(), force);
  }

  /// The body of an action, which is of a kind of its own, with managedFields that tell what the request's manager sent.
  ObjectValue ofAction(WriteRequest request, ObjectValue body) {
    GroupVersionKind kind = request.kind();
    String subresource = request.context().info().subresource();
    FieldManager manager =
        managers.computeIfAbsent(
            new Route(kind.apiVersion(), subresource),
            _ -> {
              Struct type = Schemas.builtin().findKind(kind).orElseThrow();
              var scope = new FieldManager.Scope(kind, subresource, EmptyObject.of(type), Map.of(), false);
              return new FieldManager(scope, VersionConverter.single(kind.apiVersion(), type), clock);
            });
    return manager.create(body, request.manager());
  }

  private ObjectValue empty(VersionedType version) {
    return definition.protobuf()
        ? EmptyObject.of(version.struct())
        : EmptyObject.ofCustom(version.kind().apiVersion(), version.kind().kind());
  }

  private FieldManager manager(WriteRequest request, ResourceStrategy strategy) {
    VersionedType version = request.version();
    String subresource = request.context().info().subresource();
    return managers.computeIfAbsent(
        new Route(version.kind().apiVersion(), subresource), _ -> create(version, subresource, strategy));
  }

  private FieldManager create(VersionedType version, String subresource, ResourceStrategy strategy) {
    var scope =
        new FieldManager.Scope(version.kind(), subresource, empty(version), filters(strategy), !definition.protobuf());
    return new FieldManager(scope, new Versions(), clock);
  }

  private Map<String, FieldFilter> filters(ResourceStrategy strategy) {
    FieldSet reset = FieldSet.EMPTY;
    for (List<String> path : strategy.resetFields()) {
      reset = reset.union(FieldSet.ofNames(path.toArray(String[]::new)));
    }
    var filters = new HashMap<String, FieldFilter>();
    if (!reset.isEmpty()) {
      for (VersionedType version : definition.versions()) {
        filters.put(version.kind().apiVersion(), FieldFilter.exclude(reset));
      }
    }
    return filters;
  }

  private final class Versions implements VersionConverter {
    @Override
    public Optional<Struct> findType(String apiVersion) {
      return definition.findWritten(GroupVersion.parse(apiVersion)).map(VersionedType::struct);
    }

    @Override
    public ObjectValue convert(ObjectValue object, String apiVersion) {
      String own = object.string("apiVersion");
      if (own.equals(apiVersion)) {
        return object;
      }
      VersionedType from = definition.findWritten(GroupVersion.parse(own)).orElseThrow();
      VersionedType to = definition.findWritten(GroupVersion.parse(apiVersion)).orElseThrow();
      return conversion.between(object, from, to);
    }
  }
}
