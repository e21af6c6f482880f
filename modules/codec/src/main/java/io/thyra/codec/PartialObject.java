package io.thyra.codec;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;

/// PartialObjectMetadata and its list: objects reduced to their metadata.
/// Source: apimachinery pkg/apis/meta/v1/types.go; apiserver pkg/endpoints/handlers/response.go.
public final class PartialObject {
  private PartialObject() {}

  /// @param version of meta.k8s.io: v1 or v1beta1
  public static ObjectValue of(ObjectValue object, String version) {
    return ObjectValue.builder(3)
        .put("kind", "PartialObjectMetadata")
        .put("apiVersion", "meta.k8s.io/" + version)
        .put("metadata", object.object("metadata"))
        .build();
  }

  /// A list of objects reduced; without items it prints `items: null`.
  public static ObjectValue listOf(ListHead head, List<ObjectValue> objects, String version) {
    Value items = objects.isEmpty()
        ? NullValue.NULL
        : new ListValue(objects.stream().<Value>map(object -> of(object, version)).toList());
    return ObjectValue.builder(4)
        .put("kind", "PartialObjectMetadataList")
        .put("apiVersion", "meta.k8s.io/" + version)
        .put("metadata", Table.metadata(head))
        .put("items", items)
        .build();
  }
}
