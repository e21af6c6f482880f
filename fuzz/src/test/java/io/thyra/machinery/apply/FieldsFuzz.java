package io.thyra.machinery.apply;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/// Sets of fields as `fieldsV1` has them: printed they are read alike, sets of them are what they say, and an object that
/// brings them can be written.
public final class FieldsFuzz {
  private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  private FieldsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Value value;
    try {
      value = JsonReader.read(data);
    } catch (DecodeException _) {
      return;
    }
    carried(value);
    FieldSet set;
    try {
      set = FieldSet.of(value);
    } catch (IllegalArgumentException _) {
      return;
    }
    FieldSet again = FieldSet.of(set.toValue());
    Refusals.requireSame(set, again, () -> "the set");
    Refusals.requireSame(set, FieldSet.of(set.toSortedValue()), () -> "the sorted set");
    Refusals.requireSame(set, set.union(again), () -> "the union with itself");
    Refusals.requireSame(set, set.intersection(again), () -> "the intersection with itself");
    Refusals.requireSame(true, set.difference(again).isEmpty(), () -> "the difference to itself");
    set.leaves().paths().forEach(FieldSet::text);
  }

  /// Entries of `metadata.managedFields` of an object that is sent.
  private static void carried(Value fields) {
    Samples sample = Samples.of((byte) '0');
    var entry =
        ObjectValue.builder()
            .put("manager", "other")
            .put("operation", "Update")
            .put("apiVersion", sample.kind().apiVersion())
            .put("fieldsType", "FieldsV1")
            .put("fieldsV1", fields)
            .build();
    ListValue entries = fields instanceof ListValue list ? list : ListValue.of(entry);
    ManagedFields.findProblem(entries);
    ObjectValue object = sample.object();
    ObjectValue sent = object.with("metadata", object.object("metadata").with("managedFields", entries));
    var scope = new FieldManager.Scope(sample.kind(), "", EmptyObject.of(sample.type()), Map.of(), false);
    var manager = new FieldManager(scope, VersionConverter.single(sample.kind().apiVersion(), sample.type()), CLOCK);
    manager.update(object, sent, "fuzz");
  }
}
