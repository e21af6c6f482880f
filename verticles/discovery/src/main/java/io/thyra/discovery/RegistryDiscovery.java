package io.thyra.discovery;

import io.thyra.machinery.Versions;
import io.thyra.model.GroupVersion;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.schema.ResourceSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// What the registry serves, and what extension servers were heard to serve. Safe for all threads.
public final class RegistryDiscovery implements DiscoverySource {
  /// @param number counts the changes
  private record Remote(List<RemoteGroupVersion> groupVersions, long number) {}

  // Nobody can be more important than the group in which importance is declared.
  private static final ApiServicePriorities.Priority REGISTRATION = new ApiServicePriorities.Priority(20_000, 10);
  private static final String REGISTRATION_GROUP = "apiregistration.k8s.io";

  private final Registry registry;
  private final RuntimeConfig runtimeConfig;
  private final AtomicReference<Remote> remote = new AtomicReference<>(new Remote(List.of(), 0));

  public RegistryDiscovery(Registry registry, RuntimeConfig runtimeConfig) {
    this.registry = registry;
    this.runtimeConfig = runtimeConfig;
  }

  /// Lists group versions of extension servers from now on, instead of those told before. They take the place of group
  /// versions of the registry.
  public void aggregated(List<RemoteGroupVersion> groupVersions) {
    List<RemoteGroupVersion> told = List.copyOf(groupVersions);
    remote.updateAndGet(old -> old.groupVersions.equals(told) ? old : new Remote(told, old.number + 1));
  }

  @Override
  public long revision() {
    return registry.generation() + remote.get().number;
  }

  @Override
  public List<ServedGroupVersion> groupVersions() {
    var served = new LinkedHashMap<GroupVersion, ServedGroupVersion>();
    for (RemoteGroupVersion each : remote.get().groupVersions) {
      served.put(
          each.groupVersion(),
          new ServedGroupVersion(
              each.groupVersion(), each.priority(), List.of(), each.resources(), each.stale(), ServedGroupVersion.Origin.REMOTE));
    }
    local().forEach(served::putIfAbsent);
    return ordered(served.values());
  }

  private Map<GroupVersion, ServedGroupVersion> local() {
    var resources = new HashMap<GroupVersion, List<ServedResource>>();
    Set<GroupVersion> custom = new HashSet<>();
    for (ResourceStore store : registry.stores()) {
      ResourceDefinition definition = store.definition();
      for (ResourceSchema schema : definition.schemas()) {
        if (definition.protobuf() && !runtimeConfig.serves(schema)) {
          continue;
        }
        GroupVersion groupVersion = new GroupVersion(schema.resource().group(), schema.resource().version());
        resources.computeIfAbsent(groupVersion, _ -> new ArrayList<>()).add(served(definition, schema));
        if (!definition.protobuf()) {
          custom.add(groupVersion);
        }
      }
    }
    var local = new HashMap<GroupVersion, ServedGroupVersion>();
    resources.forEach(
        (groupVersion, list) -> {
          list.sort(Comparator.comparing(each -> each.schema().resource().resource()));
          var priority =
              groupVersion.group().equals(REGISTRATION_GROUP) ? REGISTRATION : ApiServicePriorities.builtin().of(groupVersion);
          var origin = custom.contains(groupVersion) ? ServedGroupVersion.Origin.CUSTOM : ServedGroupVersion.Origin.BUILTIN;
          local.put(groupVersion, new ServedGroupVersion(groupVersion, priority, list, false, origin));
        });
    return local;
  }

  private static List<ServedGroupVersion> ordered(Collection<ServedGroupVersion> all) {
    var groups = new HashMap<String, Integer>();
    for (ServedGroupVersion each : all) {
      groups.merge(each.groupVersion().group(), each.priority().group(), Math::max);
    }
    var ordered = new ArrayList<>(all);
    ordered.sort(
        Comparator.<ServedGroupVersion>comparingInt(each -> -groups.get(each.groupVersion().group()))
            .thenComparing(each -> each.groupVersion().group())
            .thenComparingInt(each -> -each.priority().version())
            .thenComparing(each -> each.groupVersion().version(), Versions.PREFERRED_FIRST));
    return List.copyOf(ordered);
  }

  private static ServedResource served(ResourceDefinition definition, ResourceSchema schema) {
    return new ServedResource(schema, hash(definition, schema), definition.deletion().answersWithObject() && definition.stagedDeletion().isEmpty());
  }

  /// Of the version in which objects are stored; empty for what never is.
  /// Source: apiserver pkg/endpoints/discovery/storageversionhash.go.
  private static String hash(ResourceDefinition definition, ResourceSchema schema) {
    boolean stored = schema.verbs().contains("list") && definition.computed().isEmpty();
    if (!stored) {
      return "";
    }
    // Upstream stores definitions of resources in the version that no server serves any more.
    String version = definition.hub().kind().equals("CustomResourceDefinition") ? "v1beta1" : definition.hub().version();
    return storageVersionHash(definition.hub().group(), version, definition.hub().kind());
  }

  static String storageVersionHash(String group, String version, String kind) {
    try {
      byte[] text = (group + "/" + version + "/" + kind).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
