package io.thyra.registry;

import io.thyra.machinery.FieldLabelConversion;
import java.util.HashSet;

/// The field labels that selectors may name for a resource in one of its versions.
public final class FieldLabels {
  private FieldLabels() {}

  public static FieldLabelConversion of(ResourceDefinition definition, VersionedType version) {
    if (definition.protobuf()) {
      return FieldLabelConversion.builtin(version.kind());
    }
    SelectableFields fields = definition.selectableFields();
    var labels =
        new HashSet<>(definition.findParts(version).map(ResourceDefinition.VersionParts::selectable).orElse(fields.values().keySet()));
    labels.add("metadata.name");
    if (definition.namespaced()) {
      labels.add("metadata.namespace");
    }
    return new FieldLabelConversion(labels, fields.aliases(), fields.unknown());
  }
}
