package io.thyra.machinery.apply;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps `metadata.managedFields` of the objects of one kind: tracks what updates set, and merges applied
/// configurations. One instance serves one kind in one version through one subresource; it has no state of its own and
/// is safe for all threads. Objects are in the version of the request and in their printed form.
///
/// ```text
/// update: live + new  -> compare -> changed fields move from their owners to the writer -> new entries
/// apply:  live + config -> merge -> prune what the applier dropped -> conflicts? -> new entries
/// ```
///
/// Source: apimachinery pkg/util/managedfields/internal.
public final class FieldManager {
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";

  /// What nobody owns: the identity of an object and what the server sets.
  private static final FieldSet SYSTEM_FIELDS = systemFields();

  private final Scope scope;
  private final VersionConverter versions;
  private final InstantSource clock;

  /// What a field manager is for.
  ///
  /// @param kind the kind of the objects, in the version of the request
  /// @param subresource the subresource that is written, empty for the main resource
  /// @param empty what an object of the kind has before anything is set: see [EmptyObject]
  /// @param resetFields by apiVersion, the fields that a write through this resource may own
  /// @param sorted whether the kind prints its names sorted, as custom resources do; their types can change under them
  public record Scope(
      GroupVersionKind kind, String subresource, ObjectValue empty, Map<String, FieldFilter> resetFields, boolean sorted) {
    public Scope {
      Objects.requireNonNull(kind);
      Objects.requireNonNull(subresource);
      Objects.requireNonNull(empty);
      resetFields = Map.copyOf(resetFields);
    }
  }

  public FieldManager(Scope scope, VersionConverter versions, InstantSource clock) {
    this.scope = scope;
    this.versions = versions;
    this.clock = clock;
  }

  /// An object about to be created, with the manager recorded as the owner of all it sets.
  public ObjectValue create(ObjectValue object, String manager) {
    return update(scope.empty(), object, manager);
  }

  /// An object about to replace another, with what changed recorded as the manager's. Managed fields that the new object
  /// brings are taken when they are valid, but never through a subresource; `[]` and `[{}]` forget them all. An object
  /// without any is not tracked until it is applied. When an object does not fit its type, or cannot be read in a version that
  /// managers wrote in, the managed fields are dropped and the write goes on.
  ///
  /// @param live the stored object; the scope's empty one, or any without uid, for a creation
  public ObjectValue update(ObjectValue live, ObjectValue object, String manager) {
    try {
      return track(live, object, manager);
    } catch (TypedException | IllegalArgumentException _) {
      return withoutEntries(object);
    }
  }

  private ObjectValue track(ObjectValue live, ObjectValue object, String manager) {
    ListValue liveEntries = Managed.entries(live);
    @Nullable Value sent = object.at("metadata", "managedFields");
    boolean stored = !scope.subresource().isEmpty() || sent == null || Values.equal(liveEntries, sent);
    Managed managed = isReset(sent) && scope.subresource().isEmpty() ? Managed.empty() : read(liveEntries, stored, sent);
    ObjectValue bare = withoutEntries(object);
    if (managed.fields().isEmpty() && !live.string("metadata", "uid").isEmpty()) {
      return bare;
    }
    Managed changed = track(withoutEntries(live), bare, managed, manager, stored);
    ManagerCap.apply(changed);
    ListValue entries = entries(changed, liveEntries);
    return entries == sent ? object : withEntries(bare, entries);
  }

  /// The managers that an update starts from: those it brings, or where they are none or not valid, the stored ones.
  private static Managed read(ListValue live, boolean stored, @Nullable Value sent) {
    if (!stored && sent instanceof ListValue entries) {
      try {
        Managed managed = Managed.decode(entries, false);
        if (!managed.fields().isEmpty()) {
          return managed;
        }
      } catch (TypedException _) {
        // As if none had been sent.
      }
    }
    try {
      return Managed.decode(live, true);
    } catch (TypedException _) {
      return Managed.empty();
    }
  }

