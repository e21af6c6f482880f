package io.thyra.controllers;

import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Actor;
import io.thyra.registry.Registry;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Tells in each FlowSchema's condition `Dangling` whether the priority level that it names exists.
/// Source: apiserver pkg/util/flowcontrol/apf_controller.go.
final class FlowSchemaStatus extends Loop {
  private static final String GROUP = "flowcontrol.apiserver.k8s.io";
  private static final GroupResource SCHEMAS = new GroupResource(GROUP, "flowschemas");
  private static final GroupResource LEVELS = new GroupResource(GROUP, "prioritylevelconfigurations");

  private final Registry registry;
  private final Actor actor = new Actor(Registry.SYSTEM, "api-priority-and-fairness-config-consumer-v1");

  FlowSchemaStatus(Registry registry) {
    super("flow-schema-status");
    this.registry = registry;
  }

  @Override
  void follow() {
    follow(registry.findStore(SCHEMAS).orElseThrow().cache(), object -> queue.add(object.name()), _ -> {});
    follow(registry.findStore(LEVELS).orElseThrow().cache(), object -> queueThoseOf(object.name()), object -> queueThoseOf(object.name()));
  }

  private void queueThoseOf(String level) {
    for (ObjectValue schema : registry.peekAll(SCHEMAS, "")) {
      if (levelOf(schema).equals(level)) {
        queue.add(schema.string("metadata", "name"));
      }
    }
  }

  private static String levelOf(ObjectValue schema) {
    return schema.string("spec", "priorityLevelConfiguration", "name");
  }

  @Override
  void reconcile(String name) {
    Optional<ObjectValue> schema = registry.peek(SCHEMAS, "", name);
    if (schema.isEmpty()) {
      return;
    }
    String level = levelOf(schema.get());
    boolean dangling = registry.peek(LEVELS, "", level).isEmpty();
    String status = dangling ? "True" : "False";
    String message =
        "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + (dangling ? "\" but there is no such object" : "\" and it exists");
    ObjectValue known = find(schema.get().list("status", "conditions"));
    if (known.string("status").equals(status) && known.string("message").equals(message)) {
      return;
    }
    ObjectValue condition =
        ObjectValue.builder()
            .put("type", "Dangling")
            .put("status", status)
            .put("lastTransitionTime", registry.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("reason", dangling ? "NotFound" : "Found")
            .put("message", message)
            .build();
    ObjectValue config =
        ObjectValue.builder()
            .put("apiVersion", GROUP + "/v1")
            .put("kind", "FlowSchema")
            .put("metadata", ObjectValue.builder().put("name", name).build())
            .put("status", ObjectValue.of("conditions", ListValue.of(condition)))
            .build();
    registry.apply(actor, SCHEMAS, "status", "", name, config);
  }

  private static ObjectValue find(ListValue conditions) {
    return conditions.objects().stream().filter(c -> c.string("type").equals("Dangling")).findFirst().orElse(ObjectValue.EMPTY);
  }
}
