package io.thyra.registry;

import io.thyra.cache.CacheOptions;
import io.thyra.cache.CachedObject;
import io.thyra.cache.ResourceCache;
import io.thyra.cache.Timers;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.storage.Storage;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The resources that are served, each with its store. Readers see one immutable table; custom resources come and go by
/// replacing it. Also the door for the server's own programs (controllers, admission, authorizers), which read and write hub
/// trees through it with the rules and the admission of any other client. Direct style where it waits.
public final class Registry {
  /// Who programs inside the server are, unless they say otherwise.
  public static final UserInfo SYSTEM = new UserInfo("system:apiserver", "", List.of(UserInfo.SYSTEM_MASTERS));

  private static final String USER_AGENT = "kube-apiserver";

  /// [#SYSTEM] under the name that upstream's own writes carry.
  public static final Actor SYSTEM_ACTOR = new Actor(SYSTEM, USER_AGENT);

  private record Table(
      Map<GroupVersionResource, ResourceStore> versions, Map<GroupResource, ResourceStore> resources, Set<GroupVersion> groupVersions, Set<String> groups) {
    static final Table EMPTY = new Table(Map.of(), Map.of(), Set.of(), Set.of());

    static Table of(Map<GroupVersionResource, ResourceStore> versions, Map<GroupResource, ResourceStore> resources) {
      Set<GroupVersion> served = versions.keySet().stream().map(GroupVersionResource::groupVersion).collect(Collectors.toUnmodifiableSet());
      Set<String> groups = served.stream().map(GroupVersion::group).collect(Collectors.toUnmodifiableSet());
      return new Table(Map.copyOf(versions), Collections.unmodifiableMap(resources), served, groups);
    }
  }

  private final Stores storages;
  private final CacheOptions cacheOptions;
  private final Clock clock;
  private final Timers timers;
  private final CreateAuthorization authorization;
  private final Admission admission;

  private volatile Table table = Table.EMPTY;
  private final AtomicLong generation = new AtomicLong();
  private final Trees trees = new Trees();

  /// Everything in one store.
  public Registry(
      Storage storage,
      CacheOptions cacheOptions,
      Clock clock,
      Timers timers,
      CreateAuthorization authorization,
      Function<Registry, Admission> admission) {
    this(_ -> storage, cacheOptions, clock, timers, authorization, admission);
  }

  /// @param admission made with the registry that it looks things up in; called once, before anything is registered
  public Registry(
      Stores storages,
      CacheOptions cacheOptions,
      Clock clock,
      Timers timers,
      CreateAuthorization authorization,
      Function<Registry, Admission> admission) {
    this.storages = storages;
    this.cacheOptions = cacheOptions;
    this.clock = clock;
    this.timers = timers;
    this.authorization = authorization;
    this.admission = admission.apply(this);
  }

  /// Where the objects of a resource are, or would be.
  public Storage storage(GroupResource resource) {
    return storages.of(resource);
  }

  /// The plugins that are asked before something is done.
  public Admission admission() {
    return admission;
  }

  public Clock clock() {
    return clock;
  }

  /// Serves a resource from now on, instead of one of the same name. Completes when its objects are in memory.
  public Future<ResourceStore> register(ResourceDefinition definition) {
    return enter(definition, cache(definition));
  }

  /// Serves a resource that there was not before.
  public Future<ResourceStore> registerNew(ResourceDefinition definition) {
    return enter(definition, cache(definition).ofNewResource());
  }

  private ResourceCache cache(ResourceDefinition definition) {
    return new ResourceCache(
        storages.of(definition.resource()),
        definition.storagePrefix(),
        stored -> ResourceStore.attributes(definition, trees, stored),
        cacheOptions,
        clock,
        timers);
  }

  /// Serves a resource under another definition, with the objects that are in memory: the prefix, what is stored and what
  /// selectors ask are the same.
  public Future<ResourceStore> redefine(ResourceDefinition definition) {
    Optional<ResourceStore> old = findStore(definition.resource());
    return old.isPresent() ? enter(definition, old.get().cache()) : register(definition);
  }

  private Future<ResourceStore> enter(ResourceDefinition definition, ResourceCache cache) {
    var store = new ResourceStore(definition, storages.of(definition.resource()), cache, admission, new Ownership(definition, clock), authorization, clock, trees);
    List<ResourceCache> orphaned = replace(definition.resource(), Optional.of(store));
    orphaned.forEach(ResourceCache::stop);
    return cache.start().map(store);
  }

  /// Serves a resource no more. What is stored of it stays.
  public void unregister(GroupResource resource) {
    replace(resource, Optional.empty()).forEach(ResourceCache::stop);
  }