  private Managed track(ObjectValue live, ObjectValue object, Managed managed, String manager, boolean stored) {
    Struct type = type();
    String apiVersion = scope.kind().apiVersion();
    Typed after = Typed.of(object, apiVersion, type, true);
    Typed before = Typed.of(live, apiVersion, type, true);
    Updater.Tracked tracked =
        new Updater(versions, scope.resetFields()).update(before, after, managed.fields(), stored && !scope.sorted());
    Managed out = managed.with(tracked.managers());
    FieldSet set = tracked.changed().difference(SYSTEM_FIELDS);
    if (!set.isEmpty()) {
      ManagerId id = id(manager, ManagerId.Operation.UPDATE);
      OwnedFields previous = out.fields().get(id);
      out.fields().put(id, OwnedFields.of(previous == null ? set : set.union(previous.fields()), apiVersion, false));
      out.times().put(id, now());
    }
    return out;
  }

  /// Merges a configuration into an object; the live object itself when that changes nothing.
  ///
  /// @param live the stored object, or the scope's empty one when there is none
  /// @param config what the client sent, decoded as plain JSON
  /// @param force whether to take fields from other managers
  /// @return the merged object before it is defaulted and brought into its printed form, with its managed fields
  /// @throws ApiException for conflicts, for a configuration of another kind or one that does not fit its type
  public ObjectValue apply(ObjectValue live, ObjectValue config, String manager, boolean force) {
    Managed managed = decodeLive(live);
    requireKind(config);
    try {
      ObjectValue applied = applyBridged(live, config, managed, manager, force);
      return manager.equals(LastApplied.MANAGER) ? LastApplied.refresh(applied, config) : applied;
    } catch (ConflictException conflicts) {
      throw conflicts.failure().toException();
    } catch (TypedException | IllegalArgumentException e) {
      throw failure(Objects.requireNonNullElse(e.getMessage(), ""));
    }
  }

  private static Managed decodeLive(ObjectValue live) {
    try {
      return Managed.decode(Managed.entries(live), true);
    } catch (TypedException e) {
      throw failure("failed to decode managed fields: " + e.getMessage());
    }
  }

  private void requireKind(ObjectValue config) {
    String apiVersion = config.string("apiVersion");
    String kind = config.string("kind");
    if (!apiVersion.equals(scope.kind().apiVersion()) || !kind.equals(scope.kind().kind())) {
      throw new Failure.BadRequest("invalid object type: " + kindText(apiVersion, kind)).toException();
    }
  }

  /// Applies; where kubectl meets only conflicts with what its own client-side apply set, it takes that over.
  private ObjectValue applyBridged(ObjectValue live, ObjectValue config, Managed managed, String manager, boolean force) {
    try {
      return applyTracked(live, config, managed, manager, force);
    } catch (ConflictException e) {
      if (!manager.equals(LastApplied.MANAGER)) {
        throw e;
      }
      FieldSet held = LastApplied.stillHeld(live, scope.kind().apiVersion(), type());
      List<ConflictException.Conflict> rest =
          e.conflicts().stream().filter(conflict -> !held.has(conflict.path().toArray(PathElement[]::new))).toList();
      if (!rest.isEmpty()) {
        throw new ConflictException(rest);
      }
      return applyTracked(live, config, managed, manager, true);
    }
  }

  private ObjectValue applyTracked(ObjectValue live, ObjectValue config, Managed managed, String manager, boolean force) {
    Managed known = managed;
    if (managed.fields().isEmpty()) {
      known = existing(withoutEntries(live));
      ManagerCap.apply(known);
    }
    if (config.at("metadata", "managedFields") instanceof ListValue) {
      throw new Failure.BadRequest("metadata.managedFields must be nil").toException();
    }
    Struct type = type();
    String apiVersion = scope.kind().apiVersion();
    Typed applied = typed(config, type, false, "patch");
    Typed before = typed(live, type, true, "live");
    ManagerId id = id(manager, ManagerId.Operation.APPLY);
    Updater.Applied result = new Updater(versions, scope.resetFields()).apply(before, applied, known.fields(), id, !scope.sorted(), force);
    Managed out = new Managed(new LinkedHashMap<>(result.managers()), new HashMap<>(known.times()));
    strip(out, id, apiVersion, known.fields().get(id));
    ObjectValue object = result.object().object();
    boolean changed = !Values.equal(live, object);
    if (changed) {
      out.times().put(id, now());
    }
    ListValue liveEntries = Managed.entries(live);
    ListValue entries = entries(out, liveEntries);
    ObjectValue base = changed ? object : live;
    return entries == liveEntries && base == live ? live : withEntries(withoutEntries(base), entries);
  }

