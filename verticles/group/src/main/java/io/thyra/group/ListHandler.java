package io.thyra.group;

import io.thyra.machinery.FieldLabelConversion;
import io.thyra.machinery.ListOptions;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.SelectableFields;
import io.thyra.wire.ApiResponse;
import java.util.HashSet;

/// GET of a collection. Source: apiserver pkg/endpoints/handlers/get.go.
final class ListHandler implements VerbHandler {
  @Override
  public ApiResponse handle(ResourceRequest request) {
    return Answers.list(request, request.store().list(request.namespace(), options(request)));
  }

  static ListOptions options(ResourceRequest request) {
    String name = request.name();
    return ListOptions.parse(request.query(), fieldLabels(request), name.isEmpty() ? null : name);
  }

  /// The field labels that selectors of the request may name.
  private static FieldLabelConversion fieldLabels(ResourceRequest request) {
    ResourceDefinition definition = request.definition();
    if (definition.protobuf()) {
      return FieldLabelConversion.builtin(request.version().kind());
    }
    SelectableFields fields = definition.selectableFields();
    var labels = new HashSet<>(fields.values().keySet());
    labels.add("metadata.name");
    if (definition.namespaced()) {
      labels.add("metadata.namespace");
    }
    return new FieldLabelConversion(labels, fields.aliases(), fields.unknown());
  }
}
