package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.storage.etcd.EtcdOptions;
import io.thyra.storage.rocksdb.RocksFiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a store is, as the command line names it.
sealed interface StorePlace {
  /// An embedded store's folder, of which nothing may be there yet.
  record Folder(Path path) implements StorePlace {
    @Override
    public StoreSource open(StoreProgress progress, boolean running) {
      if (!running && RocksFiles.exist(path) && RocksFiles.inUse(path)) {
        throw new ConfigException(
            "the store at " + path + " is in use: stop its server, or copy a snapshot of it, which lacks what is written later");
      }
      return StoreSource.ofFolder(path, progress);
    }
  }

  /// An etcd cluster.
  record Cluster(EtcdOptions options) implements StorePlace {
    @Override
    public StoreSource open(StoreProgress progress, boolean running) {
      return StoreSource.ofCluster(options);
    }
  }

  /// Opens it for reading.
  ///
  /// @param running whether it may belong to a running server; then what it holds now is read
  StoreSource open(StoreProgress progress, boolean running);

  /// @param flags those of etcd
  static StorePlace parse(String text, Map<String, String> flags) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      return new Cluster(options(text, flags));
    }
    Path folder = Path.of(text).toAbsolutePath().normalize();
    // A snapshot is a store's folder by itself; a server has it in its data folder.
    boolean snapshot = RocksFiles.exist(folder) && !Files.isDirectory(folder.resolve("store"));
    return new Folder(snapshot ? folder : folder.resolve("store"));
  }

  private static EtcdOptions options(String text, Map<String, String> flags) {
    List<URI> servers = new ArrayList<>();
    for (String server : text.split(",")) {
      try {
        URI uri = URI.create(server);
        if (uri.getHost() == null || uri.getPort() < 0) {
          throw new IllegalArgumentException(server);
        }
        servers.add(uri);
      } catch (IllegalArgumentException _) {
        throw new ConfigException("\"" + server + "\" is not like http://host:port or https://host:port");
      }
    }
    Optional<Path> certificate = file(flags, "etcd-certfile");
    Optional<Path> key = file(flags, "etcd-keyfile");
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigException("--etcd-certfile and --etcd-keyfile must be set together");
    }
    return EtcdOptions.of(servers)
        .withPrefix(flags.getOrDefault("etcd-prefix", "/registry"))
        .withTls(file(flags, "etcd-cafile"), certificate.map(shown -> new EtcdOptions.Identity(shown, key.orElseThrow())))
        // Whoever serves from there compacts it.
        .withCompaction(Duration.ZERO);
  }

  private static Optional<Path> file(Map<String, String> flags, String name) {
    Optional<Path> file = Optional.ofNullable(flags.get(name)).map(Path::of);
    file.filter(path -> !Files.isReadable(path))
        .ifPresent(
            path -> {
              throw new ConfigException("--" + name + ": cannot read " + path);
            });
    return file;
  }
}
