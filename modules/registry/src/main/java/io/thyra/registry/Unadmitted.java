package io.thyra.registry;

import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Writes that a rule of one kind makes on objects of another (a service takes an address object, a binding names a pod's
/// node): no admission, and for changes no rules either, since the caller is one. Direct style.
public final class Unadmitted {
  private static final int CONFLICTS_MAX = 1_000;

  private final ObjectRows rows;
  private final ResourceWriter writer;
  private final ResourceDeleter deleter;

  Unadmitted(ResourceDefinition definition, ObjectRows rows, Ownership ownership) {
    this.rows = rows;
    this.writer = new ResourceWriter(definition, rows, Admission.NONE, ownership, CreateAuthorization.ALLOWED);
    this.deleter = new ResourceDeleter(definition, rows, Admission.NONE);
  }

  public ObjectValue create(WriteRequest request, ObjectValue object) {
    return writer.create(request, object);
  }

  /// Changes an object, again for the newer one when somebody else was faster.
  ///
  /// @param change may throw to refuse; returns its argument when there is nothing to do
  /// @throws io.thyra.model.ApiException 404 when there is no such object
  public ObjectValue change(WriteRequest request, UnaryOperator<ObjectValue> change) {
    String name = request.context().info().name();
    String key = rows.key(request.objectNamespace(), name);
    Optional<ObjectRows.Row> row = rows.find(key);
    for (int i = 0; i < CONFLICTS_MAX; i++) {
      ObjectRows.Row current = row.orElseThrow(() -> new Failure.NotFound(request.resource(), name).toException());
      ObjectValue changed = change.apply(current.object());
      ObjectRows.Encoded encoded = rows.encode(changed);
      if (request.dryRun() || changed == current.object() || encoded.value().equals(current.stored().value())) {
        return changed;
      }
      switch (rows.put(key, current.stored().modRevision(), encoded)) {
        case WriteResult.Written(long revision) -> {
          return Metadata.with(changed, "resourceVersion", Long.toString(revision));
        }
        case WriteResult.Mismatch(Optional<Stored> newer) -> row = newer.map(rows::row);
      }
    }
    throw new Failure.ServerTimeout(request.resource(), "update", 2).toException();
  }

  public DeleteOutcome delete(WriteRequest request, DeleteTerms terms) {
    return deleter.delete(request, request.context().info().namespace(), request.context().info().name(), terms);
  }
}
