package io.thyra.admission;

import io.thyra.machinery.ResourceVersions;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The quotas of a namespace and what is used of them. Knows what it wrote itself before the cache does; that memory is
/// owned by this object and guarded by itself. Source: apiserver pkg/admission/plugin/resourcequota/resource_access.go.
final class QuotaLedger {
  // As many quotas as were just written are remembered.
  private static final int WRITTEN_MAX = 100;

  /// A quota and what will be used of it.
  record Entry(ObjectValue quota, ResourceAmounts used) {}

  private final Registry registry;
  private final Map<String, ObjectValue> written =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ObjectValue> eldest) {
          return size() > WRITTEN_MAX;
        }
      };

  QuotaLedger(Registry registry) {
    this.registry = registry;
  }

  /// The quotas as they are known, without waiting.
  List<ObjectValue> peek(String namespace) {
    return registry.peekAll(Resources.QUOTAS, namespace).stream().map(this::newest).toList();
  }

  /// The quotas as they are stored.
  List<ObjectValue> read(String namespace) {
    return registry.list(Resources.QUOTAS, namespace);
  }

  private ObjectValue newest(ObjectValue known) {
    String uid = Metadata.uid(known);
    synchronized (written) {
      @Nullable ObjectValue own = written.get(uid);
      if (own == null) {
        return known;
      }
      if (version(known) >= version(own)) {
        written.remove(uid);
        return known;
      }
      return own;
    }
  }

  private static long version(ObjectValue quota) {
    return ResourceVersions.ofObject(Metadata.resourceVersion(quota));
  }

  /// Writes what is used of a quota.
  ///
  /// @throws io.thyra.model.ApiException when the quota is not any more what the entry says
  void enter(Entry entry) {
    ObjectValue quota = entry.quota();
    String name = Metadata.name(quota);
    ObjectValue stored =
        registry.update(
            Registry.SYSTEM_ACTOR,
            Resources.QUOTAS,
            "status",
            Metadata.namespace(quota),
            name,
            live -> {
              if (!Metadata.resourceVersion(live).equals(Metadata.resourceVersion(quota))) {
                throw new Failure.Conflict(Resources.QUOTAS, name, Failure.Conflict.MODIFIED).toException();
              }
              return live.withAt(entry.used().toValue(), "status", "used");
            });
    synchronized (written) {
      written.put(Metadata.uid(stored), stored);
    }
  }
}