  /// What an object has before anybody applied it, as owned by whoever wrote it.
  private Managed existing(ObjectValue live) {
    try {
      return track(scope.empty(), live, Managed.empty(), BEFORE_FIRST_APPLY, true);
    } catch (TypedException e) {
      throw new TypedException(
          "failed to create manager for existing fields: failed to convert new object (%s/%s; %s) to smd typed: %s"
              .formatted(
                  live.string("metadata", "namespace"),
                  live.string("metadata", "name"),
                  kindText(scope.kind().apiVersion(), scope.kind().kind()),
                  e.getMessage()));
    }
  }

  private Typed typed(ObjectValue object, Struct type, boolean allowDuplicates, String which) {
    try {
      return Typed.of(object, scope.kind().apiVersion(), type, allowDuplicates);
    } catch (TypedException e) {
      throw new TypedException(
          "failed to create typed %s object (%s/%s; %s): %s"
              .formatted(
                  which,
                  object.string("metadata", "namespace"),
                  object.string("metadata", "name"),
                  kindText(scope.kind().apiVersion(), scope.kind().kind()),
                  e.getMessage()));
    }
  }

  private static void strip(Managed managed, ManagerId id, String apiVersion, @Nullable OwnedFields before) {
    OwnedFields owned = managed.fields().get(id);
    if (owned == null) {
      return;
    }
    FieldSet set = owned.fields().difference(SYSTEM_FIELDS);
    if (set.isEmpty()) {
      managed.fields().remove(id);
    } else if (before != null && before.apiVersion().equals(apiVersion) && before.fields().equals(set)) {
      managed.fields().put(id, before);
    } else {
      managed.fields().put(id, OwnedFields.of(set, apiVersion, true));
    }
  }

  /// The entries to store; the stored list itself when it would be the same.
  private ListValue entries(Managed managed, ListValue before) {
    ListValue entries = managed.encode(scope.sorted());
    return Values.equal(entries, before) ? before : entries;
  }

  private ManagerId id(String manager, ManagerId.Operation operation) {
    return new ManagerId(
        manager.isEmpty() ? "unknown" : manager, operation, scope.kind().apiVersion(), scope.subresource());
  }

  private Struct type() {
    String apiVersion = scope.kind().apiVersion();
    return versions
        .findType(apiVersion)
        .orElseThrow(() -> new TypedException("no corresponding type for " + kindText(apiVersion, scope.kind().kind())));
  }

  private Value now() {
    Instant second = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new StringValue(second.toString());
  }

  /// Whether managed fields are sent to be forgotten: an empty list, or one of one empty entry.
  private static boolean isReset(@Nullable Value sent) {
    return sent instanceof ListValue entries
        && (entries.isEmpty() || entries.size() == 1 && entries.object(0).isEmpty() && entries.get(0) instanceof ObjectValue);
  }

  private static ObjectValue withoutEntries(ObjectValue object) {
    ObjectValue metadata = object.object("metadata");
    return metadata.has("managedFields") ? object.with("metadata", metadata.without("managedFields")) : object;
  }

  private ObjectValue withEntries(ObjectValue bare, ListValue entries) {
    if (entries.isEmpty()) {
      return bare;
    }
    ObjectValue metadata = bare.object("metadata");
    if (!scope.sorted()) {
      return bare.with("metadata", metadata.with("managedFields", entries));
    }
    ObjectValue.Builder sorted = ObjectValue.builder(metadata.size() + 1);
    metadata.forEach(sorted::put);
    return bare.with("metadata", sorted.put("managedFields", entries).buildSorted());
  }

  private static ApiException failure(String message) {
    return new Failure.Unclassified(500, message).toException();
  }

  /// A kind as upstream prints it, the core group as an empty one: `/v1, Kind=Pod`.
  private static String kindText(String apiVersion, String kind) {
    return (apiVersion.contains("/") ? apiVersion : "/" + apiVersion) + ", Kind=" + kind;
  }

  private static FieldSet systemFields() {
    FieldSet fields = FieldSet.ofNames("apiVersion").union(FieldSet.ofNames("kind")).union(FieldSet.ofNames("metadata"));
    for (String name :
        List.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion")) {
      fields = fields.union(FieldSet.ofNames("metadata", name));
    }
    return fields;
  }
}
