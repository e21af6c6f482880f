package io.thyra.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.config.ConfigException;
import io.thyra.config.ServerConfig;
import io.thyra.model.GroupResource;
import io.thyra.registry.Registry;
import io.thyra.schema.Schemas;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageException;
import io.thyra.storage.etcd.EtcdOptions;
import io.thyra.storage.etcd.EtcdStorage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Opens the store in an etcd cluster.
final class EtcdStore {
  /// The groups of built-in resources, but for those of the servers for extensions.
  private static final Set<String> OVERRIDABLE =
      Schemas.builtin().resources().stream()
          .map(schema -> schema.resource().group())
          .filter(group -> !group.equals("apiextensions.k8s.io") && !group.equals("apiregistration.k8s.io"))
          .collect(Collectors.toUnmodifiableSet());

  private EtcdStore() {}

  static ChosenStore open(
      ServerConfig.Store store, ServerConfig.Etcd etcd, Clock clock, PrometheusRegistry metrics, Supplier<Registry> registry) {
    etcd.caFile().ifPresent(file -> check("--etcd-cafile", file));
    etcd.certFile().ifPresent(file -> check("--etcd-certfile", file));
    etcd.keyFile().ifPresent(file -> check("--etcd-keyfile", file));
    EtcdMetrics observer = new EtcdMetrics(metrics, registry);
    List<ChosenStore.Backend> backends = new ArrayList<>();
    try {
      Storage main = open(etcd.servers(), store, etcd, clock, observer, backends);
      // Servers that are named in another order are the same.
      Map<List<URI>, Storage> others = new HashMap<>();
      Map<GroupResource, Storage> overrides = new HashMap<>();
      for (ServerConfig.EtcdOverride override : etcd.overrides()) {
        List<URI> sorted = override.servers().stream().sorted().toList();
        Storage other = others.get(sorted);
        if (other == null) {
          other = open(override.servers(), store, etcd, clock, observer, backends);
          others.put(sorted, other);
        }
        overrides.put(new GroupResource(override.group(), override.resource()), other);
      }
      String place = etcd.servers().stream().map(Object::toString).collect(Collectors.joining(",", "etcd at ", " under " + store.prefix()));
      return new ChosenStore(resource -> choose(resource, main, overrides), backends, true, place, () -> {});
    } catch (StorageException e) {
      backends.forEach(backend -> backend.storage().close());
      throw e;
    }
  }

  /// Upstream knows no overrides for what its other two servers store. Source: apiserver
  /// pkg/server/storage/storage_factory.go, apiextensions-apiserver pkg/cmd/server/options/options.go.
  private static Storage choose(GroupResource resource, Storage main, Map<GroupResource, Storage> overrides) {
    if (overrides.isEmpty() || !OVERRIDABLE.contains(resource.group())) {
      return main;
    }
    Storage group = overrides.getOrDefault(new GroupResource(resource.group(), "*"), main);
    return overrides.getOrDefault(resource, group);
  }

  private static Storage open(
      List<URI> servers,
      ServerConfig.Store store,
      ServerConfig.Etcd etcd,
      Clock clock,
      EtcdMetrics observer,
      List<ChosenStore.Backend> backends) {
    EtcdOptions options =
        EtcdOptions.of(servers)
            .withPrefix(store.prefix())
            .withTls(etcd.caFile(), etcd.certFile().map(file -> new EtcdOptions.Identity(file, etcd.keyFile().orElseThrow())))
            .withCompaction(store.compactionInterval())
            .withLeaseReuse(etcd.leaseReuse());
    EtcdStorage storage = StoreSource.await(EtcdStorage.open(options, clock, observer));
    backends.add(new ChosenStore.Backend(storage, probe(storage, etcd.healthTimeout()), probe(storage, etcd.readyTimeout())));
    return storage;
  }

  private static void check(String flag, Path file) {
    if (!Files.isReadable(file)) {
      throw new ConfigException(flag + ": cannot read " + file);
    }
  }

  private static Supplier<Optional<String>> probe(EtcdStorage storage, Duration timeout) {
    return () -> {
      try {
        storage.probe(timeout).await();
        return Optional.empty();
      } catch (StorageException e) {
        return Optional.of("error getting data from etcd: " + e.getMessage());
      }
    };
  }
}
