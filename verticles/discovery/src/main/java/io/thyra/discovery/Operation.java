package io.thyra.discovery;

import io.thyra.model.GroupVersionKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One operation of an API as OpenAPI describes it, whatever the version of OpenAPI.
///
/// @param method in lower case
/// @param body the OpenAPI name of the type of the body, null where there is none
/// @param bodyRequired whether the body must be there
/// @param action `x-kubernetes-action`, empty for none
/// @param kind `x-kubernetes-group-version-kind`, null for none
public record Operation(
    String method,
    String id,
    String tag,
    String description,
    List<Parameter> parameters,
    @Nullable String body,
    boolean bodyRequired,
    List<String> consumes,
    List<String> produces,
    List<Response> responses,
    String action,
    @Nullable GroupVersionKind kind) {
  public Operation {
    parameters = List.copyOf(parameters);
    consumes = List.copyOf(consumes);
    produces = List.copyOf(produces);
    responses = List.copyOf(responses);
  }

  /// @param in `path` or `query`
  /// @param type string, integer or boolean
  public record Parameter(String name, String in, String type, String description) {}

  /// @param type the OpenAPI name of the type that is answered, empty for a text
  public record Response(int code, String description, String type) {}
}