  /// @return the caches that nothing uses any more
  private synchronized List<ResourceCache> replace(GroupResource resource, Optional<ResourceStore> store) {
    var resources = new LinkedHashMap<>(table.resources);
    ResourceStore old = resources.remove(resource);
    store.ifPresent(s -> resources.put(resource, s));
    var versions = new HashMap<GroupVersionResource, ResourceStore>();
    var byGroup = new LinkedHashMap<GroupResource, ResourceStore>();
    for (ResourceStore each : resources.values()) {
      ResourceDefinition definition = each.definition();
      byGroup.put(definition.resource(), each);
      for (VersionedType version : definition.versions()) {
        versions.put(version.kind().groupVersion().resource(definition.resource().resource()), each);
      }
    }
    table = Table.of(versions, byGroup);
    generation.incrementAndGet();
    boolean reused = old == null || store.isPresent() && store.get().cache() == old.cache();
    return reused ? List.of() : List.of(old.cache());
  }

  /// Lets go of every cache.
  public void close() {
    stores().forEach(store -> store.cache().stop());
  }

  /// Whether any resource of a group version is served.
  public boolean serves(GroupVersion groupVersion) {
    return table.groupVersions.contains(groupVersion);
  }

  public boolean servesGroup(String group) {
    return table.groups.contains(group);
  }

  public Collection<ResourceStore> stores() {
    return table.resources.values();
  }

  /// Grows whenever [#stores] tells something new; read it before them.
  public long generation() {
    return generation.get();
  }

  /// The store behind a resource in its hub's group.
  public Optional<ResourceStore> findStore(GroupResource resource) {
    return Optional.ofNullable(table.resources.get(resource));
  }

  /// The store behind a resource as a path names it.
  public Optional<ResourceStore> findStore(GroupVersionResource resource) {
    return Optional.ofNullable(table.versions.get(resource));
  }

  private ResourceStore store(GroupResource resource) {
    return findStore(resource).orElseThrow(() -> new Failure.NotFound(resource, "").toException());
  }

  // The door for programs.

  /// An object in its hub version as it is now.
  public Optional<ObjectValue> find(GroupResource resource, String namespace, String name) {
    ResourceStore store = store(resource);
    return store.find(namespace, name, "").map(store::tree);
  }

  /// An object as the cache knows it, without waiting; a moment old at most.
  public Optional<ObjectValue> peek(GroupResource resource, String namespace, String name) {
    return findStore(resource)
        .flatMap(
            store -> {
              String key = store.definition().key(namespace, name);
              Optional<CachedObject> found = store.cache().snapshot().find(key);
              return found.map(store::keptTree);
            });
  }

  /// @throws io.thyra.model.ApiException 404 when there is none
  public ObjectValue get(GroupResource resource, String namespace, String name) {
    return find(resource, namespace, name).orElseThrow(() -> new Failure.NotFound(resource, name).toException());
  }

  /// All objects of a namespace (empty for all) in their hub version.
  public List<ObjectValue> list(GroupResource resource, String namespace) {
    return store(resource).trees(namespace);
  }

  /// All objects as the cache knows them, without waiting.
  public List<ObjectValue> peekAll(GroupResource resource, String namespace) {
    var found = new ArrayList<ObjectValue>();
    findStore(resource)
        .ifPresent(
            store -> {
              String prefix = store.definition().storagePrefix() + (namespace.isEmpty() ? "" : namespace + "/");
              store.cache().snapshot().range(prefix).forEach(o -> found.add(store.keptTree(o)));
            });
    return found;
  }

  public ObjectValue create(UserInfo user, GroupResource resource, ObjectValue object) {
    return create(new Actor(user, USER_AGENT), resource, object);
  }

  public ObjectValue create(Actor actor, GroupResource resource, ObjectValue object) {
    ResourceStore store = store(resource);
    WriteRequest request =
        request(actor, store, "create", Metadata.namespace(object), Metadata.name(object), "", "CreateOptions");
    return store.create(request, store.forms().toHub(object, store.definition().hubVersion()));
  }

  /// Changes an object or one of its parts.
  ///
  /// @param subresource the name of a part (`status`, `finalize`), empty for the object itself
  /// @throws io.thyra.model.ApiException 404 when there is none
  public ObjectValue update(
      UserInfo user, GroupResource resource, String subresource, String namespace, String name, Function<ObjectValue, ObjectValue> change) {
    return update(new Actor(user, USER_AGENT), resource, subresource, namespace, name, change);
  }

  public ObjectValue update(
      Actor actor, GroupResource resource, String subresource, String namespace, String name, Function<ObjectValue, ObjectValue> change) {
    ResourceStore store = store(resource);
    ResourceStrategy strategy = strategy(store, subresource);
    WriteRequest request = request(actor, store, "update", namespace, name, subresource, "UpdateOptions");
    return store
        .change(
            request,
            strategy,
            Preconditions.NONE,
            false,
            current -> {
              ObjectValue live = current.orElseThrow(() -> new Failure.NotFound(resource, name).toException());
              ObjectValue wanted = store.forms().toHub(change.apply(live), store.definition().hubVersion());
              return store.owned(request, strategy, live, wanted);
            })
        .object();
  }

