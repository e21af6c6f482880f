package io.thyra.aggregation;

import io.thyra.backends.ServiceReference;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.backends.ServiceResolver;
import io.thyra.cache.CachedObject;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Follower;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import io.thyra.wire.Routes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;

/// The aggregation layer: keeps the APIServices of what this server serves, watches over those that extension servers serve,
/// and says who proxies a request. To be deployed once; its loops run on virtual threads of their own. What it answers on
/// request paths comes from one immutable table.
public final class AggregationVerticle extends VerticleBase {
  /// What it is told at its start.
  ///
  /// @param certificate the pair by which extension servers know this server, PEM; empty for none
  /// @param routeToEndpoints whether requests go to an endpoint of a Service rather than to its cluster address
  /// @param loopbackHost where this server itself listens, which is what default/kubernetes:443 means
  /// @param priorities the places in lists of what this server serves itself
  public record Settings(
      Optional<Pair> certificate,
      boolean routeToEndpoints,
      boolean rejectRedirects,
      String loopbackHost,
      int loopbackPort,
      Function<GroupVersion, Priority> priorities) {}

  /// A certificate with its chain, and its key.
  public record Pair(Buffer certificate, Buffer key) {}

  /// Who is told what the extension servers say of themselves, each time something of it changes.
  ///
  /// @param groups all group versions of extension servers
  public record Listeners(Consumer<List<RemoteGroup>> groups, Consumer<RemoteDocuments> documents) {}

  /// Why an APIService became unavailable.
  public record Outage(String name, String reason) {}

  private record Entry(RemoteService service, AggregationProxy proxy) {}

  private final Registry registry;
  private final Settings settings;
  private final Listeners listeners;
  private final ServiceResolver resolver;
  private final LocalServices localServices;
  private final Beat registration;
  private final Beat publication;
  private final List<Thread> followers = new ArrayList<>();
  private final Map<Outage, LongAdder> outages = new ConcurrentHashMap<>();
  private volatile Optional<PemKeyCertOptions> identity;
  // Replaced by the thread that follows APIServices.
  private volatile Map<GroupVersion, Entry> table = Map.of();

  public AggregationVerticle(Registry registry, Settings settings, Listeners listeners) {
    this.registry = registry;
    this.settings = settings;
    this.listeners = listeners;
    var loopback = new Address(settings.loopbackHost(), settings.loopbackPort());
    this.resolver = new ServiceResolver(registry, settings.routeToEndpoints(), Optional.of(loopback));
    this.localServices = new LocalServices(registry, settings.priorities());
    this.identity = settings.certificate().map(AggregationVerticle::options);
    this.registration = new Beat("registration", localServices::refresh);
    this.publication = new Beat("publication", this::publish);
  }

  /// The proxy of a group version that an extension server serves. Safe for all threads.
  public Optional<Routes.Proxy> findProxy(String group, String version) {
    Map<GroupVersion, Entry> now = table;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(now.get(new GroupVersion(group, version))).map(Entry::proxy);
  }

  /// The proxy of a document below `/openapi/v3/` that an extension server lists. Safe for all threads.
  public Optional<Routes.Proxy> findDocumentProxy(String path) {
    for (Entry entry : table.values()) {
      if (entry.service().openApi().index().has(path)) {
        return Optional.of(entry.proxy());
      }
    }
    return Optional.empty();
  }

  /// Whether any version of a group is an extension server's. Safe for all threads.
  public boolean servesGroup(String group) {
    for (GroupVersion each : table.keySet()) {
      if (each.group().equals(group)) {
        return true;
      }
    }
    return false;
  }

  private static PemKeyCertOptions options(Pair pair) {
    return new PemKeyCertOptions().addCertValue(pair.certificate()).addKeyValue(pair.key());
  }

  /// From now on extension servers know this server by another pair. Connections that are there end when they are idle.
  /// Safe for all threads.
  public void identify(Pair pair) {
    identity = Optional.of(options(pair));
    table.values().forEach(entry -> entry.service().reconnect());
  }

  /// Whether each APIService is available, by name. Safe for all threads.
  public Map<String, Boolean> availability() {
    var all = new TreeMap<String, Boolean>();
    for (ObjectValue each : registry.peekAll(ApiService.RESOURCE, "")) {
      all.put(each.string("metadata", "name"), Condition.available(each).map(c -> c.string("status").equals("True")).orElse(false));
    }
    return all;
  }

  /// How often each APIService became unavailable, by why. Safe for all threads.
  public void outages(ObjLongConsumer<Outage> each) {
    outages.forEach((outage, count) -> each.accept(outage, count.sum()));
  }

