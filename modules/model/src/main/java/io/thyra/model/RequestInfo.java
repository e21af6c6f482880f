package io.thyra.model;

import java.util.Objects;

/// What a request's method and path mean, by the fixed grammar of Kubernetes paths. For a non-resource request only
/// `path` and `verb` (the lower-case method) are set. Source: apiserver pkg/endpoints/request/requestinfo.go.
///
/// @param verb get, list, watch, create, update, patch, delete, deletecollection, proxy; or the lower-case method
/// @param prefix `api` or `apis`
public record RequestInfo(
    boolean resourceRequest,
    String path,
    String verb,
    String prefix,
    String group,
    String version,
    String namespace,
    String resource,
    String subresource,
    String name) {
  public RequestInfo {
    Objects.requireNonNull(path);
    Objects.requireNonNull(verb);
    Objects.requireNonNull(prefix);
    Objects.requireNonNull(group);
    Objects.requireNonNull(version);
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(resource);
    Objects.requireNonNull(subresource);
    Objects.requireNonNull(name);
  }

  public static RequestInfo nonResource(String path, String verb) {
    return new RequestInfo(false, path, verb, "", "", "", "", "", "", "");
  }

  public GroupVersion groupVersion() {
    return new GroupVersion(group, version);
  }

  public GroupResource groupResource() {
    return new GroupResource(group, resource);
  }

  public GroupVersionResource groupVersionResource() {
    return new GroupVersionResource(group, version, resource);
  }
}
