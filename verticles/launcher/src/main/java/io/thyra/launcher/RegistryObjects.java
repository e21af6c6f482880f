package io.thyra.launcher;

import io.thyra.groups.StoredObjects;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Preconditions;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Lets the rules of one kind read and write objects of others, as the user of the request. The registry is known only
/// after the kinds were declared, so it is asked for at each use.
final class RegistryObjects implements StoredObjects {
  private final Supplier<Registry> registry;

  RegistryObjects(Supplier<Registry> registry) {
    this.registry = registry;
  }

  @Override
  public Optional<ObjectValue> find(GroupResource resource, String namespace, String name) {
    return registry.get().find(resource, namespace, name);
  }

  @Override
  public List<ObjectValue> list(GroupResource resource, String namespace) {
    return registry.get().list(resource, namespace);
  }

  @Override
  public ObjectValue create(RequestContext context, GroupResource resource, ObjectValue object) {
    return registry.get().createUnadmitted(context, resource, object);
  }

  @Override
  public ObjectValue update(
      RequestContext context, GroupResource resource, String namespace, String name, UnaryOperator<ObjectValue> change) {
    return registry.get().changeUnadmitted(context, resource, namespace, name, change);
  }

  @Override
  public ObjectValue delete(RequestContext context, GroupResource resource, String namespace, String name, ObjectValue options) {
    return registry.get().deleteUnadmitted(context, resource, namespace, name, terms(options)).object();
  }

  private static DeleteTerms terms(ObjectValue options) {
    ObjectValue conditions = options.object("preconditions");
    return new DeleteTerms(
        new Preconditions(text(conditions, "uid"), text(conditions, "resourceVersion")),
        options.has("gracePeriodSeconds") ? options.integer(0, "gracePeriodSeconds") : null,
        options.has("orphanDependents") ? options.bool("orphanDependents") : null,
        text(options, "propagationPolicy"));
  }

  private static @Nullable String text(ObjectValue object, String name) {
    return object.has(name) ? object.string(name) : null;
  }
}
