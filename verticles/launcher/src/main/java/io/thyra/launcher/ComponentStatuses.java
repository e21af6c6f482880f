package io.thyra.launcher;

import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import java.util.List;

/// The deprecated ComponentStatus objects. Thyra knows its own store; schedulers and controller managers do not listen here.
final class ComponentStatuses {
  private ComponentStatuses() {}

  static List<ObjectValue> of(Registry registry) {
    String store = registry.storage(new GroupResource("", "componentstatuses")).revision() > 0 ? "ok" : "";
    return List.of(
        component("scheduler", false, "Get \"https://127.0.0.1:10259/healthz\": dial tcp 127.0.0.1:10259: connect: connection refused"),
        component("controller-manager", false, "Get \"https://127.0.0.1:10257/healthz\": dial tcp 127.0.0.1:10257: connect: connection refused"),
        component("etcd-0", true, store));
  }

  private static ObjectValue component(String name, boolean healthy, String message) {
    var condition =
        ObjectValue.builder().put("type", "Healthy").put("status", healthy ? "True" : "False").put("message", message);
    return ObjectValue.builder()
        .put("kind", "ComponentStatus")
        .put("apiVersion", "v1")
        .put("metadata", ObjectValue.builder().put("name", name).build())
        .put("conditions", ListValue.of(condition.build()))
        .build();
  }
}
