package io.thyra.model;

import java.util.List;
import java.util.Objects;

/// What an [Authorizer] is asked. For a request that is about no resource only user, verb and path count.
/// Source: apiserver pkg/authorization/authorizer/interfaces.go.
///
/// @param fieldSelector requirements of the field selector; empty when there is none or it does not parse
/// @param labelSelector requirements of the label selector; empty when there is none or it does not parse
public record AuthorizationAttributes(
    UserInfo user,
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path,
    boolean resourceRequest,
    List<Requirement> fieldSelector,
    List<Requirement> labelSelector) {
  /// One term of a selector in upstream's words: `In`, `NotIn`, `Exists`, `DoesNotExist`, `GreaterThan`, `LessThan`.
  public record Requirement(String key, String operator, List<String> values) {
    public Requirement {
      Objects.requireNonNull(key);
      Objects.requireNonNull(operator);
      values = List.copyOf(values);
    }
  }

  public AuthorizationAttributes {
    Objects.requireNonNull(user);
    Objects.requireNonNull(verb);
    Objects.requireNonNull(group);
    Objects.requireNonNull(version);
    Objects.requireNonNull(resource);
    Objects.requireNonNull(subresource);
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(name);
    Objects.requireNonNull(path);
    fieldSelector = List.copyOf(fieldSelector);
    labelSelector = List.copyOf(labelSelector);
  }

  /// The question that a request asks, without selectors.
  public static AuthorizationAttributes of(UserInfo user, RequestInfo info) {
    return of(user, info, List.of(), List.of());
  }

  public static AuthorizationAttributes of(
      UserInfo user, RequestInfo info, List<Requirement> fieldSelector, List<Requirement> labelSelector) {
    return new AuthorizationAttributes(
        user,
        info.verb(),
        info.group(),
        info.version(),
        info.resource(),
        info.subresource(),
        info.namespace(),
        info.name(),
        info.path(),
        info.resourceRequest(),
        fieldSelector,
        labelSelector);
  }

  /// A question about a resource that no request stands for.
  public static AuthorizationAttributes resource(
      UserInfo user, String verb, String group, String version, String resource, String subresource, String namespace, String name) {
    return new AuthorizationAttributes(
        user, verb, group, version, resource, subresource, namespace, name, "", true, List.of(), List.of());
  }

  /// A question about a path that is no resource.
  public static AuthorizationAttributes nonResource(UserInfo user, String verb, String path) {
    return new AuthorizationAttributes(user, verb, "", "", "", "", "", "", path, false, List.of(), List.of());
  }

  /// Whether the verb only reads: get, list, watch.
  public boolean readOnly() {
    return verb.equals("get") || verb.equals("list") || verb.equals("watch");
  }

  public GroupResource groupResource() {
    return new GroupResource(group, resource);
  }
}
