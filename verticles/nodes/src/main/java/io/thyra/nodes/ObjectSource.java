package io.thyra.nodes;

import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import java.util.Optional;

/// Objects as they are now. May wait.
@FunctionalInterface
interface ObjectSource {
  GroupResource PODS = new GroupResource("", "pods");
  GroupResource SERVICES = new GroupResource("", "services");
  GroupResource ENDPOINTS = new GroupResource("", "endpoints");
  GroupResource NODES = new GroupResource("", "nodes");

  Optional<ObjectValue> find(GroupResource resource, String namespace, String name);

  /// @param asked the resource of the request, which upstream names whatever is missing
  /// @throws io.thyra.model.ApiException 404
  default ObjectValue get(GroupResource resource, String namespace, String name, GroupResource asked) {
    return find(resource, namespace, name).orElseThrow(() -> new Failure.NotFound(asked, name).toException());
  }
}
