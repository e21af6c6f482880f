package io.thyra.machinery.apply;

import io.thyra.model.ApiException;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who owns what after a write, and what of an object an applier gives up. Keeps the conversions of one request; owned
/// by it. Source: structured-merge-diff merge/update.go.
final class Updater {
  private final VersionConverter versions;
  private final Map<String, FieldFilter> resets;

  Updater(VersionConverter versions, Map<String, FieldFilter> resets) {
    this.versions = versions;
    this.resets = resets;
  }

  /// The managers after an update and what the update changed, in the version of the request.
  record Tracked(Map<ManagerId, OwnedFields> managers, FieldSet changed) {}

  /// The managers after an apply and the merged object.
  record Applied(Map<ManagerId, OwnedFields> managers, Typed object) {}

  /// Takes what an update changed away from its owners and says what that was.
  ///
  /// @param stored whether the managers were written under the present types, so that they need no second look
  Tracked update(Typed live, Typed updated, Map<ManagerId, OwnedFields> managers, boolean stored) {
    Comparison change = live.compare(updated);
    Map<ManagerId, OwnedFields> known = stored ? known(managers) : reconcile(live, managers);
    Map<ManagerId, OwnedFields> rest = release(live, updated, change, known, null, true);
    FieldFilter filter = resets.get(live.apiVersion());
    Comparison counted = change.filter(filter);
    FieldSet changed = counted.modified().union(counted.added());
    return new Tracked(rest, filter == null ? changed : filter.apply(changed));
  }

  /// Merges a configuration into an object, takes away what its manager no longer asks for, and gives it the rest.
  ///
  /// @throws ConflictException when others own what would change, unless forced
  Applied apply(
      Typed live, Typed config, Map<ManagerId, OwnedFields> managers, ManagerId manager, boolean stored, boolean force) {
    Map<ManagerId, OwnedFields> known = stored ? known(managers) : reconcile(live, managers);
    Typed merged = live.with(Merge.of(live.object(), config.object(), live.type()));
    OwnedFields last = known.get(manager);
    FieldSet set = config.fields();
    FieldFilter filter = resets.get(config.apiVersion());
    if (filter != null) {
      set = filter.apply(set);
    }
    known.put(manager, OwnedFields.of(set, config.apiVersion(), true));
    if (last != null && dropsAny(last, set, config.apiVersion())) {
      merged = prune(merged, known, last);
    }
    Map<ManagerId, OwnedFields> rest = release(live, merged, live.compare(merged), known, manager, force);
    return new Applied(rest, merged);
  }

  /// Whether an applier had fields that it no longer asks for. If not there is nothing to prune: the set of a
  /// configuration has every item on the way to a field, so that nothing it keeps can hang on what goes.
  private static boolean dropsAny(OwnedFields last, FieldSet set, String apiVersion) {
    return !last.isEmpty() && !(last.apiVersion().equals(apiVersion) && last.fields().difference(set).isEmpty());
  }

  /// The managers whose version exists.
  private Map<ManagerId, OwnedFields> known(Map<ManagerId, OwnedFields> managers) {
    var out = new LinkedHashMap<ManagerId, OwnedFields>(managers);
    out.values().removeIf(owned -> versions.findType(owned.apiVersion()).isEmpty());
    return out;
  }

  private Map<ManagerId, OwnedFields> reconcile(Typed live, Map<ManagerId, OwnedFields> managers) {
    var out = new LinkedHashMap<ManagerId, OwnedFields>();
    var types = new HashMap<String, Optional<Struct>>();
    managers.forEach(
        (id, owned) ->
            types
                .computeIfAbsent(owned.apiVersion(), version -> Optional.ofNullable(convert(live, version)).map(Typed::type))
                .ifPresent(type -> out.put(id, owned.with(SetShape.reconcile(owned.fields(), type)))));
    return out;
  }

