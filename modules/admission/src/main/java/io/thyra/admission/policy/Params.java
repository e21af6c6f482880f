package io.thyra.admission.policy;

import io.thyra.cache.CachedObject;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the parameters that bindings name. Stateless. Source: apiserver pkg/admission/plugin/policy/generic/policy_dispatcher.go.
final class Params {
  /// That parameters cannot be had; the message is upstream's.
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /// Where objects of a kind of parameters are.
  record Source(ResourceStore store, VersionedType version) {}

  private final Registry registry;

  Params(Registry registry) {
    this.registry = registry;
  }

  /// The objects of a `paramKind`.
  ///
  /// @throws Unavailable when nobody serves it
  Source source(ObjectValue paramKind) throws Unavailable {
    GroupVersion version = GroupVersion.parse(paramKind.string("apiVersion"));
    String kind = paramKind.string("kind");
    for (ResourceStore store : registry.stores()) {
      Optional<VersionedType> found =
          store.definition().versions().stream()
              .filter(v -> v.kind().kind().equals(kind) && v.kind().groupVersion().equals(version))
              .findFirst();
      if (found.isPresent()) {
        return new Source(store, found.get());
      }
    }
    String shown = version.group() + "/" + version.version() + ", Kind=" + kind;
    throw new Unavailable("failed to find resource referenced by paramKind: '" + shown + "'");
  }

  /// The parameters that a binding names in the version of their kind, one of which is empty when it names none.
  ///
  /// @param namespace of the request, empty for none
  /// @throws Unavailable when there are none and the binding wants some
  List<Optional<ObjectValue>> collect(Optional<Source> source, ObjectValue binding, String namespace) throws Unavailable {
    if (source.isEmpty() || !(binding.at("spec", "paramRef") instanceof ObjectValue reference)) {
      return List.of(Optional.empty());
    }
    ResourceStore store = source.get().store();
    ResourceDefinition definition = store.definition();
    String where = reference.string("namespace");
    if (definition.namespaced() && where.isEmpty()) {
      where = namespace;
      if (where.isEmpty()) {
        throw new Unavailable("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
      }
    } else if (!definition.namespaced() && !where.isEmpty()) {
      throw new Unavailable("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
    }
    List<Optional<ObjectValue>> found = find(source.get(), reference, where);
    if (found.isEmpty() && reference.string("parameterNotFoundAction").equals("Deny")) {
      throw new Unavailable("no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return found;
  }

  private static List<Optional<ObjectValue>> find(Source source, ObjectValue reference, String namespace) throws Unavailable {
    ResourceStore store = source.store();
    String name = reference.string("name");
    if (!name.isEmpty()) {
      if (reference.has("selector")) {
        throw new Unavailable("paramRef.name and paramRef.selector are mutually exclusive");
      }
      String key = store.definition().key(namespace, name);
      return store.cache().snapshot().find(key).map(o -> List.of(Optional.of(tree(source, o)))).orElse(List.of());
    }
    if (!(reference.get("selector") instanceof ObjectValue selector)) {
      throw new Unavailable("one of name or selector must be provided");
    }
    LabelSelector labels;
    try {
      labels = LabelSelector.fromObject(selector);
    } catch (SyntaxException e) {
      throw new Unavailable(e.text());
    }
    var found = new ArrayList<Optional<ObjectValue>>();
    String prefix = store.cache().prefix() + (namespace.isEmpty() ? "" : namespace + "/");
    for (CachedObject object : store.cache().snapshot().range(prefix)) {
      ObjectValue tree = tree(source, object);
      if (labels.matches(tree.object("metadata", "labels"))) {
        found.add(Optional.of(tree));
      }
    }
    return found;
  }

  private static ObjectValue tree(Source source, CachedObject object) {
    return source.store().forms().tree(object, source.version());
  }
}
