package io.thyra.controllers;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Optional;

/// Gives every namespace something that it must have, and again when somebody deletes it: its ServiceAccount `default`, its
/// ConfigMap `kube-root-ca.crt`. Source: kubernetes pkg/controller/serviceaccount, pkg/controller/certificates/rootcacertpublisher.
final class NamespaceFurnishing extends Loop {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");

  private final Registry registry;
  private final Actor actor;
  private final GroupResource resource;
  private final ObjectValue template;
  private final String objectName;

  private NamespaceFurnishing(String name, Registry registry, String user, GroupResource resource, ObjectValue template) {
    super(name);
    this.registry = registry;
    this.actor =
        new Actor(
            new UserInfo("system:serviceaccount:kube-system:" + user, "", List.of(UserInfo.SYSTEM_MASTERS)), "kube-controller-manager");
    this.resource = resource;
    this.template = template;
    this.objectName = template.string("metadata", "name");
  }

  static NamespaceFurnishing serviceAccounts(Registry registry) {
    ObjectValue account =
        ObjectValue.builder()
            .put("kind", "ServiceAccount")
            .put("apiVersion", "v1")
            .put("metadata", ObjectValue.builder().put("name", "default").build())
            .build();
    return new NamespaceFurnishing(
        "serviceaccount", registry, "service-account-controller", new GroupResource("", "serviceaccounts"), account);
  }

  /// @param authority the certificates that clients verify this server with, PEM
  static NamespaceFurnishing rootCertificates(Registry registry, String authority) {
    ObjectValue annotations =
        ObjectValue.builder()
            .put(
                "kubernetes.io/description",
                "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal"
                    + " service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.")
            .build();
    ObjectValue map =
        ObjectValue.builder()
            .put("kind", "ConfigMap")
            .put("apiVersion", "v1")
            .put("metadata", ObjectValue.builder().put("name", "kube-root-ca.crt").put("annotations", annotations).build())
            .put("data", ObjectValue.builder().put("ca.crt", authority).build())
            .build();
    return new NamespaceFurnishing(
        "root-ca-certificate-publisher", registry, "root-ca-cert-publisher", new GroupResource("", "configmaps"), map);
  }

  @Override
  void follow() {
    follow(registry.findStore(NAMESPACES).orElseThrow().cache(), object -> queue.add(object.name()), _ -> {});
    follow(
        registry.findStore(resource).orElseThrow().cache(),
        object -> {
          if (object.name().equals(objectName) && template.has("data")) {
            queue.add(object.namespace());
          }
        },
        object -> {
          if (object.name().equals(objectName)) {
            queue.add(object.namespace());
          }
        });
  }

  @Override
  void reconcile(String namespace) {
    Optional<ObjectValue> home = registry.peek(NAMESPACES, "", namespace);
    if (home.isEmpty() || !home.get().string("metadata", "deletionTimestamp").isEmpty()) {
      return;
    }
    Optional<ObjectValue> live = registry.peek(resource, namespace, objectName);
    if (live.isEmpty()) {
      create(namespace);
    } else if (template.has("data") && !live.get().object("data").equals(template.object("data"))) {
      registry.update(actor, resource, "", namespace, objectName, current -> current.with("data", template.object("data")));
    }
  }

  private void create(String namespace) {
    try {
      registry.create(actor, resource, template.withAt(Value.of(namespace), "metadata", "namespace"));
    } catch (ApiException e) {
      boolean settled =
          switch (e.failure()) {
            case Failure.AlreadyExists _, Failure.NotFound _ -> true;
            default -> e.status().message().contains("because it is being terminated");
          };
      if (!settled) {
        throw e;
      }
    }
  }
}
