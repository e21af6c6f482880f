package io.thyra.machinery.apply;

import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The managers of an object while a request changes them, and when each wrote. A time may outlive or precede its
/// fields, as upstream keeps the two apart. Owned by the request.
/// Source: apimachinery pkg/util/managedfields/internal/managedfields.go.
record Managed(Map<ManagerId, OwnedFields> fields, Map<ManagerId, Value> times) {
  static Managed empty() {
    return new Managed(new LinkedHashMap<>(), new HashMap<>());
  }

  Managed with(Map<ManagerId, OwnedFields> changed) {
    return new Managed(changed, times);
  }

  /// The entries of an object's `metadata.managedFields`; empty when it has none.
  static ListValue entries(ObjectValue object) {
    return object.list("metadata", "managedFields");
  }

  /// Reads entries. With `stored`, their sets are decoded when needed and their values are used again if nothing
  /// changes; else everything is decoded at once and encoded anew.
  ///
  /// @throws TypedException when an entry is not valid
  static Managed decode(ListValue entries, boolean stored) {
    Managed out = empty();
    for (int i = 0; i < entries.size(); i++) {
      ObjectValue entry = entries.object(i);
      ManagerId.Operation operation =
          switch (entry.string("operation")) {
            case "Apply" -> ManagerId.Operation.APPLY;
            case "Update" -> ManagerId.Operation.UPDATE;
            default -> throw new TypedException("operation must be `Apply` or `Update`");
          };
      String apiVersion = entry.string("apiVersion");
      if (apiVersion.isEmpty()) {
        throw new TypedException("apiVersion must not be empty");
      }
      String type = entry.string("fieldsType");
      if (!type.equals("FieldsV1")) {
        throw new TypedException(
            (type.isEmpty() ? "missing fieldsType" : "invalid fieldsType " + GoText.quote(type)) + " in managed fields entry " + i);
      }
      var id = new ManagerId(entry.string("manager"), operation, apiVersion, entry.string("subresource"));
      boolean applied = operation == ManagerId.Operation.APPLY;
      OwnedFields fields = OwnedFields.stored(entry, apiVersion, applied);
      if (!stored) {
        try {
          Value encoded = entry.get("fieldsV1");
          FieldSet set = encoded == null ? FieldSet.EMPTY : FieldSet.of(encoded);
          fields = OwnedFields.of(set, apiVersion, applied);
        } catch (IllegalArgumentException e) {
          throw new TypedException("error decoding versioned set: error decoding set: " + e.getMessage());
        }
      }
      out.fields.put(id, fields);
      if (entry.get("time") instanceof StringValue time) {
        out.times.put(id, time);
      } else {
        out.times.remove(id);
      }
    }
    return out;
  }

  /// The entries in upstream's order: appliers first, then by second, manager, version and subresource.
  ///
  /// @param sorted whether the names of objects are sorted, as a custom resource prints them
  ListValue encode(boolean sorted) {
    var ids = new ArrayList<>(fields.keySet());
    ids.sort(
        Comparator.comparing(ManagerId::operation)
            .thenComparingLong(this::seconds)
            .thenComparing(ManagerId::manager, Values::compareText)
            .thenComparing(id -> owned(id).apiVersion(), Values::compareText)
            .thenComparing(ManagerId::subresource, Values::compareText));
    var out = new ArrayList<Value>(ids.size());
    for (ManagerId id : ids) {
      out.add(entry(id, owned(id), sorted));
    }
    return new ListValue(out);
  }

  private OwnedFields owned(ManagerId id) {
    return Objects.requireNonNull(fields.get(id));
  }

  private ObjectValue entry(ManagerId id, OwnedFields owned, boolean sorted) {
    Value time = times.get(id);
    ObjectValue before = owned.entry();
    if (before != null && before.get("time") == time) {
      return before;
    }
    ObjectValue.Builder out = ObjectValue.builder();
    put(out, "manager", id.manager());
    out.put("operation", id.operation().word());
    out.put("apiVersion", owned.apiVersion());
    if (time != null) {
      out.put("time", time);
    }
    out.put("fieldsType", "FieldsV1");
    Value encoded = before == null ? null : before.get("fieldsV1");
    out.put("fieldsV1", encoded != null ? encoded : sorted ? owned.fields().toSortedValue() : owned.fields().toValue());
    put(out, "subresource", id.subresource());
    return sorted ? out.buildSorted() : out.build();
  }

  private static void put(ObjectValue.Builder out, String name, String text) {
    if (!text.isEmpty()) {
      out.put(name, text);
    }
  }

  /// When a manager last wrote, in seconds since 1970; 0 when that is not known.
  long seconds(ManagerId id) {
    return seconds(times.get(id));
  }

  private static long seconds(@Nullable Value time) {
    if (!(time instanceof StringValue(String text))) {
      return 0;
    }
    try {
      return OffsetDateTime.parse(text).toEpochSecond();
    } catch (DateTimeException _) {
      return 0;
    }
  }
}