  private Map<ManagerId, OwnedFields> release(
      Typed live,
      Typed updated,
      Comparison change,
      Map<ManagerId, OwnedFields> managers,
      @Nullable ManagerId writer,
      boolean force) {
    var out = new LinkedHashMap<ManagerId, OwnedFields>(managers);
    var changes = new HashMap<String, Comparison>();
    changes.put(live.apiVersion(), change.filter(resets.get(live.apiVersion())));
    var conflicts = new ArrayList<ConflictException.Conflict>();
    var ids = new ArrayList<>(managers.keySet());
    if (!force) {
      ids.sort(Comparator.comparing(ManagerId::sortKey, Values::compareText));
    }
    for (ManagerId id : ids) {
      OwnedFields owned = managers.get(id);
      if (owned == null || id.equals(writer) || change.isSame()) {
        continue;
      }
      Comparison theirs = changes.get(owned.apiVersion());
      if (theirs == null) {
        Typed before = convert(live, owned.apiVersion());
        Typed after = convert(updated, owned.apiVersion());
        if (before == null || after == null) {
          out.remove(id);
          continue;
        }
        theirs = before.compare(after).filter(resets.get(owned.apiVersion()));
        changes.put(owned.apiVersion(), theirs);
      }
      if (theirs.isSame()) {
        continue;
      }
      FieldSet taken = owned.fields().intersection(theirs.modified().union(theirs.added()));
      if (!taken.isEmpty()) {
        taken.forEach(path -> conflicts.add(new ConflictException.Conflict(id, path)));
      }
      out.put(id, owned.with(owned.fields().difference(taken).difference(theirs.removed())));
    }
    if (!force && !conflicts.isEmpty()) {
      throw new ConflictException(conflicts);
    }
    out.values().removeIf(OwnedFields::isEmpty);
    return out;
  }

  /// Takes out of the merged object what the applier had and nobody has now.
  private Typed prune(Typed merged, Map<ManagerId, OwnedFields> managers, OwnedFields last) {
    Typed before = convert(merged, last.apiVersion());
    if (before == null) {
      return merged;
    }
    Typed pruned = before.without(before.withNamedFields(last.fields()));
    pruned = addBackOwned(before, pruned, managers);
    pruned = addBackDangling(before, pruned, last);
    Typed out = convert(pruned, merged.apiVersion());
    return out == null ? merged : out;
  }

  private Typed addBackOwned(Typed merged, Typed pruned, Map<ManagerId, OwnedFields> managers) {
    var owned = new LinkedHashMap<String, FieldSet>();
    // The version at hand first: what it gives back may be needed for the conversions after it.
    managers.values().stream()
        .sorted(Comparator.comparing(fields -> !fields.apiVersion().equals(merged.apiVersion())))
        .forEach(fields -> owned.merge(fields.apiVersion(), fields.fields(), FieldSet::union));
    Typed rest = pruned;
    for (Map.Entry<String, FieldSet> version : owned.entrySet()) {
      Typed whole = convert(merged, version.getKey());
      Typed left = convert(rest, version.getKey());
      if (whole != null && left != null) {
        FieldSet kept = left.withNamedFields(left.fields()).union(whole.withNamedFields(version.getValue()));
        rest = whole.without(whole.withNamedFields(whole.fields()).difference(kept));
      }
    }
    return rest;
  }

  /// Gives back what only disappeared because something it hung on did: it was never the applier's.
  private Typed addBackDangling(Typed merged, Typed pruned, OwnedFields last) {
    Typed left = convert(pruned, last.apiVersion());
    if (left == null) {
      return merged;
    }
    FieldSet gone = merged.withNamedFields(merged.fields()).difference(merged.withNamedFields(left.fields()));
    return merged.without(gone.intersection(merged.withNamedFields(last.fields())));
  }

  /// An object in another version; null when the version does not exist.
  ///
  /// @throws TypedException when it cannot be converted or does not fit its type there
  private @Nullable Typed convert(Typed object, String version) {
    if (object.apiVersion().equals(version)) {
      return object;
    }
    Optional<Struct> type = versions.findType(version);
    if (type.isEmpty()) {
      return null;
    }
    try {
      return Typed.of(versions.convert(object.object(), version), version, type.get(), false);
    } catch (ApiException e) {
      throw new TypedException(e.getMessage());
    }
  }
}
