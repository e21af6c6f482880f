package io.thyra.registry;

import io.thyra.cache.CachedObject;
import io.thyra.cache.ResourceCache;
import io.thyra.cache.Snapshot;
import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.machinery.ContinueToken;
import io.thyra.machinery.FieldSelector;
import io.thyra.machinery.ListOptions;
import io.thyra.machinery.Names;
import io.thyra.machinery.ResourceVersions;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.Value;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads objects of one resource from its cache, as old or as new as the client asks. Nothing is decoded here. Direct style.
/// Source: apiserver pkg/storage/cacher/delegator.go, cacher.go and pkg/storage/interfaces.go.
final class ResourceReader {
  // How long upstream waits for a revision that it has not seen yet.
  private static final Duration FRESH_TIMEOUT = Duration.ofSeconds(3);
  private static final String TOO_OLD = "The resourceVersion for the provided list is too old.";
  private static final String INCONSISTENT =
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the"
          + " continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing"
          + " with the provided token results in an inconsistent list - objects that were created, modified, or deleted between"
          + " the time the first chunk was returned and now may show up in the list.";

  private final ResourceDefinition definition;
  private final Storage storage;
  private final ResourceCache cache;

  ResourceReader(ResourceDefinition definition, Storage storage, ResourceCache cache) {
    this.definition = definition;
    this.storage = storage;
    this.cache = cache;
  }

  /// One object; empty when there is none.
  ///
  /// @param resourceVersion as sent: empty for the newest, `0` for any, else one that is not older
  Optional<CachedObject> find(String namespace, String name, String resourceVersion) {
    long revision = ResourceVersions.ofGetOrWatch(resourceVersion);
    Snapshot snapshot = resourceVersion.isEmpty() ? newest() : atLeast(revision);
    return snapshot.find(definition.key(definition.namespaced() ? namespace : "", name));
  }

  /// A snapshot that shows every write that was acknowledged before now.
  Snapshot newest() {
    return atLeast(newestRevision());
  }

  /// The newest revision of the store that the resource is in.
  long newestRevision() {
    Future<Long> newest = storage.newestRevision(definition.storagePrefix());
    return newest.succeeded() ? newest.result() : newest.await();
  }

  private Snapshot atLeast(long revision) {
    try {
      return cache.snapshotAtLeast(revision, FRESH_TIMEOUT).await();
    } catch (StorageException.FutureRevision _) {
      throw new Failure.TooLargeResourceVersion(revision, cache.revision()).toException();
    }
  }

  ListPage list(String namespace, ListOptions options) {
    Scope scope = scope(namespace, options.fieldSelector());
    boolean continued = scope.whole() && !options.continueToken().isEmpty();
    if (continued) {
      ContinueToken token = ContinueToken.parse(options.continueToken(), ResourceReader::json);
      String version = options.resourceVersion();
      if (!version.isEmpty() && !version.equals("0")) {
        throw new Failure.BadRequest("specifying resource version is not allowed when using continue").toException();
      }
      Snapshot snapshot = token.resourceVersion() < 0 ? newest() : continued(token);
      return page(snapshot, scope, scope.prefix() + token.startKey(), options);
    }
    return page(snapshot(scope, options), scope, scope.prefix(), options);
  }

  private Snapshot snapshot(Scope scope, ListOptions options) {
    String version = options.resourceVersion();
    if (version.isEmpty()) {
      return newest();
    }
    long revision = ResourceVersions.ofList(version);
    boolean legacy = options.resourceVersionMatch().isEmpty() && scope.whole() && options.limit() > 0 && revision != 0;
    if (options.resourceVersionMatch().equals(ListOptions.EXACT) || legacy) {
      return exactly(revision).orElseThrow(() -> new Failure.Expired(TOO_OLD).toException());
    }
    return atLeast(revision);
  }

