package io.thyra.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.config.ConfigException;
import io.thyra.config.ServerConfig;
import io.thyra.registry.Registry;
import io.thyra.storage.StorageException;
import io.thyra.storage.etcd.EtcdOptions;
import io.thyra.storage.etcd.EtcdStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Opens the store in an etcd cluster.
final class EtcdStore {
  private EtcdStore() {}

  static ChosenStore open(
      ServerConfig.Store store, ServerConfig.Etcd etcd, Clock clock, PrometheusRegistry metrics, Supplier<Registry> registry) {
    etcd.caFile().ifPresent(file -> check("--etcd-cafile", file));
    etcd.certFile().ifPresent(file -> check("--etcd-certfile", file));
    etcd.keyFile().ifPresent(file -> check("--etcd-keyfile", file));
    EtcdOptions options =
        EtcdOptions.of(etcd.servers())
            .withPrefix(store.prefix())
            .withTls(etcd.caFile(), etcd.certFile().map(file -> new EtcdOptions.Identity(file, etcd.keyFile().orElseThrow())))
            .withCompaction(store.compactionInterval())
            .withLeaseReuse(etcd.leaseReuse());
    EtcdStorage storage = open(options, clock, new EtcdMetrics(metrics, registry));
    String place = etcd.servers().stream().map(Object::toString).collect(Collectors.joining(",", "etcd at ", " under " + store.prefix()));
    return new ChosenStore(storage, probe(storage, etcd.healthTimeout()), probe(storage, etcd.readyTimeout()), true, place, () -> {});
  }

  private static EtcdStorage open(EtcdOptions options, Clock clock, EtcdMetrics metrics) {
    try {
      return EtcdStorage.open(options, clock, metrics).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StorageException known ? known : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
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
