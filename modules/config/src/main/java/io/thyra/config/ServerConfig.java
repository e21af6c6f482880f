package io.thyra.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that the command line and the default configuration say, checked. File contents are read by whoever needs
/// them; what is here was seen to be readable when the server started.
///
/// @param defaulted whether the default configuration file was used: no flag was given beside Thyra's own, `--secure-port`
///     and `--bind-address`. The server then mints its own PKI.
/// @param apis `--runtime-config`: group/version[/resource], api/all, api/ga, api/beta, api/alpha to true or false
/// @param controllers the loops to run, `*` for all
/// @param warnings one line for each flag that is accepted without effect
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
    Map<String, String> apis,
    Duration eventTimeToLive,
    boolean allowPrivileged,
    boolean priorityAndFairness,
    List<String> controllers,
    int verbosity,
    List<String> warnings) {
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
  public record Store(Path dataDir, String prefix, Duration compactionInterval, boolean garbageCollector) {}

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

  public ServerConfig {
    authorizationModes = List.copyOf(authorizationModes);
    controllers = List.copyOf(controllers);
    warnings = List.copyOf(warnings);
    apis = Map.copyOf(apis);
  }

  public boolean runsController(String name) {
    return controllers.contains("*") ? !controllers.contains("-" + name) : controllers.contains(name);
  }
}
