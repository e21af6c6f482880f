package io.thyra.controllers;

import io.thyra.cache.CachedObject;
import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Follower;
import io.thyra.registry.Registry;
import java.util.List;

/// The namespaces that every cluster has; made anew when somebody deletes one.
/// Source: kubernetes pkg/controlplane/controller/systemnamespaces.
final class SystemNamespaces extends Loop {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private static final List<String> NAMES = List.of("kube-system", "kube-public", "kube-node-lease", "default");

  private final Registry registry;

  SystemNamespaces(Registry registry) {
    super("system-namespaces");
    this.registry = registry;
  }

  /// Makes those that are missing, at once.
  void makeAll() {
    NAMES.forEach(this::reconcile);
  }

  @Override
  void follow() {
    run(name() + "-follow", new Follower(registry.findStore(NAMESPACES).orElseThrow().cache(), new Follower.Listener() {
      @Override
      public void onObject(CachedObject object) {}

      @Override
      public void onDeleted(CachedObject object) {
        if (NAMES.contains(object.name())) {
          queue.add(object.name());
        }
      }
    })::run);
  }

  @Override
  void reconcile(String name) {
    if (registry.peek(NAMESPACES, "", name).isPresent()) {
      return;
    }
    ObjectValue namespace =
        ObjectValue.builder()
            .put("kind", "Namespace")
            .put("apiVersion", "v1")
            .put("metadata", ObjectValue.builder().put("name", name).build())
            .build();
    try {
      registry.create(Registry.SYSTEM, NAMESPACES, namespace);
    } catch (ApiException e) {
      if (!e.status().reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }
}
