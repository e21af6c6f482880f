package io.thyra.discovery;

import io.thyra.discovery.Operation.Response;
import java.util.List;
import java.util.Map;

/// The operations that belong to no group version: lists of versions, the version, keys.
/// Source: apiserver pkg/endpoints/discovery, pkg/server/routes; kubernetes pkg/routes.
final class RootOperations {
  private static final List<String> TYPES = ResourceOperations.TYPES;
  private static final String META = ResourceOperations.META;

  /// The documents that exist whatever is served.
  static final Map<String, Operation> PATHS =
      Map.of(
          "api", get("getCoreAPIVersions", "core", "get available API versions", TYPES, TYPES, META + "APIVersions"),
          "apis", get("getAPIVersions", "apis", "get available API versions", TYPES, TYPES, META + "APIGroupList"),
          "version",
              get("getCodeVersion", "version", "get the version information for this server", List.of("application/json"),
                  List.of("application/json"), Definitions.VERSION_INFO),
          ".well-known/openid-configuration",
              get("getServiceAccountIssuerOpenIDConfiguration", "WellKnown",
                  "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'", List.of(),
                  List.of("application/json"), ""),
          "openid/v1/jwks",
              get("getServiceAccountIssuerOpenIDKeyset", "openid",
                  "get service account issuer OpenID JSON Web Key Set (contains public token verification keys)", List.of(),
                  List.of("application/jwk-set+json"), ""));

  private RootOperations() {}

  /// @param document one of [#PATHS] or that of a group, `apis/GROUP`
  static Map<String, List<Operation>> of(String document) {
    Operation fixed = PATHS.get(document);
    if (fixed != null) {
      return Map.of("/" + document + "/", List.of(fixed));
    }
    String group = ResourceOperations.groupName(document.substring("apis/".length()));
    String id = "get" + ResourceOperations.word(group, true) + "APIGroup";
    return Map.of(
        "/" + document + "/",
        List.of(get(id, ResourceOperations.word(group, false), "get information of a group", TYPES, TYPES, META + "APIGroup")));
  }

  private static Operation get(
      String id, String tag, String description, List<String> consumes, List<String> produces, String type) {
    return new Operation("get", id, tag, description, List.of(), null, false, consumes, produces,
        List.of(new Response(200, "OK", type)), "", null);
  }
}
