package io.thyra.registry;

import io.thyra.codec.Canonical;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Deletes objects of one resource: at once, gracefully, or as far as finalizers let it. Direct style, for virtual threads.
/// Source: apiserver pkg/registry/generic/registry/store.go, Delete.
final class ResourceDeleter {
  private static final int CONFLICTS_MAX = 1_000;

  private final ResourceDefinition definition;
  private final ObjectRows rows;
  private final Admission admission;
  private final DeleteRules rules;

  ResourceDeleter(ResourceDefinition definition, ObjectRows rows, Admission admission) {
    this.definition = definition;
    this.rows = rows;
    this.admission = admission;
    this.rules = new DeleteRules(definition);
  }

  DeleteOutcome delete(WriteRequest request, String namespace, String name, DeleteTerms terms) {
    String key = rows.key(definition.namespaced() ? namespace : "", name);
    ObjectRows.Row row = get(request, key, name);
    if (definition.convertsOutside(request.version())) {
      // An object that cannot be shown in the version of the request is not deleted by it either.
      new Conversion(definition).fromHub(row.object(), request.version());
    }
    if (definition.stagedDeletion().isPresent()) {
      return deleteStaged(request, key, name, terms, row, definition.stagedDeletion().get());
    }
    return deletePlain(request, key, name, terms, row);
  }

  private ObjectRows.Row get(WriteRequest request, String key, String name) {
    return rows.find(key).orElseThrow(() -> new Failure.NotFound(request.resource(), name).toException());
  }

  private void admit(WriteRequest request, String name, ObjectValue stored) {
    // A collection is deleted without a name.
    String asked = request.context().info().name();
    AdmissionAttributes attributes =
        request.attributes(Operation.DELETE, asked.isEmpty() ? "" : name, Optional.empty(), Optional.of(stored));
    admission.mutate(attributes);
    admission.validate(attributes);
  }

  private DeleteOutcome deletePlain(WriteRequest request, String key, String name, DeleteTerms asked, ObjectRows.Row row) {
    DeleteRules.Verdict verdict = rules.look(row.object(), asked, request.context().now());
    if (verdict.pending()) {
      return outcome(verdict.object(), false);
    }
    DeleteTerms terms = verdict.terms();
    boolean held = !Metadata.finalizers(row.object()).isEmpty();
    boolean marks = rules.withCollectorFinalizers(verdict.object(), terms) != verdict.object();
    if (!verdict.graceful() && !held && !marks) {
      return deleteNow(request, key, name, terms.preconditions(), row, null);
    }
    return deleteMarked(request, key, name, terms, row);
  }

  /// Marks the object as being deleted, and deletes it if nothing holds it then.
  private DeleteOutcome deleteMarked(WriteRequest request, String key, String name, DeleteTerms terms, ObjectRows.Row first) {
    ObjectRows.Row row = first;
    for (int i = 0; i < CONFLICTS_MAX; i++) {
      ObjectValue stored = row.object();
      terms.preconditions().check(request.resource(), name, key, stored);
      admit(request, name, stored);
      DeleteRules.Verdict verdict = rules.look(stored, terms, request.context().now());
      if (verdict.pending()) {
        return outcome(verdict.object(), false);
      }
      ObjectValue object = rules.withCollectorFinalizers(verdict.object(), verdict.terms());
      boolean held = !Metadata.finalizers(object).isEmpty();
      if (!verdict.graceful() && !held && request.dryRun()) {
        // Upstream answers with an object that nothing was read into.
        return new DeleteOutcome(empty(), true, true);
      }
      if (!verdict.graceful() && !held) {
        return deleteNow(request, key, name, terms.preconditions(), row, null);
      }
      ObjectValue marked = verdict.graceful() ? object : DeleteRules.markAsDeleting(object, request.context().now());
      Written written = write(request, key, row, marked);
      if (written.row() == null) {
        row = written.newer().map(rows::row).orElseThrow(() -> new Failure.NotFound(request.resource(), name).toException());
        continue;
      }
      Long period = verdict.terms().gracePeriodSeconds();
      if (held || period != null && period > 0) {
        // An answer about an object that stays shows the object: upstream returns what it updated.
        return new DeleteOutcome(written.row().object(), false, true);
      }
      if (request.dryRun()) {
        return new DeleteOutcome(written.row().object(), true, true);
      }
      Preconditions next =
          terms.preconditions().resourceVersion() == null
              ? terms.preconditions()
              : new Preconditions(terms.preconditions().uid(), Metadata.resourceVersion(written.row().object()));
      return deleteNow(request, key, name, next, written.row(), written.row().object());
    }
    throw new Failure.ServerTimeout(request.resource(), "delete", 2).toException();
  }

