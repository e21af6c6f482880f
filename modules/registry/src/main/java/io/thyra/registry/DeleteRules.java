package io.thyra.registry;

import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/// When an object may go, and what it is marked with while it may not. Pure.
/// Source: apiserver pkg/registry/rest/delete.go and pkg/registry/generic/registry/store.go.
final class DeleteRules {
  static final String ORPHAN = "orphan";
  static final String FOREGROUND = "foregroundDeletion";

  private final ResourceDefinition definition;

  DeleteRules(ResourceDefinition definition) {
    this.definition = definition;
  }

  /// The first look at an object that is to be deleted.
  ///
  /// @param object marked for a graceful deletion where it is one
  /// @param graceful whether it must be stored as marked before it goes
  /// @param pending whether an earlier graceful deletion is under way and this one changes nothing
  /// @param terms with the grace period that counts
  record Verdict(ObjectValue object, boolean graceful, boolean pending, DeleteTerms terms) {}

  Verdict look(ObjectValue stored, DeleteTerms asked, Instant now) {
    checkPreconditions(stored, asked.preconditions());
    Long seconds = asked.gracePeriodSeconds();
    DeleteTerms terms = seconds != null && seconds < 0 ? asked.withGracePeriod(1L) : asked;
    OptionalLong left = Metadata.deletionGracePeriodSeconds(stored);
    ObjectValue object = left.isPresent() && left.getAsLong() < 0 ? Metadata.with(stored, "deletionGracePeriodSeconds", 1) : stored;
    OptionalLong period = gracePeriod(object, terms);
    if (period.isEmpty()) {
      return new Verdict(object, false, false, terms);
    }
    Instant deletion = Metadata.deletionTimestamp(object);
    return deletion == null ? mark(object, period.getAsLong(), terms, now) : shorten(object, deletion, terms, now);
  }

  private void checkPreconditions(ObjectValue stored, Preconditions preconditions) {
    // Upstream names the kind where others name the resource.
    var kind = new GroupResource(definition.hub().group(), definition.hub().kind());
    String uid = preconditions.uid();
    if (uid != null && !uid.equals(Metadata.uid(stored))) {
      throw new Failure.Conflict(
              kind,
              Metadata.name(stored),
              "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
                  .formatted(uid, Metadata.uid(stored)))
          .toException();
    }
    String version = preconditions.resourceVersion();
    if (version != null && !version.equals(Metadata.resourceVersion(stored))) {
      throw new Failure.Conflict(
              kind,
              Metadata.name(stored),
              ("the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s)."
                      + " The object might have been modified")
                  .formatted(version, Metadata.resourceVersion(stored)))
          .toException();
    }
  }

  private OptionalLong gracePeriod(ObjectValue object, DeleteTerms terms) {
    Long seconds = terms.gracePeriodSeconds();
    OptionalLong asked = seconds == null ? OptionalLong.empty() : OptionalLong.of(seconds);
    OptionalLong chosen = definition.strategy().gracePeriod(object, asked);
    var fallback = definition.deletion().gracePeriod();
    if (chosen.isPresent() || fallback == null) {
      return chosen;
    }
    return asked.isPresent() ? asked : OptionalLong.of(fallback.apply(object));
  }

  private static Verdict mark(ObjectValue object, long period, DeleteTerms terms, Instant now) {
    ObjectValue marked = Metadata.with(object, "deletionTimestamp", Metadata.time(later(now, period)));
    marked = bumpGeneration(Metadata.with(marked, "deletionGracePeriodSeconds", period));
    return new Verdict(marked, true, false, terms.withGracePeriod(period));
  }

