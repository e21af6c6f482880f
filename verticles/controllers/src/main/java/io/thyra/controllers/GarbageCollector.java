package io.thyra.controllers;

import io.thyra.cache.CachedObject;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupKind;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Deletes what has owners and none of them is left, and finishes deletions that wait for dependents: `foregroundDeletion`
/// deletes them first, `orphan` takes the owner out of them. Source: kubernetes pkg/controller/garbagecollector.
///
/// What it remembers is, for each object with owners, their uids, and for each owner its dependents: nothing of objects
/// that own and are owned by nothing.
final class GarbageCollector extends Loop {
  private static final Duration NEW_RESOURCES_POLL = Duration.ofSeconds(1);
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private final Registry registry;
  private final UserInfo user =
      new UserInfo("system:serviceaccount:kube-system:generic-garbage-collector", "", List.of(UserInfo.SYSTEM_MASTERS));
  private final Actor actor = new Actor(user, "kube-controller-manager");
  // By store key: the owners that an object names.
  private final Map<String, Set<String>> ownersOf = new ConcurrentHashMap<>();
  // By owner uid: the store keys of its dependents.
  private final Map<String, Set<String>> dependentsOf = new ConcurrentHashMap<>();
  // By uid: the store key of an owner that waits for its dependents.
  private final Map<String, String> waitingByUid = new ConcurrentHashMap<>();
  // Owned by the thread that looks for new resources.
  private final Set<GroupResource> followed = new HashSet<>();

  GarbageCollector(Registry registry) {
    super("garbage-collector");
    this.registry = registry;
  }

  @Override
  void follow() {
    run(
        name() + "-resources",
        () -> {
          while (true) {
            registry.stores().forEach(this::followOnce);
            Thread.sleep(NEW_RESOURCES_POLL);
          }
        });
  }

  private void followOnce(ResourceStore store) {
    GroupResource resource = store.definition().resource();
    // Events own nothing and are owned by nothing, and there are many.
    if (resource.resource().equals("events") || !followed.add(resource)) {
      return;
    }
    follow(store.cache(), object -> observe(store, object), object -> forget(store, object));
  }

  private void observe(ResourceStore store, CachedObject object) {
    ObjectValue tree = store.tree(object);
    var owners = new HashSet<String>();
    for (ObjectValue reference : tree.list("metadata", "ownerReferences").objects()) {
      owners.add(reference.string("uid"));
    }
    String key = object.key();
    Set<String> before = owners.isEmpty() ? ownersOf.remove(key) : ownersOf.put(key, owners);
    if (before != null) {
      before.stream().filter(uid -> !owners.contains(uid)).forEach(uid -> unlink(uid, key));
    }
    owners.forEach(uid -> dependentsOf.computeIfAbsent(uid, _ -> ConcurrentHashMap.newKeySet()).add(key));
    boolean waits = !tree.string("metadata", "deletionTimestamp").isEmpty() && waitsForDependents(tree);
    if (!owners.isEmpty() || waits) {
      queue.add(key);
    }
  }

  private static boolean waitsForDependents(ObjectValue tree) {
    List<String> finalizers = tree.list("metadata", "finalizers").strings();
    return finalizers.contains(ORPHAN) || finalizers.contains(FOREGROUND);
  }

  private void forget(ResourceStore store, CachedObject object) {
    String uid = store.tree(object).string("metadata", "uid");
    Set<String> owners = ownersOf.remove(object.key());
    if (owners != null) {
      owners.forEach(owner -> unlink(owner, object.key()));
      // An owner that waits for its dependents may go on.
      owners.stream().map(waitingByUid::get).filter(Objects::nonNull).forEach(queue::add);
    }
    dependentsOf.getOrDefault(uid, Set.of()).forEach(queue::add);
  }

