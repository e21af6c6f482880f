package io.thyra.authorization;

import io.thyra.model.ObjectValue;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which node has to do with which object. Upstream walks a graph from the object to the node; here the way from an object
/// over a pod to its node is kept as one counted link, so that a decision is a look-up however many pods share an object.
/// Only volumes are joined when asked, since what they are bound to changes apart from pods:
///
///     node <- pod <- secret, configmap, serviceaccount, persistentvolumeclaim, resourceclaim
///     node <- volumeattachment, resourceslice
///     persistentvolumeclaim <- persistentvolume <- secret
///
/// Grows with the references of bound pods, each counted once a pod and node. Written by whoever follows the resources, one
/// thread at a time for each object, and read by all threads.
/// Source: kubernetes plugin/pkg/auth/authorizer/node/graph.go, graph_populator.go.
public final class NodeGraph {
  enum Type {
    CONFIG_MAP,
    RESOURCE_SLICE,
    POD,
    CLAIM,
    VOLUME,
    RESOURCE_CLAIM,
    SECRET,
    ATTACHMENT,
    SERVICE_ACCOUNT
  }

  /// An object, as requests name it.
  record Vertex(Type type, String namespace, String name) {}

  private record Link(Vertex from, String node) {}

  /// What an object links to its node, to be undone when it changes or goes.
  private record Source(String node, Set<Vertex> linked) {}

  private record Volume(Vertex claim, Set<Vertex> secrets) {}

  private final Map<Link, Integer> links = new ConcurrentHashMap<>();
  private final Map<Vertex, Source> sources = new ConcurrentHashMap<>();
  private final Map<String, Volume> volumes = new ConcurrentHashMap<>();
  // The volumes that name a secret.
  private final Map<Vertex, Set<String>> volumesOfSecrets = new ConcurrentHashMap<>();

  /// Enters a pod as it is now.
  public void putPod(ObjectValue pod) {
    String node = pod.string("spec", "nodeName");
    if (!node.isEmpty()) {
      put(vertex(Type.POD, pod), new Source(node, PodReferences.ofPod(pod)));
    }
  }

  public void removePod(String namespace, String name) {
    put(new Vertex(Type.POD, namespace, name), null);
  }

  public void putAttachment(ObjectValue attachment) {
    putOwned(Type.ATTACHMENT, attachment);
  }

  public void removeAttachment(String name) {
    put(new Vertex(Type.ATTACHMENT, "", name), null);
  }

  public void putResourceSlice(ObjectValue slice) {
    putOwned(Type.RESOURCE_SLICE, slice);
  }

  public void removeResourceSlice(String name) {
    put(new Vertex(Type.RESOURCE_SLICE, "", name), null);
  }

  /// An object that belongs to the node which its spec names.
  private void putOwned(Type type, ObjectValue object) {
    Vertex vertex = vertex(type, object);
    String node = object.string("spec", "nodeName");
    put(vertex, node.isEmpty() ? null : new Source(node, Set.of(vertex)));
  }

  private static Vertex vertex(Type type, ObjectValue object) {
    return new Vertex(type, object.string("metadata", "namespace"), object.string("metadata", "name"));
  }

  private void put(Vertex vertex, @Nullable Source next) {
    Source last = next == null ? sources.remove(vertex) : sources.put(vertex, next);
    if (next != null && next.equals(last)) {
      return;
    }
    // The new links before the old ones go, so that nothing that stays is missing in between.
    if (next != null) {
      next.linked().forEach(linked -> links.merge(new Link(linked, next.node()), 1, Integer::sum));
    }
    if (last != null) {
      last.linked().forEach(linked -> links.computeIfPresent(new Link(linked, last.node()), (_, count) -> count == 1 ? null : count - 1));
    }
  }

  /// Enters a volume with the claim that it is bound to.
  public void putVolume(ObjectValue volume) {
    String name = volume.string("metadata", "name");
    if (!(volume.at("spec", "claimRef") instanceof ObjectValue claim)) {
      removeVolume(name);
      return;
    }
    var next = new Volume(new Vertex(Type.CLAIM, claim.string("namespace"), claim.string("name")), PodReferences.secretsOfVolume(volume));
    Volume last = volumes.put(name, next);
    if (!next.equals(last)) {
      dropSecrets(name, last);
      next.secrets().forEach(secret -> volumesOfSecrets.computeIfAbsent(secret, _ -> ConcurrentHashMap.newKeySet()).add(name));
    }
  }

  public void removeVolume(String name) {
    dropSecrets(name, volumes.remove(name));
  }

  private void dropSecrets(String name, @Nullable Volume volume) {
    if (volume == null) {
      return;
    }
    for (Vertex secret : volume.secrets()) {
      volumesOfSecrets.computeIfPresent(
          secret,
          (_, names) -> {
            names.remove(name);
            return names.isEmpty() ? null : names;
          });
    }
  }

  /// Whether a node has to do with an object.
  boolean reaches(Vertex object, String node) {
    if (links.containsKey(new Link(object, node))) {
      return true;
    }
    return switch (object.type()) {
      case VOLUME -> object.namespace().isEmpty() && volumeReaches(object.name(), node);
      case SECRET -> volumesOfSecrets.getOrDefault(object, Set.of()).stream().anyMatch(name -> volumeReaches(name, node));
      case CONFIG_MAP, RESOURCE_SLICE, POD, CLAIM, RESOURCE_CLAIM, ATTACHMENT, SERVICE_ACCOUNT -> false;
    };
  }

  private boolean volumeReaches(String name, String node) {
    Volume volume = volumes.get(name);
    return volume != null && links.containsKey(new Link(volume.claim(), node));
  }
}
