package io.thyra.launcher;

import io.thyra.authorization.NodeGraph;
import io.thyra.authorization.RbacPolicy;
import io.thyra.cache.CachedObject;
import io.thyra.cache.Snapshot;
import io.thyra.flowcontrol.FlowSchemas;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Follower;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Keeps what every request is decided by in step with the store: roles and bindings, what
/// belongs to nodes, flow schemas. Each resource is
/// followed by a virtual thread of its own, which ends with the server.
final class PolicyFollower implements AutoCloseable {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String FLOW_CONTROL = "flowcontrol.apiserver.k8s.io";
  private static final GroupResource FLOW_SCHEMAS = new GroupResource(FLOW_CONTROL, "flowschemas");
  private static final GroupResource PRIORITY_LEVELS = new GroupResource(FLOW_CONTROL, "prioritylevelconfigurations");

  private record Name(String namespace, String name) {}

  private final Registry registry;
  private final List<Thread> threads = new ArrayList<>();

  PolicyFollower(Registry registry) {
    this.registry = registry;
  }

  void followRoles(RbacPolicy policy) {
    follow(new GroupResource(RBAC, "clusterroles"), policy::putClusterRole, (_, name) -> policy.removeClusterRole(name));
    follow(new GroupResource(RBAC, "roles"), policy::putRole, policy::removeRole);
    follow(new GroupResource(RBAC, "clusterrolebindings"), policy::putBinding, policy::removeBinding);
    follow(new GroupResource(RBAC, "rolebindings"), policy::putBinding, policy::removeBinding);
  }

  void followNodes(NodeGraph nodes) {
    follow(new GroupResource("", "pods"), nodes::putPod, nodes::removePod);
    follow(new GroupResource("", "persistentvolumes"), nodes::putVolume, (_, name) -> nodes.removeVolume(name));
    follow(new GroupResource("storage.k8s.io", "volumeattachments"), nodes::putAttachment, (_, name) -> nodes.removeAttachment(name));
    GroupResource slices = new GroupResource("resource.k8s.io", "resourceslices");
    if (registry.findStore(slices).isPresent()) {
      follow(slices, nodes::putResourceSlice, (_, name) -> nodes.removeResourceSlice(name));
    }
  }

  void followFlowSchemas(FlowSchemas schemas) {
    Runnable refresh = () -> schemas.update(registry.peekAll(FLOW_SCHEMAS, ""), registry.peekAll(PRIORITY_LEVELS, ""));
    follow(FLOW_SCHEMAS, _ -> refresh.run(), (_, _) -> refresh.run());
    follow(PRIORITY_LEVELS, _ -> refresh.run(), (_, _) -> refresh.run());
  }

  private void follow(GroupResource resource, Consumer<ObjectValue> put, BiConsumer<String, String> remove) {
    ResourceStore store = registry.findStore(resource).orElseThrow();
    var follower =
        new Follower(
            store.cache(),
            new Follower.Listener() {
              // Rights that were taken away while changes were missed must go as well.
              private final Map<String, Name> known = new HashMap<>();

              @Override
              public void onObject(CachedObject object) {
                known.computeIfAbsent(object.key(), _ -> new Name(object.namespace(), object.name()));
                put.accept(store.tree(object));
              }

              @Override
              public void onDeleted(CachedObject object) {
                known.remove(object.key());
                remove.accept(object.namespace(), object.name());
              }

              @Override
              public void onRelisted(Snapshot snapshot) {
                known
                    .entrySet()
                    .removeIf(
                        entry -> {
                          boolean gone = snapshot.find(entry.getKey()).isEmpty();
                          if (gone) {
                            remove.accept(entry.getValue().namespace(), entry.getValue().name());
                          }
                          return gone;
                        });
              }
            });
    threads.add(
        Thread.ofVirtual()
            .name("policy-" + resource)
            .start(
                () -> {
                  try {
                    follower.run();
                  } catch (InterruptedException _) {
                    // Closed.
                  }
                }));
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
