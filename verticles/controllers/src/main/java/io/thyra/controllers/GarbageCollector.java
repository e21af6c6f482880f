package io.thyra.controllers;

import io.thyra.cache.CachedObject;
import io.thyra.model.GroupKind;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Preconditions;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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
  // One for each resource that is followed.
  private final Queue<CountDownLatch> unlisted = new ConcurrentLinkedQueue<>();
  // Owned by the thread that looks for new resources, once it runs.
  private final Set<GroupResource> followed = new HashSet<>();

  GarbageCollector(Registry registry) {
    super("garbage-collector");
    this.registry = registry;
  }

  @Override
  void follow() {
    registry.stores().forEach(this::followOnce);
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
    var listed = new CountDownLatch(1);
    unlisted.add(listed);
    follow(store.cache(), object -> observe(store, object), object -> forget(store, object), listed::countDown, this::lookAgain);
  }

  /// Who owns what must be known before an owner is let go without its dependents.
  @Override
  void awaitListed() throws InterruptedException {
    for (CountDownLatch latch : unlisted) {
      latch.await();
    }
  }

  /// Owners and dependents may be gone that nobody told of.
  private void lookAgain() {
    ownersOf.keySet().forEach(queue::add);
    waitingByUid.values().forEach(queue::add);
  }

  private void observe(ResourceStore store, CachedObject object) {
    ObjectValue tree = store.tree(object);
    var owners = new HashSet<String>();
    for (ObjectValue reference : references(tree)) {
      owners.add(reference.string("uid"));
    }
    String key = object.key();
    Set<String> before = owners.isEmpty() ? ownersOf.remove(key) : ownersOf.put(key, owners);
    if (before != null) {
      before.stream().filter(uid -> !owners.contains(uid)).forEach(uid -> unlink(uid, key));
      // Owners that wait need not any more, when they are none or do not block.
      before.stream().map(waitingByUid::get).filter(Objects::nonNull).forEach(queue::add);
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
    // Before the dependents are looked at, so that none of their changes is missed.
    waitingByUid.put(uid, object.key());
    boolean blocked = false;
    for (String key : dependents) {
      if (blocks(key, uid)) {
        blocked = true;
        queue.add(key);
      }
    }
    if (!blocked) {
      waitingByUid.remove(uid);
      removeFinalizer(store, object, FOREGROUND);
    }
  }

  /// Whether an owner that goes in the foreground must wait for a dependent.
  private boolean blocks(String key, String uid) {
    Optional<ResourceStore> store = storeOf(key);
    return store
        .flatMap(s -> s.cache().snapshot().find(key).map(s::tree))
        .filter(dependent -> references(dependent).stream().anyMatch(r -> r.string("uid").equals(uid) && r.bool("blockOwnerDeletion")))
        .isPresent();
  }

  private static List<ObjectValue> references(ObjectValue tree) {
    return tree.list("metadata", "ownerReferences").objects();
  }

  private Optional<ResourceStore> storeOf(String key) {
    return registry.stores().stream().filter(store -> key.startsWith(store.definition().storagePrefix())).findFirst();
  }

  private void release(String key, String uid) {
    Optional<ResourceStore> store = storeOf(key);
    Optional<CachedObject> object = store.flatMap(s -> s.cache().snapshot().find(key));
    object.ifPresent(found -> release(store.get(), found, Set.of(uid)));
  }

  /// Takes owners out of an object.
  private void release(ResourceStore store, CachedObject object, Set<String> uids) {
    change(
        store,
        object,
        current -> {
          var kept = new ArrayList<Value>();
          for (ObjectValue reference : references(current)) {
            if (!uids.contains(reference.string("uid"))) {
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
    unlessGone(() -> registry.update(actor, store.definition().resource(), "", object.namespace(), object.name(), change));
  }

  /// Deletes an object none of whose owners is there; an owner that is only another object of the same name is none. Of an object
  /// that keeps an owner it takes out those that are gone or go.
  private void collect(ResourceStore store, CachedObject object, ObjectValue tree) {
    List<ObjectValue> references = references(tree);
    if (references.isEmpty()) {
      return;
    }
    boolean solid = false;
    boolean waiting = false;
    var leaving = new HashSet<String>();
    for (ObjectValue reference : references) {
      Optional<ObjectValue> owner = findOwner(reference, object.namespace());
      boolean foreground = owner.isPresent() && isDeletedInForeground(owner.get());
      if (owner.isPresent() && !foreground) {
        solid = true;
      } else {
        waiting |= foreground;
        leaving.add(reference.string("uid"));
      }
    }
    if (solid) {
      if (!leaving.isEmpty()) {
        release(store, object, leaving);
      }
      return;
    }
    Set<String> dependents = Set.copyOf(dependentsOf.getOrDefault(tree.string("metadata", "uid"), Set.of()));
    if (waiting && !dependents.isEmpty()) {
      if (dependents.stream().anyMatch(this::isDeletedInForeground)) {
        unblock(store, object);
        // The change brings the object here again.
        if (references.stream().anyMatch(reference -> reference.bool("blockOwnerDeletion"))) {
          return;
        }
      }
      delete(store, object, "Foreground");
      return;
    }
    List<String> finalizers = tree.list("metadata", "finalizers").strings();
    delete(store, object, finalizers.contains(ORPHAN) ? "Orphan" : finalizers.contains(FOREGROUND) ? "Foreground" : "Background");
  }

  private static boolean isDeletedInForeground(ObjectValue object) {
    return !object.string("metadata", "deletionTimestamp").isEmpty() && object.list("metadata", "finalizers").strings().contains(FOREGROUND);
  }

  private boolean isDeletedInForeground(String key) {
    Optional<ResourceStore> store = storeOf(key);
    return store.flatMap(s -> s.cache().snapshot().find(key).map(s::tree)).filter(GarbageCollector::isDeletedInForeground).isPresent();
  }

  /// Lets the owners of an object go on without it, since it waits for them in a circle.
  private void unblock(ResourceStore store, CachedObject object) {
    change(
        store,
        object,
        current -> {
          var open = new ArrayList<Value>();
          references(current).forEach(reference -> open.add(reference.with("blockOwnerDeletion", Value.of(false))));
          return current.withAt(new ListValue(open), "metadata", "ownerReferences");
        });
  }

  /// The owner that a reference means; empty when it surely is gone. What cannot be told counts as there.
  private Optional<ObjectValue> findOwner(ObjectValue reference, String namespace) {
    GroupVersion version = GroupVersion.parse(reference.string("apiVersion"));
    GroupKind kind = new GroupKind(version.group(), reference.string("kind"));
    String uid = reference.string("uid");
    for (ResourceStore store : registry.stores()) {
      boolean served = store.definition().versions().stream().anyMatch(v -> v.kind().groupKind().equals(kind));
      if (!served) {
        continue;
      }
      if (store.definition().namespaced() && namespace.isEmpty()) {
        // An object of no namespace cannot have such an owner, and is not collected for it.
        return Optional.of(ObjectValue.EMPTY);
      }
      Optional<ObjectValue> seen = store.cache().snapshot().find(store.definition().key(namespace, reference.string("name"))).map(store::tree).filter(owner -> isUid(owner, uid));
      // The cache may be behind what other servers wrote.
      return seen.isPresent() ? seen : registry.find(store.definition().resource(), namespace, reference.string("name")).filter(owner -> isUid(owner, uid));
    }
    // A kind that nobody serves may come back; its objects are not known to be gone.
    return Optional.of(ObjectValue.EMPTY);
  }

  private static boolean isUid(ObjectValue object, String uid) {
    return object.string("metadata", "uid").equals(uid);
  }

  /// Deletes an object that is still as it was looked at.
  private void delete(ResourceStore store, CachedObject object, String policy) {
    var unchanged = new Preconditions(store.tree(object).string("metadata", "uid"), Long.toString(object.modRevision()));
    var terms = new DeleteTerms(unchanged, null, null, policy);
    unlessGone(() -> registry.delete(user, store.definition().resource(), object.namespace(), object.name(), terms));
  }
}