  private void went(Outage outage) {
    outages.computeIfAbsent(outage, _ -> new LongAdder()).increment();
  }

  @Override
  public Future<?> start() {
    var shared =
        new RemoteService.Shared(vertx, registry, resolver, new BackendClient(vertx), () -> identity, this::went, publication::poke);
    registration.start();
    publication.start();
    follow(
        ApiService.RESOURCE,
        object -> {
          put(shared, vertx, ApiService.of(object));
          registration.poke();
        },
        object -> {
          remove(ApiService.of(object).groupVersion());
          registration.poke();
        });
    follow(LocalServices.DEFINITIONS, _ -> registration.poke(), _ -> registration.poke());
    Consumer<ObjectValue> service =
        object -> recheck(object.string("metadata", "namespace"), object.string("metadata", "name"));
    follow(ServiceResolver.SERVICES, service, service);
    Consumer<ObjectValue> slice =
        object ->
            recheck(object.string("metadata", "namespace"), object.object("metadata", "labels").string(ServiceResolver.SERVICE_NAME));
    follow(ServiceResolver.SLICES, slice, slice);
    return Future.succeededFuture();
  }

  private void follow(GroupResource resource, Consumer<ObjectValue> changed, Consumer<ObjectValue> gone) {
    Optional<ResourceStore> found = registry.findStore(resource);
    if (found.isEmpty()) {
      return;
    }
    ResourceStore store = found.get();
    var follower =
        new Follower(
            store.cache(),
            new Follower.Listener() {
              @Override
              public void onObject(CachedObject object) {
                changed.accept(store.tree(object));
              }

              @Override
              public void onDeleted(CachedObject object) {
                gone.accept(store.tree(object));
              }
            });
    followers.add(
        Thread.ofVirtual()
            .name("aggregation-" + resource)
            .start(
                () -> {
                  try {
                    follower.run();
                  } catch (InterruptedException _) {
                    // Stopped.
                  }
                }));
  }

  private void put(RemoteService.Shared shared, Vertx owner, ApiService apiService) {
    if (apiService.service().isEmpty()) {
      remove(apiService.groupVersion());
      return;
    }
    Entry known = table.get(apiService.groupVersion());
    if (known != null) {
      known.service().update(apiService);
      publication.poke();
      return;
    }
    var service = new RemoteService(shared, apiService);
    var next = new HashMap<>(table);
    next.put(apiService.groupVersion(), new Entry(service, new AggregationProxy(owner, service, resolver, settings.rejectRedirects())));
    table = Map.copyOf(next);
    publication.poke();
    service.start();
  }

  private void remove(GroupVersion groupVersion) {
    var next = new HashMap<>(table);
    Entry gone = next.remove(groupVersion);
    if (gone != null) {
      table = Map.copyOf(next);
      gone.service().close();
      publication.poke();
    }
  }

  private void recheck(String namespace, String name) {
    for (Entry entry : table.values()) {
      ServiceReference reference = entry.service().state().apiService().service().orElseThrow();
      if (reference.namespace().equals(namespace) && reference.name().equals(name)) {
        entry.service().recheck();
      }
    }
  }

  private Duration publish() {
    var groups = new ArrayList<RemoteGroup>();
    var index = new TreeMap<String, ObjectValue>();
    var documents = new ArrayList<ObjectValue>();
    Comparator<Map.Entry<GroupVersion, Entry>> order =
        Comparator.comparing(each -> -each.getValue().service().state().apiService().groupPriority());
    for (Map.Entry<GroupVersion, Entry> each :
        table.entrySet().stream().sorted(order.thenComparing(each -> each.getKey().apiVersion())).toList()) {
      RemoteService service = each.getValue().service();
      ApiService apiService = service.state().apiService();
      RemoteDiscovery.Listing listing = service.discovery().listing();
      var priority = new Priority(apiService.groupPriority(), apiService.versionPriority());
      groups.add(new RemoteGroup(each.getKey(), priority, listing.resources(), listing.stale()));
      service
          .openApi()
          .index()
          .forEach(
              (path, entry) -> {
                if (entry instanceof ObjectValue object) {
                  index.putIfAbsent(path, object);
                }
              });
      ObjectValue document = service.openApi().document();
      if (document != null) {
        documents.add(document);
      }
    }
    listeners.groups().accept(groups);
    listeners.documents().accept(new RemoteDocuments(index, documents));
    return RemoteDiscovery.REFRESH;
  }

  @Override
  public Future<?> stop() {
    followers.forEach(Thread::interrupt);
    registration.close();
    publication.close();
    table.values().forEach(entry -> entry.service().close());
    return Future.succeededFuture();
  }
}