  private Snapshot continued(ContinueToken token) {
    return exactly(token.resourceVersion())
        .orElseThrow(
            () ->
                new ApiException(
                    new Failure.ExpiredContinue(INCONSISTENT, new ContinueToken(-1, "/" + token.startKey()).encode())));
  }

  /// The objects as they were at a revision; empty when that is forgotten.
  private Optional<Snapshot> exactly(long revision) {
    // What this process has seen may be less than what there is.
    if (revision < 0 || revision > storage.revision() && revision > newestRevision()) {
      throw new Failure.TooLargeResourceVersion(revision, storage.revision()).toException();
    }
    if (revision > cache.revision()) {
      atLeast(revision);
    }
    Optional<Snapshot> known = cache.snapshotAt(revision);
    if (known.isPresent()) {
      return known;
    }
    try {
      return Optional.of(cache.fetchSnapshotAt(revision).await());
    } catch (StorageException.Compacted _) {
      return Optional.empty();
    }
  }

  private static Value json(byte[] document) {
    try {
      return JsonReader.read(document);
    } catch (DecodeException e) {
      throw new SyntaxException(e.text());
    }
  }

  /// The keys that a list looks at.
  ///
  /// @param whole whether it is every key of a prefix, else the one key
  private record Scope(String prefix, boolean whole) {}

  private Scope scope(String requested, FieldSelector fields) {
    String namespace = requested;
    if (namespace.isEmpty()) {
      namespace = fields.exactValue("metadata.namespace").filter(n -> Names.dns1123Label(n).isEmpty()).orElse("");
    }
    Optional<String> name = fields.exactValue("metadata.name");
    boolean single =
        name.isPresent() && Names.pathSegmentName(name.get()).isEmpty() && !name.get().isEmpty() && (!definition.namespaced() || !namespace.isEmpty());
    if (single) {
      return new Scope(definition.key(definition.namespaced() ? namespace : "", name.get()), false);
    }
    String prefix = definition.storagePrefix();
    return new Scope(definition.namespaced() && !namespace.isEmpty() ? prefix + namespace + "/" : prefix, true);
  }

  private static ListPage page(Snapshot snapshot, Scope scope, String startKey, ListOptions options) {
    Selection selection = Selection.of(options);
    if (!scope.whole()) {
      List<CachedObject> one = snapshot.find(scope.prefix()).filter(selection).map(List::of).orElse(List.of());
      return new ListPage(one, snapshot.revision(), "", OptionalLong.empty());
    }
    // Any version will do: then the limit is no concern, as upstream's cache has it.
    long limit = options.resourceVersion().equals("0") ? 0 : Math.max(0, options.limit());
    boolean everything = selection.isEverything();
    int before = everything ? snapshot.countFrom(scope.prefix(), startKey) : 0;
    var found = new ArrayList<CachedObject>(limit > 0 ? (int) Math.min(limit, 512) : before);
    Snapshot candidates = everything ? snapshot : snapshot.narrowed(selection.terms());
    Iterator<CachedObject> objects = candidates.iterate(scope.prefix(), startKey);
    while (objects.hasNext()) {
      CachedObject object = objects.next();
      if (everything || selection.test(object)) {
        found.add(object);
      }
      if (limit > 0 && found.size() >= limit) {
        break;
      }
    }
    // Whether what is behind the page matches, is found out by the next one.
    boolean ends = limit == 0 || found.size() < limit || snapshot.countFrom(scope.prefix(), found.getLast().key()) == 1;
    if (ends) {
      return new ListPage(found, snapshot.revision(), "", OptionalLong.empty());
    }
    String last = found.getLast().key().substring(scope.prefix().length());
    // Upstream's cache cuts the prefix off without its slash.
    String token = ContinueToken.after(snapshot.revision(), "/" + last).encode();
    return new ListPage(
        found, snapshot.revision(), token, everything ? OptionalLong.of(before - limit) : OptionalLong.empty());
  }
}