  private void unlink(String owner, String key) {
    dependentsOf.computeIfPresent(
        owner,
        (_, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }

  @Override
  void reconcile(String key) {
    for (ResourceStore store : registry.stores()) {
      if (key.startsWith(store.definition().storagePrefix())) {
        Optional<CachedObject> object = store.cache().snapshot().find(key);
        if (object.isPresent()) {
          reconcile(store, object.get(), store.tree(object.get()));
          return;
        }
      }
    }
  }

  private void reconcile(ResourceStore store, CachedObject object, ObjectValue tree) {
    boolean deleting = !tree.string("metadata", "deletionTimestamp").isEmpty();
    if (deleting && waitsForDependents(tree)) {
      finishDeletion(store, object, tree);
      return;
    }
    if (!deleting) {
      collect(store, object, tree);
    }
  }

  private void finishDeletion(ResourceStore store, CachedObject object, ObjectValue tree) {
    String uid = tree.string("metadata", "uid");
    List<String> finalizers = tree.list("metadata", "finalizers").strings();
    Set<String> dependents = Set.copyOf(dependentsOf.getOrDefault(uid, Set.of()));
    if (finalizers.contains(ORPHAN)) {
      dependents.forEach(key -> release(key, uid));
      removeFinalizer(store, object, ORPHAN);
      return;
    }
    boolean blocked = false;
    for (String key : dependents) {
      blocked |= deleteBlocking(key, uid);
    }
    if (blocked) {
      waitingByUid.put(uid, object.key());
    } else {
      waitingByUid.remove(uid);
      removeFinalizer(store, object, FOREGROUND);
    }
  }

  /// Deletes a dependent of an owner that goes in the foreground; whether the owner must wait for it.
  private boolean deleteBlocking(String key, String uid) {
    Optional<ResourceStore> store = storeOf(key);
    Optional<CachedObject> object = store.flatMap(s -> s.cache().snapshot().find(key));
    if (object.isEmpty()) {
      return false;
    }
    ObjectValue tree = store.get().tree(object.get());
    Optional<ObjectValue> reference =
        tree.list("metadata", "ownerReferences").objects().stream().filter(r -> r.string("uid").equals(uid)).findFirst();
    if (reference.isEmpty()) {
      return false;
    }
    if (tree.string("metadata", "deletionTimestamp").isEmpty()) {
      delete(store.get(), object.get(), "Foreground");
    }
    return reference.get().bool("blockOwnerDeletion") && store.get().cache().snapshot().find(key).isPresent();
  }

  private Optional<ResourceStore> storeOf(String key) {
    return registry.stores().stream().filter(store -> key.startsWith(store.definition().storagePrefix())).findFirst();
  }

  private void release(String key, String uid) {
    Optional<ResourceStore> store = storeOf(key);
    Optional<CachedObject> object = store.flatMap(s -> s.cache().snapshot().find(key));
    if (object.isEmpty()) {
      return;
    }
    change(
        store.get(),
        object.get(),
        current -> {
          var kept = new ArrayList<Value>();
          for (ObjectValue reference : current.list("metadata", "ownerReferences").objects()) {
            if (!reference.string("uid").equals(uid)) {
              kept.add(reference);
            }
          }
          return kept.isEmpty()
              ? current.withoutAt("metadata", "ownerReferences")
              : current.withAt(new ListValue(kept), "metadata", "ownerReferences");
        });
  }

  private void removeFinalizer(ResourceStore store, CachedObject object, String finalizer) {
    change(
        store,
        object,
        current -> {
          List<String> kept = current.list("metadata", "finalizers").strings().stream().filter(f -> !f.equals(finalizer)).toList();
          return kept.isEmpty()
              ? current.withoutAt("metadata", "finalizers")
              : current.withAt(ListValue.ofStrings(kept), "metadata", "finalizers");
        });
  }

  private void change(ResourceStore store, CachedObject object, Function<ObjectValue, ObjectValue> change) {
    try {
      registry.update(actor, store.definition().resource(), "", object.namespace(), object.name(), change);
    } catch (ApiException e) {
      if (!(e.failure() instanceof Failure.NotFound)) {
        throw e;
      }
    }
  }

  /// Deletes an object none of whose owners is there; an owner that is only another object of the same name is none.
  private void collect(ResourceStore store, CachedObject object, ObjectValue tree) {
    List<ObjectValue> references = tree.list("metadata", "ownerReferences").objects();
    if (references.isEmpty()) {
      return;
    }
    boolean waiting = false;
    for (ObjectValue reference : references) {
      Optional<ObjectValue> owner = findOwner(reference, object.namespace());
      if (owner.isEmpty()) {
        continue;
      }
      boolean foreground =
          !owner.get().string("metadata", "deletionTimestamp").isEmpty()
              && owner.get().list("metadata", "finalizers").strings().contains(FOREGROUND);
      if (!foreground) {
        return;
      }
      waiting = true;
    }
    delete(store, object, waiting ? "Foreground" : "Background");
  }

  private Optional<ObjectValue> findOwner(ObjectValue reference, String namespace) {
    GroupVersion version = GroupVersion.parse(reference.string("apiVersion"));
    GroupKind kind = new GroupKind(version.group(), reference.string("kind"));
    for (ResourceStore store : registry.stores()) {
      boolean served = store.definition().versions().stream().anyMatch(v -> v.kind().groupKind().equals(kind));
      if (served) {
        String key = store.definition().key(namespace, reference.string("name"));
        return store
            .cache()
            .snapshot()
            .find(key)
            .map(store::tree)
            .filter(owner -> owner.string("metadata", "uid").equals(reference.string("uid")));
      }
    }
    // A kind that nobody serves may come back; its objects are not known to be gone.
    return Optional.of(ObjectValue.EMPTY);
  }

  private void delete(ResourceStore store, CachedObject object, String policy) {
    try {
      registry.delete(user, store.definition().resource(), object.namespace(), object.name(), DeleteTerms.propagating(policy));
    } catch (ApiException e) {
      if (!(e.failure() instanceof Failure.NotFound)) {
        throw e;
      }
    }
  }
}
