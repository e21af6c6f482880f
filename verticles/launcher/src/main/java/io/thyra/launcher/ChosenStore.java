package io.thyra.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.config.ServerConfig;
import io.thyra.registry.Registry;
import io.thyra.registry.Stores;
import io.thyra.storage.Storage;
import io.thyra.storage.rocksdb.RocksOptions;
import io.thyra.storage.rocksdb.RocksStorage;
import io.thyra.storage.rocksdb.SnapshotSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The store that the server was told to use, and what only its kind can tell.
///
/// @param stores where each resource is
/// @param backends all stores: the one of most resources first, then those that single resources are in
/// @param shared whether other servers use it too
/// @param place where the data is, for people
/// @param door by which the machine's administrator reaches the store; closed before it
record ChosenStore(Stores stores, List<Backend> backends, boolean shared, String place, AutoCloseable door) {
  /// @param health what is wrong with it, for `etcd` among the health checks; asked on a virtual thread, may wait
  /// @param readiness the same for `etcd-readiness`
  record Backend(Storage storage, Supplier<Optional<String>> health, Supplier<Optional<String>> readiness) {}

  /// Opens the cluster that the configuration names, or the store in the data folder. Blocks.
  ///
  /// @param registry the registry that will be made on it, for the names in metrics
  static ChosenStore open(ServerConfig config, Clock clock, PrometheusRegistry metrics, Supplier<Registry> registry) {
    Optional<ServerConfig.Etcd> etcd = config.store().etcd();
    if (etcd.isPresent()) {
      // A class of its own, so that nothing of it is loaded where there is no etcd.
      return EtcdStore.open(config.store(), etcd.get(), clock, metrics, registry);
    }
    Path folder = config.store().dataDir().resolve("store");
    RocksStorage storage = RocksStorage.open(folder, RocksOptions.DEFAULT, clock);
    Supplier<Optional<String>> failure = () -> storage.failure().map(Throwable::getMessage);
    return new ChosenStore(_ -> storage, List.of(new Backend(storage, failure, failure)), false, config.store().dataDir().toString(), SnapshotSocket.open(folder, storage));
  }
}
