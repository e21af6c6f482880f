package io.thyra.watch;

import io.thyra.cache.CachedObject;
import io.thyra.cache.Cursor;
import io.thyra.cache.ResourceCache;
import io.thyra.cache.Snapshot;
import io.thyra.codec.Accepted;
import io.thyra.codec.Format;
import io.thyra.codec.Negotiation;
import io.thyra.codec.Table;
import io.thyra.machinery.FieldSelector;
import io.thyra.machinery.ListOptions;
import io.thyra.machinery.ResourceVersions;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.Query;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.registry.FieldLabels;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.Selection;
import io.thyra.registry.VersionedType;
import io.thyra.storage.StorageException;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.Endpoint;
import io.thyra.wire.WatchStream;
import io.thyra.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Opens watches and wakes them when their time comes. To be deployed on a virtual-thread context: opening one may wait for
/// a revision that is still to come. Source: apiserver pkg/endpoints/handlers/{get,watch}.go, pkg/storage/cacher.
public final class WatchVerticle extends VerticleBase {
  private static final Duration FRESH_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration TICK = Duration.ofMillis(250);

  private final Wire wire;
  private final Registry registry;
  private final Duration timeoutMin;
  private final RandomGenerator random;
  private final Clock clock;
  private final Set<WatchSession> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /// @param timeoutMin a watch without a timeout of its own lasts a random time from this to twice this
  public WatchVerticle(Wire wire, Registry registry, Duration timeoutMin, RandomGenerator random) {
    this.wire = wire;
    this.registry = registry;
    this.timeoutMin = timeoutMin;
    this.random = random;
    this.clock = registry.clock();
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(TICK.toMillis(), _ -> wakeThoseDue());
    return wire.serve(Endpoint.watch(), this::open);
  }

  // One timer for all: a watch costs no timer of its own.
  private void wakeThoseDue() {
    long now = System.nanoTime();
    for (WatchSession session : sessions) {
      if (session.nextTimeNanos() <= now) {
        session.wake();
      }
    }
  }

  /// Ends all watches, and those to come at once: the server stops.
  public void drain() {
    draining = true;
    sessions.forEach(WatchSession::end);
  }

  private WatchStream open(ApiRequest request) {
    RequestInfo info = request.info();
    ResourceStore store = registry.findStore(info.groupVersionResource()).orElseThrow(WatchVerticle::unknownPath);
    ResourceDefinition definition = store.definition();
    VersionedType version = definition.findVersion(info.groupVersion()).orElseThrow(WatchVerticle::unknownPath);
    if (version.warning().isEmpty()) {
      return open(request, store, version);
    }
    List<String> warnings = List.of(version.warning());
    try {
      return new WarnedStream(open(request, store, version), warnings);
    } catch (ApiException refused) {
      throw refused.withWarnings(warnings);
    }
  }

  private WatchStream open(ApiRequest request, ResourceStore store, VersionedType version) {
    RequestInfo info = request.info();
    ResourceDefinition definition = store.definition();
    if (definition.computed().isPresent()) {
      throw new Failure.MethodNotSupported(info.groupResource(), "watch").toException();
    }
    Query query = Query.ofRequest(request.rawQuery());
    var wishes = new Negotiation.Wishes(request.accept(), query.has("pretty") ? query.first("pretty") : null, request.userAgent());
    Accepted accepted = Negotiation.stream(wishes, definition.protobuf() ? io.thyra.codec.Endpoint.LIST : io.thyra.codec.Endpoint.CUSTOM);
    String name = info.name();
    ListOptions options = ListOptions.parse(query, FieldLabels.of(definition, version), name.isEmpty() ? null : name);
    WatchedKind kind = new WatchedKind(store, version);
    Envelope envelope = accepted.format() == Format.PROTOBUF ? Envelope.PROTOBUF : Envelope.JSON;
    ObjectForm form = ObjectForm.of(kind, accepted, includeObject(query), clock);
    long revision = ResourceVersions.ofGetOrWatch(options.resourceVersion());
    boolean begins = options.sendInitialEvents().orElse(options.resourceVersion().isEmpty() || options.resourceVersion().equals("0"));
    String scope = scope(definition, info.namespace(), options.fieldSelector());
    try {
      WatchStream opened =
          begins ? openFromStart(kind, envelope, form, options, scope, revision) : openFrom(kind, envelope, form, options, scope, revision);
      return definition.convertsOutside(version) ? new OffLoopStream(opened) : opened;
    } catch (StorageException.Compacted e) {
      Failure failure = new Failure.Expired("too old resource version: " + revision + " (" + e.oldest() + ")");
      return new EndedStream(envelope, Status.of(failure).toValue());
    }
  }

