package io.thyra.controllers;

import io.thyra.cache.CachedObject;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Empties a namespace that is being deleted, pods first, then lets go of it by removing the finalizer `kubernetes`. What is
/// left behind is told in conditions of its status. Source: kubernetes pkg/controller/namespace/deletion.
final class NamespaceDeletion extends Loop {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final String FINALIZER = "kubernetes";

  private final Registry registry;
  private final UserInfo user =
      new UserInfo("system:serviceaccount:kube-system:namespace-controller", "", List.of(UserInfo.SYSTEM_MASTERS));
  private final Actor actor = new Actor(user, "kube-controller-manager");

  NamespaceDeletion(Registry registry) {
    super("namespace");
    this.registry = registry;
  }

  @Override
  void follow() {
    follow(registry.findStore(NAMESPACES).orElseThrow().cache(), object -> queue.add(object.name()), _ -> {});
  }

  @Override
  void reconcile(String name) {
    Optional<ObjectValue> found = registry.peek(NAMESPACES, "", name);
    if (found.isEmpty() || found.get().string("metadata", "deletionTimestamp").isEmpty() || !finalizers(found.get()).contains(FINALIZER)) {
      return;
    }
    var left = new TreeMap<String, Integer>();
    var holding = new TreeMap<String, Integer>();
    List<ResourceStore> stores = contents();
    for (ResourceStore store : stores) {
      empty(store, name, left, holding);
      if (store.definition().resource().equals(PODS) && !left.isEmpty()) {
        // Pods first: nothing that isolates or serves them goes while they run.
        break;
      }
    }
    if (left.isEmpty()) {
      finish(name);
      return;
    }
    report(name, left, holding);
    queue.addAfter(name, LOOK_AGAIN);
  }

  private List<ResourceStore> contents() {
    var stores = new ArrayList<ResourceStore>();
    for (ResourceStore store : registry.stores()) {
      if (store.definition().namespaced()) {
        stores.add(store);
      }
    }
    stores.sort(Comparator.comparing(store -> !store.definition().resource().equals(PODS)));
    return stores;
  }

  private void empty(ResourceStore store, String namespace, TreeMap<String, Integer> left, TreeMap<String, Integer> holding) {
    GroupResource resource = store.definition().resource();
    String prefix = store.definition().storagePrefix() + namespace + "/";
    for (CachedObject object : store.cache().snapshot().range(prefix)) {
      unlessGone(() -> registry.delete(user, resource, namespace, object.name(), DeleteTerms.propagating("Background")));
    }
    for (CachedObject object : store.cache().snapshot().range(prefix)) {
      left.merge(resource.toString(), 1, Integer::sum);
      store.tree(object).list("metadata", "finalizers").strings().forEach(finalizer -> holding.merge(finalizer, 1, Integer::sum));
    }
  }

  private static List<String> finalizers(ObjectValue namespace) {
    return namespace.list("spec", "finalizers").strings();
  }

  private void finish(String name) {
    unlessGone(
        () ->
            registry.update(
                actor,
                NAMESPACES,
                "finalize",
                "",
                name,
                current ->
                    current.withAt(
                        ListValue.ofStrings(finalizers(current).stream().filter(f -> !f.equals(FINALIZER)).toList()), "spec", "finalizers")));
  }

  private void report(String name, TreeMap<String, Integer> left, TreeMap<String, Integer> holding) {
    registry.update(
        actor,
        NAMESPACES,
        "status",
        "",
        name,
        current -> {
          ListValue conditions = current.list("status", "conditions");
          conditions = set(conditions, "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered");
          conditions = set(conditions, "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed");
          conditions = set(conditions, "NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization");
          conditions = set(conditions, "NamespaceContentRemaining", true, "SomeResourcesRemain", "Some resources are remaining: " + remaining(left));
          conditions =
              holding.isEmpty()
                  ? set(conditions, "NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
                  : set(conditions, "NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", "Some content in the namespace has finalizers remaining: " + held(holding));
          return current.withAt(conditions, "status", "conditions");
        });
  }

  private static String remaining(TreeMap<String, Integer> left) {
    return String.join(", ", left.entrySet().stream().map(e -> e.getKey() + (e.getKey().contains(".") ? "" : ".") + " has " + e.getValue() + " resource instances").toList());
  }

  private static String held(TreeMap<String, Integer> holding) {
    return String.join(", ", holding.entrySet().stream().map(e -> e.getKey() + " in " + e.getValue() + " resource instances").toList());
  }

  private ListValue set(ListValue conditions, String type, boolean status, String reason, String message) {
    ObjectValue known = conditions.objects().stream().filter(c -> c.string("type").equals(type)).findFirst().orElse(ObjectValue.EMPTY);
    String word = status ? "True" : "False";
    if (known.string("status").equals(word) && known.string("message").equals(message)) {
      return conditions;
    }
    String since =
        known.string("status").equals(word)
            ? known.string("lastTransitionTime")
            : registry.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectValue condition =
        ObjectValue.builder()
            .put("type", type)
            .put("status", word)
            .put("lastTransitionTime", since)
            .put("reason", reason)
            .put("message", message)
            .build();
    var all = new ArrayList<Value>();
    boolean replaced = false;
    for (ObjectValue each : conditions.objects()) {
      boolean same = each.string("type").equals(type);
      all.add(same ? condition : each);
      replaced |= same;
    }
    if (!replaced) {
      all.add(condition);
    }
    return new ListValue(all);
  }
}
