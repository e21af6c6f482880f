package io.thyra.machinery.apply;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import org.jspecify.annotations.Nullable;

/// The fields of one manager in one version. Those of a stored entry are decoded at first need: most writes touch few
/// managers. Owned by the request that reads it.
final class OwnedFields {
  private final String apiVersion;
  private final boolean applied;
  private final @Nullable ObjectValue entry;
  private @Nullable FieldSet fields;

  private OwnedFields(FieldSet fields, String apiVersion, boolean applied) {
    this.fields = fields;
    this.apiVersion = apiVersion;
    this.applied = applied;
    this.entry = null;
  }

  private OwnedFields(ObjectValue entry, String apiVersion, boolean applied) {
    this.entry = entry;
    this.apiVersion = apiVersion;
    this.applied = applied;
  }

  static OwnedFields of(FieldSet fields, String apiVersion, boolean applied) {
    return new OwnedFields(fields, apiVersion, applied);
  }

  /// The fields of an entry of managedFields, not decoded yet.
  static OwnedFields stored(ObjectValue entry, String apiVersion, boolean applied) {
    return new OwnedFields(entry, apiVersion, applied);
  }

  /// @throws IllegalArgumentException when a stored entry cannot be decoded; what is below its first level, when used
  FieldSet fields() {
    FieldSet set = fields;
    if (set == null) {
      Value encoded = entry == null ? null : entry.get("fieldsV1");
      set = encoded == null ? FieldSet.EMPTY : FieldSet.ofStored(encoded);
      fields = set;
    }
    return set;
  }

  boolean isEmpty() {
    return fields == null && entry != null ? entry.object("fieldsV1").isEmpty() : fields().isEmpty();
  }

  OwnedFields with(FieldSet changed) {
    return changed == fields ? this : new OwnedFields(changed, apiVersion, applied);
  }

  String apiVersion() {
    return apiVersion;
  }

  boolean applied() {
    return applied;
  }

  /// The entry that these fields were read from, null when they have changed since.
  @Nullable ObjectValue entry() {
    return entry;
  }
}
