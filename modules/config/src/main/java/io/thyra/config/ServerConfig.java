package io.thyra.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that the command line and the default configuration say, checked. File contents are read by whoever needs
/// them; what is here was seen to be readable when the server started.
///
/// @param defaulted whether the default configuration file was used: no flag was given beside Thyra's own, `--secure-port`
///     and `--bind-address`. The server then mints its own PKI.
/// @param apis `--runtime-config`: group/version[/resource], api/all, api/ga, api/beta, api/alpha to true or false
/// @param features the feature gates that are on beside those that are on by default
/// @param controllers the loops to run, `*` for all
/// @param warnings one line for each flag that is accepted without effect
/// @param flags every flag with its value in effect, as Go prints it
public record ServerConfig(
    boolean defaulted,
    Serving serving,
    Requests requests,
    Shutdown shutdown,
    Store store,
    Authentication authentication,
    List<String> authorizationModes,
    AdmissionPlugins admission,
    Network network,
    Aggregation aggregation,
    Kubelets kubelets,
    Map<String, String> apis,
    Set<String> features,
    Duration eventTimeToLive,
    boolean allowPrivileged,
    boolean priorityAndFairness,
    List<String> controllers,
    int verbosity,
    List<String> warnings,
    Filters filters,
    Audit audit,
    Map<String, String> flags) {
  /// Where and how to listen. Without a certificate file the pair is made and kept in `certDir`.
  public record Serving(
      String bindAddress,
      int port,
      Optional<Path> certFile,
      Optional<Path> keyFile,
      Path certDir,
      boolean http2,
      int http2StreamsMax,
      String tlsMinVersion,
      List<String> cipherSuites,
      boolean permitPortSharing,
      boolean permitAddressSharing,
      Optional<String> externalHostname) {}

  /// Limits of requests; 0 in flight is no limit.
  public record Requests(int inFlightMax, int mutatingInFlightMax, Duration timeout, Duration watchTimeoutMin, int deleteCollectionWorkers) {}

  /// How the server stops.
  public record Shutdown(Duration delay, Duration watchGracePeriod, Duration livezGracePeriod) {}

  /// The store. `compactionInterval` of zero never compacts.
  public record Store(Path dataDir, String prefix, Duration compactionInterval, boolean garbageCollector, Optional<Etcd> etcd) {}

  /// The cluster that is stored in.
  ///
  /// @param servers `http` or `https` addresses with a host and a port, all of one scheme; one or more
  /// @param caFile what the servers' certificates are verified with; empty for the JVM's authorities
  /// @param certFile what the servers know this one by; there if and only if `keyFile` is
  /// @param leaseReuse how much longer than asked a key may live so that it shares a lease
  /// @param overrides where single resources are stored instead; the last one for a resource counts
  public record Etcd(
      List<URI> servers,
      Optional<Path> caFile,
      Optional<Path> certFile,
      Optional<Path> keyFile,
      Duration leaseReuse,
      Duration healthTimeout,
      Duration readyTimeout,
      List<EtcdOverride> overrides) {}

  /// The cluster that a resource is stored in.
  ///
  /// @param resource its name, or `*` for all of the group that have no override of their own
  /// @param servers as in [Etcd]
  public record EtcdOverride(String group, String resource, List<URI> servers) {}

  public record Authentication(
      boolean anonymous,
      Optional<Path> clientCaFile,
      Optional<Path> tokenFile,
      Optional<RequestHeader> requestHeader,
      ServiceAccounts serviceAccounts,
      List<String> apiAudiences) {}

  /// Front proxies and the headers they may set.
  public record RequestHeader(
      Path clientCaFile,
      List<String> allowedNames,
      List<String> usernameHeaders,
      List<String> uidHeaders,
      List<String> groupHeaders,
      List<String> extraPrefixes) {}

  public record ServiceAccounts(
      List<String> issuers,
      List<Path> keyFiles,
      Optional<Path> signingKeyFile,
      boolean lookup,
      boolean extendExpiration,
      Duration expirationMax,
      Optional<String> jwksUri) {}

  /// @param configurationFile what plugins are told; empty for none
  public record AdmissionPlugins(
      List<String> enabled, List<String> disabled, int notReadySeconds, int unreachableSeconds, Optional<Path> configurationFile) {}

  /// @param serviceRanges one or two address ranges of different families
  public record Network(
      Optional<String> advertiseAddress,
      List<String> serviceRanges,
      int nodePortMin,
      int nodePortMax,
      int kubernetesServiceNodePort,
      boolean reconcileEndpoints) {}

  public record Aggregation(
      Optional<Path> proxyClientCertFile, Optional<Path> proxyClientKeyFile, boolean routeToEndpoints, boolean rejectRedirects) {}

  /// How kubelets are reached.
  ///
  /// @param authority whom to trust there; empty to trust every kubelet
  /// @param addressTypes the types of node addresses, the preferred ones first
  public record Kubelets(
      Optional<Path> authority, Optional<Path> clientCertificate, Optional<Path> clientKey, List<String> addressTypes) {}

  /// What the filters in front of all requests add.
  ///
  /// @param corsOrigins regular expressions
  /// @param goawayChance between 0 and 0.02
  public record Filters(List<String> hstsDirectives, List<String> corsOrigins, double goawayChance, boolean retryAfterWhileStopping) {}

  /// What is recorded of requests.
  ///
  /// @param log empty where nothing is written
  public record Audit(Optional<Path> policyFile, Optional<AuditLog> log) {}

  /// The audit log.
  ///
  /// @param path `-` for standard output
  /// @param format json or legacy
  /// @param mode batch, blocking or blocking-strict
  /// @param maxAge how long old files are kept, zero for ever
  /// @param maxBackups old files kept, 0 for all
  /// @param maxSizeBytes of a file, 0 for no end
  public record AuditLog(
      String path, String format, String mode, Duration maxAge, int maxBackups, long maxSizeBytes, boolean compress, AuditBuffer buffer) {}

  /// How audit events are buffered and cut.
  public record AuditBuffer(
      int size,
      int batchSize,
      Duration batchWait,
      boolean throttled,
      double batchesASecond,
      int burst,
      boolean truncates,
      long eventBytesMax) {}

  public ServerConfig {
    authorizationModes = List.copyOf(authorizationModes);
    features = Set.copyOf(features);
    controllers = List.copyOf(controllers);
    warnings = List.copyOf(warnings);
    apis = Map.copyOf(apis);
    flags = Map.copyOf(flags);
  }

  public boolean runsController(String name) {
    return controllers.contains("*") ? !controllers.contains("-" + name) : controllers.contains(name);
  }
}
