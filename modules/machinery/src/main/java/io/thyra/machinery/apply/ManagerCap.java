package io.thyra.machinery.apply;

import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Bounds how many entries updates may leave on an object: the oldest are put together, one for each version.
/// Source: apimachinery pkg/util/managedfields/internal/capmanagers.go.
final class ManagerCap {
  /// As upstream; an object that many tools write would grow with each else.
  static final int UPDATERS_MAX = 10;

  private static final String OLD_UPDATES = "ancient-changes";

  private ManagerCap() {}

  /// Changes the managers in place.
  static void apply(Managed managed) {
    Map<ManagerId, OwnedFields> fields = managed.fields();
    List<ManagerId> updaters = new ArrayList<>();
    fields.forEach(
        (id, owned) -> {
          if (!owned.applied()) {
            updaters.add(id);
          }
        });
    if (updaters.size() <= UPDATERS_MAX) {
      return;
    }
    updaters.sort(Comparator.comparingLong(managed::seconds).thenComparing(ManagerId::sortKey, Values::compareText));
    var firsts = new HashMap<String, ManagerId>();
    int left = updaters.size();
    for (int i = 0; i < updaters.size() && left > UPDATERS_MAX; i++) {
      ManagerId id = updaters.get(i);
      OwnedFields owned = fields.get(id);
      if (owned == null) {
        continue;
      }
      ManagerId first = firsts.putIfAbsent(owned.apiVersion(), id);
      if (first == null) {
        continue;
      }
      var bucket = new ManagerId(OLD_UPDATES, ManagerId.Operation.UPDATE, owned.apiVersion(), "");
      OwnedFields gathered = fields.get(bucket);
      if (gathered == null) {
        gathered = fields.remove(first);
      }
      FieldSet both = gathered == null ? owned.fields() : owned.fields().union(gathered.fields());
      fields.put(bucket, OwnedFields.of(both, owned.apiVersion(), false));
      fields.remove(id);
      left--;
      // The one put in last is the most recent.
      Value time = managed.times().get(id);
      if (time == null) {
        managed.times().remove(bucket);
      } else {
        managed.times().put(bucket, time);
      }
    }
  }
}
