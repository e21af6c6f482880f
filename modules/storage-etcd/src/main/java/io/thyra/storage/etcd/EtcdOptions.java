package io.thyra.storage.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where etcd is and how it is used.
///
/// @param servers one or more `http://host:port` or `https://host:port`, all of one scheme
/// @param prefix what every key begins with in etcd, in place of `/registry`
/// @param authority a file with the PEM certificates that the servers' are signed by; empty for the JVM's
/// @param identity the files of the PEM certificate and key that are shown to the servers
/// @param compactionInterval how often old revisions are forgotten; zero for never
/// @param callTimeout how long one call may take
/// @param patience how long a read, or a write that surely was not done, is tried again
/// @param leaseReuse how much longer than asked a key may live so that it can share a lease
/// @param watchdogInterval how often a quiet watch stream is asked for a sign of life; after three without any it is dead
/// @param callsMax calls that may wait for an answer; more are refused
public record EtcdOptions(
    List<URI> servers,
    String prefix,
    Optional<Path> authority,
    Optional<Identity> identity,
    Duration compactionInterval,
    Duration callTimeout,
    Duration patience,
    Duration leaseReuse,
    Duration watchdogInterval,
    int callsMax) {
  /// A PEM certificate and its key.
  public record Identity(Path certificate, Path key) {}

  public EtcdOptions {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no etcd server is given");
    }
    prefix = prefix.startsWith("/") ? prefix : "/" + prefix;
  }

  /// The defaults of the real server where it has them.
  public static EtcdOptions of(List<URI> servers) {
    return new EtcdOptions(
        servers,
        "/registry",
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        4_096);
  }

  public EtcdOptions withPrefix(String prefix) {
    return new EtcdOptions(
        servers, prefix, authority, identity, compactionInterval, callTimeout, patience, leaseReuse, watchdogInterval, callsMax);
  }

  public EtcdOptions withTls(Optional<Path> authority, Optional<Identity> identity) {
    return new EtcdOptions(
        servers, prefix, authority, identity, compactionInterval, callTimeout, patience, leaseReuse, watchdogInterval, callsMax);
  }

  public EtcdOptions withCompaction(Duration interval) {
    return new EtcdOptions(
        servers, prefix, authority, identity, interval, callTimeout, patience, leaseReuse, watchdogInterval, callsMax);
  }

  public EtcdOptions withLeaseReuse(Duration reuse) {
    return new EtcdOptions(
        servers, prefix, authority, identity, compactionInterval, callTimeout, patience, reuse, watchdogInterval, callsMax);
  }

  EtcdOptions withTimes(Duration callTimeout, Duration patience, Duration watchdogInterval) {
    return new EtcdOptions(
        servers, prefix, authority, identity, compactionInterval, callTimeout, patience, leaseReuse, watchdogInterval, callsMax);
  }

  EtcdOptions withCallsMax(int max) {
    return new EtcdOptions(
        servers, prefix, authority, identity, compactionInterval, callTimeout, patience, leaseReuse, watchdogInterval, max);
  }
}