  /// Merges a configuration into an object by server-side apply; whoever else owns its fields loses them.
  ///
  /// @param subresource the name of a part, empty for the object itself, which is then created where there is none
  /// @param config what the actor says, with apiVersion, kind and name, in the version in which objects are stored
  /// @throws io.thyra.model.ApiException 404 when a part of an absent object is applied
  public ObjectValue apply(
      Actor actor, GroupResource resource, String subresource, String namespace, String name, ObjectValue config) {
    ResourceStore store = store(resource);
    ResourceStrategy strategy = strategy(store, subresource);
    WriteRequest request = request(actor, store, "patch", namespace, name, subresource, "PatchOptions");
    boolean create = subresource.isEmpty();
    return store
        .change(
            request,
            strategy,
            Preconditions.NONE,
            create,
            current -> store.applied(request, strategy, current.orElse(ObjectValue.EMPTY), config, true))
        .object();
  }

  public DeleteOutcome delete(UserInfo user, GroupResource resource, String namespace, String name, DeleteTerms terms) {
    ResourceStore store = store(resource);
    return store.delete(request(new Actor(user, USER_AGENT), store, "delete", namespace, name, "", "DeleteOptions"), terms);
  }

  /// Creates an object on behalf of a rule; admission is not asked. See [Unadmitted].
  public ObjectValue createUnadmitted(RequestContext context, GroupResource resource, ObjectValue object) {
    ResourceStore store = store(resource);
    RequestInfo info = info(store, "create", Metadata.namespace(object), Metadata.name(object), "");
    return store.unadmitted().create(request(context.about(info), store, USER_AGENT, "CreateOptions"), object);
  }

  /// Changes a stored object on behalf of a rule; neither admission nor rules are asked. See [Unadmitted#change].
  public ObjectValue changeUnadmitted(
      RequestContext context, GroupResource resource, String namespace, String name, UnaryOperator<ObjectValue> change) {
    ResourceStore store = store(resource);
    RequestInfo info = info(store, "update", namespace, name, "");
    return store.unadmitted().change(request(context.about(info), store, USER_AGENT, "UpdateOptions"), change);
  }

  /// Deletes an object on behalf of a rule; admission is not asked.
  public DeleteOutcome deleteUnadmitted(
      RequestContext context, GroupResource resource, String namespace, String name, DeleteTerms terms) {
    ResourceStore store = store(resource);
    RequestInfo info = info(store, "delete", namespace, name, "");
    return store.unadmitted().delete(request(context.about(info), store, USER_AGENT, "DeleteOptions"), terms);
  }

  private static ResourceStrategy strategy(ResourceStore store, String subresource) {
    if (subresource.isEmpty()) {
      return store.definition().strategy();
    }
    return switch (store.definition().findSubresource(subresource).orElse(null)) {
      case Subresource.Part(ResourceStrategy strategy, boolean _) -> strategy;
      case null, default -> throw new IllegalArgumentException(store.definition().resource() + " has no part " + subresource);
    };
  }

  private WriteRequest request(
      Actor actor, ResourceStore store, String verb, String namespace, String name, String subresource, String optionsKind) {
    RequestInfo info = info(store, verb, namespace, name, subresource);
    var context = new RequestContext(info, actor.user(), actor.manager(), false, clock.instant());
    return request(context, store, actor.manager(), optionsKind);
  }

  private static WriteRequest request(RequestContext context, ResourceStore store, String manager, String optionsKind) {
    ObjectValue options = ObjectValue.builder().put("kind", optionsKind).put("apiVersion", "meta.k8s.io/v1").build();
    return new WriteRequest(context, store.definition().hubVersion(), manager, Optional.of(options));
  }

  private static RequestInfo info(ResourceStore store, String verb, String namespace, String name, String subresource) {
    ResourceDefinition definition = store.definition();
    var hub = definition.hub();
    String resource = definition.resource().resource();
    String prefix = hub.group().isEmpty() ? "api" : "apis";
    var path = new StringBuilder("/").append(prefix).append('/').append(hub.apiVersion());
    if (definition.namespaced() && !namespace.isEmpty()) {
      path.append("/namespaces/").append(namespace);
    }
    path.append('/').append(resource);
    for (String segment : List.of(name, subresource)) {
      if (!segment.isEmpty()) {
        path.append('/').append(segment);
      }
    }
    return new RequestInfo(
        true, path.toString(), verb, prefix, hub.group(), hub.version(), namespace, resource, subresource, name);
  }
}
