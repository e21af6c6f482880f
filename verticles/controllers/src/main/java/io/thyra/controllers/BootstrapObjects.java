package io.thyra.controllers;

import io.thyra.codec.JsonReader;
import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.registry.Actor;
import io.thyra.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The PriorityClasses and the flow-control objects that every server makes at start-up, read from `bootstrap-objects.jsonl`
/// beside this class. A flow-control object is brought back to its spec while its annotation says that it may be.
/// Source: kubernetes pkg/registry/{scheduling,flowcontrol}/rest.
final class BootstrapObjects {
  private static final Map<String, GroupResource> RESOURCES =
      Map.of(
          "PriorityClass", new GroupResource("scheduling.k8s.io", "priorityclasses"),
          "PriorityLevelConfiguration", new GroupResource("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations"),
          "FlowSchema", new GroupResource("flowcontrol.apiserver.k8s.io", "flowschemas"));
  private static final String AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";

  private final Registry registry;
  private final Actor flowControl;

  BootstrapObjects(Registry registry, UserInfo user) {
    this.registry = registry;
    this.flowControl = new Actor(user, "api-priority-and-fairness-config-producer-v1");
  }

  void reconcile() {
    read().forEach(this::reconcile);
  }

  private static List<ObjectValue> read() {
    try (InputStream in = Objects.requireNonNull(BootstrapObjects.class.getResourceAsStream("bootstrap-objects.jsonl"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> (ObjectValue) JsonReader.read(line))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void reconcile(ObjectValue wanted) {
    GroupResource resource = RESOURCES.get(wanted.string("kind"));
    String name = wanted.string("metadata", "name");
    Optional<ObjectValue> live = registry.find(resource, "", name);
    if (live.isEmpty()) {
      create(resource, wanted);
    } else if (wanted.has("spec") && restorable(live.get()) && !live.get().object("spec").equals(wanted.object("spec"))) {
      registry.update(
          flowControl,
          resource,
          "",
          "",
          name,
          current -> restorable(current) ? current.with("spec", wanted.object("spec")) : current);
    }
  }

  private void create(GroupResource resource, ObjectValue wanted) {
    try {
      if (wanted.has("spec")) {
        registry.create(flowControl, resource, wanted);
      } else {
        registry.create(Registry.SYSTEM, resource, wanted);
      }
    } catch (ApiException e) {
      if (!e.status().reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }

  private static boolean restorable(ObjectValue live) {
    String says = live.string("metadata", "annotations", AUTO_UPDATE);
    return says.isEmpty() ? live.integer(1, "metadata", "generation") == 1 : says.equals("true");
  }
}
