package io.thyra.aggregation;

import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;

/// How extension servers describe themselves. Immutable.
///
/// @param index the entries of `/openapi/v3` by the path below it, as the servers wrote them
/// @param documents the OpenAPI 2 documents, those of more important APIServices first: their `paths` and `definitions`
public record RemoteDocuments(Map<String, ObjectValue> index, List<ObjectValue> documents) {
  public static final RemoteDocuments NONE = new RemoteDocuments(Map.of(), List.of());

  public RemoteDocuments {
    index = Map.copyOf(index);
    documents = List.copyOf(documents);
  }
}