  /// An object that is being deleted already: the grace period may only become shorter.
  private static Verdict shorten(ObjectValue object, Instant deletion, DeleteTerms terms, Instant now) {
    long left = Metadata.deletionGracePeriodSeconds(object).orElse(0);
    if (left == 0) {
      return new Verdict(object, false, false, terms);
    }
    Long asked = terms.gracePeriodSeconds();
    if (asked == null) {
      return new Verdict(object, false, true, terms.withGracePeriod(left));
    }
    long period = asked;
    if (period >= left) {
      return new Verdict(object, false, true, terms);
    }
    Instant sooner = later(deletion.minusSeconds(left), period);
    if (sooner.isBefore(now)) {
      sooner = now;
      period = period == 0 ? 0 : 1;
    }
    ObjectValue marked = Metadata.with(object, "deletionTimestamp", Metadata.time(sooner));
    return new Verdict(Metadata.with(marked, "deletionGracePeriodSeconds", period), true, false, terms);
  }

  /// An object that finalizers hold, marked as being deleted since now at the latest.
  static ObjectValue markAsDeleting(ObjectValue object, Instant now) {
    Instant deletion = Metadata.deletionTimestamp(object);
    ObjectValue marked = deletion == null ? bumpGeneration(object) : object;
    if (deletion == null || deletion.isAfter(now)) {
      marked = Metadata.with(marked, "deletionTimestamp", Metadata.time(now));
    }
    return Metadata.with(marked, "deletionGracePeriodSeconds", 0);
  }

  // Go counts nanoseconds in 64 bits, which periods of centuries overflow.
  private static Instant later(Instant now, long seconds) {
    return now.plusNanos(seconds * 1_000_000_000L);
  }

  private static ObjectValue bumpGeneration(ObjectValue object) {
    long generation = Metadata.generation(object);
    return generation > 0 ? Metadata.with(object, "generation", generation + 1) : object;
  }

  /// The object with the finalizers of the garbage collector that the terms ask for; the same one when they are there.
  ObjectValue withCollectorFinalizers(ObjectValue object, DeleteTerms terms) {
    if (!definition.deletion().collected()) {
      return withFinalizersSet(object, false, false);
    }
    return withFinalizersSet(object, orphans(object, terms), foreground(object, terms));
  }

  private static ObjectValue withFinalizersSet(ObjectValue object, boolean orphan, boolean foreground) {
    List<String> old = Metadata.finalizers(object);
    var changed = new ArrayList<String>();
    for (String finalizer : old) {
      if (!finalizer.equals(ORPHAN) && !finalizer.equals(FOREGROUND)) {
        changed.add(finalizer);
      }
    }
    if (orphan) {
      changed.add(ORPHAN);
    }
    if (foreground) {
      changed.add(FOREGROUND);
    }
    return new HashSet<>(old).equals(new HashSet<>(changed)) ? object : Metadata.withFinalizers(object, changed);
  }

  private boolean orphans(ObjectValue object, DeleteTerms terms) {
    if (terms.orphanDependents() != null) {
      return terms.orphanDependents();
    }
    if (terms.propagationPolicy() != null) {
      return Objects.equals(terms.propagationPolicy(), "Orphan");
    }
    for (String finalizer : Metadata.finalizers(object)) {
      if (finalizer.equals(ORPHAN)) {
        return true;
      }
      if (finalizer.equals(FOREGROUND)) {
        return false;
      }
    }
    return definition.deletion().orphansByDefault();
  }

  private static boolean foreground(ObjectValue object, DeleteTerms terms) {
    if (terms.orphanDependents() != null) {
      return false;
    }
    if (terms.propagationPolicy() != null) {
      return Objects.equals(terms.propagationPolicy(), "Foreground");
    }
    for (String finalizer : Metadata.finalizers(object)) {
      if (finalizer.equals(FOREGROUND)) {
        return true;
      }
      if (finalizer.equals(ORPHAN)) {
        return false;
      }
    }
    return false;
  }

  /// Whether an update took the last thing away that held an object that is being deleted.
  boolean goesWith(ObjectValue updated, ObjectValue stored) {
    return Metadata.finalizers(updated).isEmpty()
        && Metadata.deletionTimestamp(stored) != null
        && Metadata.deletionGracePeriodSeconds(stored).orElse(0) == 0
        && definition.stagedDeletion().map(staged -> !staged.pending(updated)).orElse(true);
  }
}