  private static Table.IncludeObject includeObject(Query query) {
    String word = query.has("includeObject") ? query.first("includeObject") : null;
    Table.IncludeObject include = Table.IncludeObject.of(word);
    if (include == null) {
      FieldError error =
          FieldError.invalid(FieldPath.of("includeObject"), String.valueOf(word), "must be 'Metadata', 'Object', 'None', or empty");
      throw new Failure.BadRequest("Unable to convert to Table as requested: " + error).toException();
    }
    return include;
  }

  /// The keys that the watch is about: a namespace or one object where the request names them, else the whole resource.
  private static String scope(ResourceDefinition definition, String requested, FieldSelector fields) {
    String namespace = requested.isEmpty() ? fields.exactValue("metadata.namespace").orElse("") : requested;
    if (!definition.namespaced() || namespace.isEmpty() || namespace.contains("/")) {
      return definition.storagePrefix();
    }
    return definition.storagePrefix() + namespace + "/";
  }

  private WatchStream openFromStart(
      WatchedKind kind, Envelope envelope, ObjectForm form, ListOptions options, String scope, long revision) {
    ResourceCache cache = kind.store().cache();
    boolean any = options.resourceVersion().equals("0");
    boolean newest = options.resourceVersion().isEmpty();
    long wanted = any ? 0 : Math.max(revision, newest ? kind.store().newestRevision() : 0);
    Snapshot snapshot;
    try {
      snapshot = cache.snapshotAtLeast(wanted, FRESH_TIMEOUT).await();
    } catch (StorageException.FutureRevision _) {
      return new EndedStream(envelope, Status.of(new Failure.TooLargeResourceVersion(revision, cache.revision())).toValue());
    }
    Cursor cursor = cache.open(scope, snapshot.revision()).await();
    Iterator<CachedObject> objects = snapshot.narrowed(Selection.of(options).terms()).range(scope).iterator();
    return session(kind, envelope, form, options, cursor, Optional.of(objects), snapshot.revision());
  }

  private WatchStream openFrom(
      WatchedKind kind, Envelope envelope, ObjectForm form, ListOptions options, String scope, long revision) {
    // Without a version, a watch that wants no initial events begins with what comes next.
    long from = revision == 0 ? kind.store().cache().revision() : revision;
    Cursor cursor = kind.store().cache().open(scope, from).await();
    return session(kind, envelope, form, options, cursor, Optional.empty(), from);
  }

  private WatchSession session(
      WatchedKind kind, Envelope envelope, ObjectForm form, ListOptions options, Cursor cursor, Optional<Iterator<CachedObject>> initial, long initialRevision) {
    boolean bookmarks = options.allowWatchBookmarks();
    var terms =
        new WatchSession.Terms(
            Selection.of(options), initial, initialRevision, bookmarks, bookmarks && initial.isPresent(), System.nanoTime() + timeout(options));
    WatchSession[] self = new WatchSession[1];
    WatchSession session =
        new WatchSession(kind, envelope, form, terms, cursor, System::nanoTime, () -> sessions.remove(self[0]));
    self[0] = session;
    sessions.add(session);
    if (draining) {
      session.end();
    }
    return session;
  }

  private long timeout(ListOptions options) {
    if (options.timeoutSeconds().isPresent() && options.timeoutSeconds().getAsLong() != 0) {
      return TimeUnit.SECONDS.toNanos(Math.clamp(options.timeoutSeconds().getAsLong(), 0, Integer.MAX_VALUE));
    }
    return (long) (timeoutMin.toNanos() * (1 + random.nextDouble()));
  }

  private static ApiException unknownPath() {
    var details = new Status.Details("", "", "", "", List.of(), 0);
    return new Failure.Told(Status.failure(404, "NotFound", "the server could not find the requested resource", details)).toException();
  }
}
