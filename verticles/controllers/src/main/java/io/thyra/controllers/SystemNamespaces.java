package io.thyra.controllers;

import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
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
    follow(
        registry.findStore(NAMESPACES).orElseThrow().cache(),
        _ -> {},
        object -> {
          if (NAMES.contains(object.name())) {
            queue.add(object.name());
          }
        });
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