  private ObjectValue empty() {
    ObjectValue zero = definition.protobuf() ? Canonical.zero(definition.hubVersion().struct()) : ObjectValue.EMPTY;
    return zero.with("kind", definition.hub().kind()).with("apiVersion", definition.hub().apiVersion());
  }

  private record Written(ObjectRows.@Nullable Row row, Optional<Stored> newer) {}

  private Written write(WriteRequest request, String key, ObjectRows.Row row, ObjectValue object) {
    ObjectValue versioned = Metadata.with(object, "resourceVersion", Long.toString(row.stored().modRevision()));
    ObjectRows.Encoded encoded = rows.encode(object);
    if (request.dryRun() || encoded.value().equals(row.stored().value())) {
      return new Written(new ObjectRows.Row(row.stored(), versioned), Optional.empty());
    }
    return switch (rows.put(key, row.stored().modRevision(), encoded)) {
      case WriteResult.Written(long revision) -> {
        var stored = new Stored(key, encoded.value(), row.stored().createRevision(), revision);
        yield new Written(
            new ObjectRows.Row(stored, Metadata.with(object, "resourceVersion", Long.toString(revision))), Optional.empty());
      }
      case WriteResult.Mismatch(Optional<Stored> current) -> new Written(null, current);
    };
  }

  /// @param lastKnown what to answer with when somebody else deletes it meanwhile; null when that is an error
  private DeleteOutcome deleteNow(
      WriteRequest request,
      String key,
      String name,
      Preconditions preconditions,
      ObjectRows.Row first,
      @Nullable ObjectValue lastKnown) {
    ObjectRows.Row row = first;
    for (int i = 0; i < CONFLICTS_MAX; i++) {
      preconditions.check(request.resource(), name, key, row.object());
      admit(request, name, row.object());
      if (request.dryRun()) {
        return outcome(row.object(), true);
      }
      switch (rows.delete(key, row.stored().modRevision())) {
        case WriteResult.Written(long revision) -> {
          // A deleted object carries the revision of its deletion.
          ObjectValue gone = Metadata.with(row.object(), "resourceVersion", Long.toString(revision));
          definition.strategy().afterDelete(request.context(), gone);
          return outcome(gone, true);
        }
        case WriteResult.Mismatch(Optional<Stored> current) -> {
          if (current.isEmpty()) {
            if (lastKnown != null) {
              definition.strategy().afterDelete(request.context(), lastKnown);
              return outcome(lastKnown, true);
            }
            throw new Failure.NotFound(request.resource(), name).toException();
          }
          row = rows.row(current.get());
        }
      }
    }
    throw new Failure.ServerTimeout(request.resource(), "delete", 2).toException();
  }

  private DeleteOutcome outcome(ObjectValue object, boolean gone) {
    return new DeleteOutcome(object, gone, definition.deletion().answersWithObject());
  }

  private DeleteOutcome deleteStaged(
      WriteRequest request, String key, String name, DeleteTerms asked, ObjectRows.Row first, StagedDeletion staged) {
    Preconditions preconditions = asked.preconditions();
    if (preconditions.uid() == null) {
      preconditions = new Preconditions(Metadata.uid(first.object()), preconditions.resourceVersion());
    }
    String violation = preconditions.violation(first.object());
    if (violation != null) {
      throw new Failure.Conflict(definition.resource(), name, violation).toException();
    }
    DeleteTerms terms = asked.withPreconditions(preconditions);
    if (Metadata.deletionTimestamp(first.object()) == null) {
      return terminate(request, key, name, terms, first, staged);
    }
    if (staged.pending(first.object())) {
      return new DeleteOutcome(first.object(), false, true);
    }
    return deletePlain(request, key, name, terms, first);
  }

  private DeleteOutcome terminate(
      WriteRequest request, String key, String name, DeleteTerms terms, ObjectRows.Row first, StagedDeletion staged) {
    ObjectRows.Row row = first;
    for (int i = 0; i < CONFLICTS_MAX; i++) {
      terms.preconditions().check(definition.resource(), name, key, row.object());
      admit(request, name, row.object());
      ObjectValue object = row.object();
      if (Metadata.deletionTimestamp(object) == null) {
        object = Metadata.with(object, "deletionTimestamp", Metadata.time(request.context().now()));
      }
      Written written = write(request, key, row, staged.terminate(object, terms));
      if (written.row() != null) {
        return new DeleteOutcome(written.row().object(), false, true);
      }
      row = written.newer().map(rows::row).orElseThrow(() -> new Failure.NotFound(definition.resource(), name).toException());
    }
    throw new Failure.ServerTimeout(request.resource(), "delete", 2).toException();
  }
}
