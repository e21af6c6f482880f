package io.thyra.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Turns the command line into a [ServerConfig], or into one line that says what is wrong with it.
public final class ConfigReader {
  /// The flags that leave the default configuration in force.
  private static final Set<String> KEEPS_DEFAULT =
      Set.of(
          "data-dir",
          "controllers",
          "secure-port",
          "bind-address",
          "v",
          "etcd-servers",
          "etcd-servers-overrides",
          "etcd-prefix",
          "etcd-cafile",
          "etcd-certfile",
          "etcd-keyfile",
          "etcd-compaction-interval");

  /// Every loop that `--controllers` may name.
  public static final List<String> CONTROLLERS =
      List.of(
          "namespace",
          "serviceaccount",
          "root-ca-certificate-publisher",
          "clusterrole-aggregation",
          "garbage-collector",
          "validatingadmissionpolicy-status-controller");

  private static final Set<String> AUTHORIZATION_MODES = Set.of("Node", "RBAC", "ABAC", "Webhook", "AlwaysAllow", "AlwaysDeny");

  private static final String CORS_HELP =
      "List of allowed origins for CORS, comma separated. An allowed origin can be a regular expression to support subdomain matching. If"
          + " this list is empty CORS will not be enabled. Please ensure each expression matches the entire hostname by anchoring to the"
          + " start with '^' or including the '//' prefix, and by anchoring to the end with '$' or including the ':' port separator"
          + " suffix. Examples of valid expressions are '//example.com(:|$)' and '^https://example.com(:|$)'";

  private final FlagTable table;
  private final Function<String, Optional<String>> environment;

  /// @param environment looks up environment variables
  public ConfigReader(FlagTable table, Function<String, Optional<String>> environment) {
    this.table = table;
    this.environment = environment;
  }

  /// Reads the command line, with the default configuration's flags in front when it is in force.
  ///
  /// @param defaults the flags of the default configuration file
  public ServerConfig read(List<String> arguments, List<String> defaults) {
    FlagSet given = FlagSet.parse(table, arguments);
    boolean defaulted = given.set().stream().allMatch(flag -> KEEPS_DEFAULT.contains(flag.name()));
    FlagSet flags = given;
    if (defaulted) {
      var all = new ArrayList<>(defaults);
      all.addAll(arguments);
      flags = FlagSet.parse(table, all);
    }
    List<String> warnings = checkStates(flags);
    if (flags.duration("shutdown-delay-duration").isNegative()) {
      throw new ConfigException("--shutdown-delay-duration can not be negative value");
    }
    Path dataDir = flags.findString("data-dir").map(Path::of).orElseGet(this::defaultDataDir).toAbsolutePath().normalize();
    return new ServerConfig(
        defaulted,
        serving(flags, dataDir),
        requests(flags),
        new ServerConfig.Shutdown(
            flags.duration("shutdown-delay-duration"),
            flags.duration("shutdown-watch-termination-grace-period"),
            flags.duration("livez-grace-period")),
        new ServerConfig.Store(
            dataDir,
            flags.string("etcd-prefix"),
            flags.duration("etcd-compaction-interval"),
            flags.bool("enable-garbage-collector"),
            etcd(flags)),
        authentication(flags, defaulted),
        authorizationModes(flags),
        admission(flags),
        network(flags),
        aggregation(flags),
        kubelets(flags),
        flags.map("runtime-config"),
        FeatureGates.enabled(flags.map("feature-gates")),
        flags.duration("event-ttl"),
        flags.bool("allow-privileged"),
        flags.bool("enable-priority-and-fairness"),
        controllers(flags, defaulted),
        flags.integer("v"),
        warnings,
        filters(flags),
        audit(flags),
        flags.shown());
  }

  private static Optional<ServerConfig.Etcd> etcd(FlagSet flags) {
    List<String> servers = flags.strings("etcd-servers");
    Optional<Path> authority = file(flags, "etcd-cafile");
    Optional<Path> certificate = file(flags, "etcd-certfile");
    Optional<Path> key = file(flags, "etcd-keyfile");
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigException("--etcd-certfile and --etcd-keyfile must be set together");
    }
    boolean tls = authority.isPresent() || certificate.isPresent();
    List<ServerConfig.EtcdOverride> overrides = overrides(flags.strings("etcd-servers-overrides"), tls);
    if (servers.isEmpty()) {
      if (!overrides.isEmpty()) {
        throw new ConfigException("--etcd-servers must be specified");
      }
      return Optional.empty();
    }
    return Optional.of(
        new ServerConfig.Etcd(
            addresses("--etcd-servers", servers, tls),
            authority,
            certificate,
            key,
            Duration.ofSeconds(flags.integer("lease-reuse-duration-seconds")),
            flags.duration("etcd-healthcheck-timeout"),
            flags.duration("etcd-readycheck-timeout"),
            overrides));
  }

  /// Source: apiserver pkg/server/options/etcd.go, ParseEtcdServersOverrides.
  private static List<ServerConfig.EtcdOverride> overrides(List<String> texts, boolean tls) {
    var overrides = new ArrayList<ServerConfig.EtcdOverride>();
    for (String text : texts) {
      String[] halves = text.split("#", -1);
      String[] names = halves[0].split("/", -1);
      List<String> servers = halves.length == 2 ? List.of(halves[1].split(";", -1)) : List.of();
      if (halves.length != 2 || names.length != 2 || servers.stream().anyMatch(String::isEmpty)) {
        throw new ConfigException(
            "--etcd-servers-overrides invalid, must be of format: group/resource#servers, where servers are URLs, semicolon separated");
      }
      overrides.add(new ServerConfig.EtcdOverride(names[0], names[1], addresses("--etcd-servers-overrides", servers, tls)));
    }
    return overrides;
  }

  private static List<URI> addresses(String flag, List<String> servers, boolean tls) {
    List<URI> addresses = servers.stream().map(server -> address(flag, server, tls)).toList();
    if (addresses.stream().map(URI::getScheme).distinct().count() > 1) {
      throw new ConfigException(flag + ": http and https cannot be mixed");
    }
    return addresses;
  }

  /// The address of a server; where it says no scheme, TLS is for those who gave certificates.
  private static URI address(String flag, String server, boolean tls) {
    try {
      URI uri = new URI(server.contains("://") ? server : (tls ? "https://" : "http://") + server);
      if (uri.getHost() != null && uri.getPort() > 0 && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw new ConfigException(flag + ": \"" + server + "\" is not like http://host:port or https://host:port");
  }

  private static List<String> checkStates(FlagSet flags) {
    var warnings = new ArrayList<String>();
    for (Flag flag : flags.set()) {
      switch (flag.state()) {
        case ON, GIVEN -> {}
        case WAITS -> warnings.add("--" + flag.name() + " has no effect yet: it waits for " + flag.note());
        case REFUSED -> {
          if (!flags.string(flag.name()).equals(flag.defaultValue())) {
            throw new ConfigException("--" + flag.name() + ": " + flag.note());
          }
        }
      }
    }
    for (String gate : flags.map("feature-gates").keySet()) {
      if (!FeatureGates.isKnown(gate) && !FeatureGates.isStage(gate)) {
        warnings.add("--feature-gates: " + gate + " has no effect yet");
      }
    }
    return warnings;
  }

  /// The data folder of who names none: `$XDG_DATA_HOME/thyra`, or `~/.local/share/thyra`.
  public Path defaultDataDir() {
    return environment
        .apply("XDG_DATA_HOME")
        .filter(dir -> Path.of(dir).isAbsolute())
        .map(dir -> Path.of(dir, "thyra"))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share", "thyra"));
  }

  private static ServerConfig.Serving serving(FlagSet flags, Path dataDir) {
    int port = flags.integer("secure-port");
    if (port < 1 || port > 65535) {
      throw new ConfigException("--secure-port " + port + " must be between 1 and 65535, inclusive. It cannot be turned off with 0");
    }
    Optional<Path> cert = file(flags, "tls-cert-file");
    Optional<Path> key = file(flags, "tls-private-key-file");
    if (cert.isPresent() != key.isPresent()) {
      throw new ConfigException("--tls-cert-file and --tls-private-key-file must be set together");
    }
    String version = flags.string("tls-min-version");
    if (!version.isEmpty() && !version.equals("VersionTLS12") && !version.equals("VersionTLS13")) {
      throw new ConfigException(
          "--tls-min-version: unsupported version \"" + version + "\", supported versions are: VersionTLS12, VersionTLS13");
    }
    int streams = flags.integer("http2-max-streams-per-connection");
    if (streams < 0) {
      throw new ConfigException("--http2-max-streams-per-connection can not be a negative number");
    }
    return new ServerConfig.Serving(
        flags.string("bind-address"),
        port,
        cert,
        key,
        flags.isSet("cert-dir") ? Path.of(flags.string("cert-dir")) : dataDir.resolve("pki"),
        !flags.bool("disable-http2-serving"),
        streams,
        version,
        flags.strings("tls-cipher-suites"),
        flags.bool("permit-port-sharing"),
        flags.bool("permit-address-sharing"),
        flags.findString("external-hostname"));
  }

  private static ServerConfig.Requests requests(FlagSet flags) {
    for (String name : List.of("max-requests-inflight", "max-mutating-requests-inflight", "min-request-timeout")) {
      if (flags.integer(name) < 0) {
        throw new ConfigException("--" + name + " can not be negative value");
      }
    }
    Duration timeout = flags.duration("request-timeout");
    if (timeout.isNegative() || timeout.isZero()) {
      throw new ConfigException("--request-timeout can not be negative value");
    }
    return new ServerConfig.Requests(
        flags.integer("max-requests-inflight"),
        flags.integer("max-mutating-requests-inflight"),
        timeout,
        Duration.ofSeconds(flags.integer("min-request-timeout")),
        Math.max(1, flags.integer("delete-collection-workers")));
  }

  private static ServerConfig.Authentication authentication(FlagSet flags, boolean defaulted) {
    Optional<ServerConfig.RequestHeader> requestHeader =
        file(flags, "requestheader-client-ca-file")
            .map(
                ca ->
                    new ServerConfig.RequestHeader(
                        ca,
                        flags.strings("requestheader-allowed-names"),
                        flags.strings("requestheader-username-headers"),
                        flags.strings("requestheader-uid-headers"),
                        flags.strings("requestheader-group-headers"),
                        flags.strings("requestheader-extra-headers-prefix")));
    List<String> issuers = flags.strings("service-account-issuer").stream().filter(issuer -> !issuer.isEmpty()).toList();
    if (issuers.isEmpty()) {
      throw new ConfigException("service-account-issuer is a required flag, --service-account-signing-key-file and --service-account-issuer are required flags");
    }
    Optional<Path> signingKey = file(flags, "service-account-signing-key-file");
    if (signingKey.isEmpty() && !defaulted) {
      throw new ConfigException("service-account-signing-key-file is a required flag");
    }
    List<Path> keys = flags.strings("service-account-key-file").stream().map(name -> readable("service-account-key-file", name)).toList();
    return new ServerConfig.Authentication(
        flags.bool("anonymous-auth"),
        file(flags, "client-ca-file"),
        file(flags, "token-auth-file"),
        requestHeader,
        new ServerConfig.ServiceAccounts(
            issuers,
            keys,
            signingKey,
            flags.bool("service-account-lookup"),
            flags.bool("service-account-extend-token-expiration"),
            flags.duration("service-account-max-token-expiration"),
            flags.findString("service-account-jwks-uri")),
        flags.strings("api-audiences").isEmpty() ? issuers : flags.strings("api-audiences"));
  }

  private static List<String> authorizationModes(FlagSet flags) {
    List<String> modes = flags.strings("authorization-mode");
    if (modes.isEmpty()) {
      modes = List.of("AlwaysAllow");
    }
    var effective = new ArrayList<String>();
    for (String mode : modes) {
      if (!AUTHORIZATION_MODES.contains(mode)) {
        throw new ConfigException("authorization-mode \"" + mode + "\" is not a valid mode");
      }
      switch (mode) {
        case "ABAC", "Webhook" -> throw new ConfigException("--authorization-mode: the mode " + mode + " is not there yet");
        default -> effective.add(mode);
      }
    }
    if (new LinkedHashSet<>(modes).size() != modes.size()) {
      throw new ConfigException("authorization-mode " + modes + " has mode specified more than once");
    }
    return effective;
  }

  private static ServerConfig.AdmissionPlugins admission(FlagSet flags) {
    var enabled = new ArrayList<>(flags.strings("enable-admission-plugins"));
    enabled.addAll(flags.strings("admission-control"));
    List<String> disabled = flags.strings("disable-admission-plugins");
    for (String name : enabled) {
      if (disabled.contains(name)) {
        throw new ConfigException("[" + name + "] in enable-admission-plugins and disable-admission-plugins overlapped");
      }
    }
    return new ServerConfig.AdmissionPlugins(
        enabled,
        disabled,
        flags.integer("default-not-ready-toleration-seconds"),
        flags.integer("default-unreachable-toleration-seconds"),
        flags.findString("admission-control-config-file").map(Path::of));
  }

  private static ServerConfig.Network network(FlagSet flags) {
    List<String> ranges = flags.strings("service-cluster-ip-range").stream().map(String::strip).filter(range -> !range.isEmpty()).toList();
    for (String range : ranges) {
      if (!range.matches("[0-9a-fA-F.:]+/\\d{1,3}")) {
        throw new ConfigException("specified --service-cluster-ip-range is not a valid CIDR: invalid CIDR address: " + range);
      }
    }
    if (ranges.size() > 2) {
      throw new ConfigException("--service-cluster-ip-range must not contain more than two entries");
    }
    String ports = flags.string("service-node-port-range");
    int dash = ports.indexOf('-');
    int min;
    int max;
    try {
      min = Integer.parseInt(dash < 0 ? ports : ports.substring(0, dash));
      max = dash < 0 ? min : Integer.parseInt(ports.substring(dash + 1));
    } catch (NumberFormatException _) {
      throw new ConfigException("invalid argument \"" + ports + "\" for \"--service-node-port-range\" flag: not a valid port range: " + ports);
    }
    if (min < 1 || max > 65535 || max < min) {
      throw new ConfigException("--service-node-port-range is not a range of ports: " + ports);
    }
    String reconciler = flags.string("endpoint-reconciler-type");
    if (!List.of("lease", "none", "master-count").contains(reconciler)) {
      throw new ConfigException("--endpoint-reconciler-type: unsupported value \"" + reconciler + "\": supported values: none, lease, master-count");
    }
    return new ServerConfig.Network(
        flags.findString("advertise-address"),
        ranges.isEmpty() ? List.of("10.0.0.0/24") : ranges,
        min,
        max,
        flags.integer("kubernetes-service-node-port"),
        !reconciler.equals("none"));
  }

  private static ServerConfig.Aggregation aggregation(FlagSet flags) {
    Optional<Path> cert = file(flags, "proxy-client-cert-file");
    Optional<Path> key = file(flags, "proxy-client-key-file");
    if (cert.isPresent() != key.isPresent()) {
      throw new ConfigException("--proxy-client-cert-file and --proxy-client-key-file must be set together");
    }
    return new ServerConfig.Aggregation(
        cert, key, flags.bool("enable-aggregator-routing"), flags.bool("aggregator-reject-forwarding-redirect"));
  }

  private static ServerConfig.Kubelets kubelets(FlagSet flags) {
    Optional<Path> certificate = file(flags, "kubelet-client-certificate");
    Optional<Path> key = file(flags, "kubelet-client-key");
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigException("--kubelet-client-certificate and --kubelet-client-key must be set together");
    }
    return new ServerConfig.Kubelets(
        file(flags, "kubelet-certificate-authority"), certificate, key, flags.strings("kubelet-preferred-address-types"));
  }

  private static ServerConfig.Filters filters(FlagSet flags) {
    List<String> hsts = flags.strings("strict-transport-security-directives");
    for (String directive : hsts) {
      if (directive.isBlank()) {
        throw new ConfigException("empty value in strict-transport-security-directives");
      }
      if (!directive.equals("includeSubDomains") && !directive.equals("preload") && !directive.matches("max-age=[^=]*")) {
        throw new ConfigException(
            "--strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload. see"
                + " https://tools.ietf.org/html/rfc6797#section-6.1 for more information");
      }
    }
    List<String> origins = flags.strings("cors-allowed-origins");
    origins.forEach(ConfigReader::checkOrigin);
    double goaway = Double.parseDouble(flags.string("goaway-chance"));
    if (goaway < 0 || goaway > 0.02) {
      throw new ConfigException("--goaway-chance can not be less than 0 or greater than 0.02");
    }
    return new ServerConfig.Filters(hsts, origins, goaway, flags.bool("shutdown-send-retry-after"));
  }

  private static void checkOrigin(String origin) {
    if (origin.isEmpty()) {
      throw new ConfigException("empty value in --cors-allowed-origins, help: " + CORS_HELP);
    }
    String why = null;
    try {
      Pattern.compile(origin);
    } catch (PatternSyntaxException e) {
      why = e.getDescription() + ": `" + origin + "`";
    }
    boolean pinned = (origin.contains("^") || origin.contains("//")) && (origin.contains("$") || origin.contains(":"));
    if (why == null && !pinned) {
      why = "regular expression does not pin to start/end of host in the origin header";
    }
    if (why != null) {
      throw new ConfigException("--cors-allowed-origins has an invalid regular expression: " + why + ", help: " + CORS_HELP);
    }
  }

  private static ServerConfig.Audit audit(FlagSet flags) {
    return new ServerConfig.Audit(
        file(flags, "audit-policy-file"), flags.findString("audit-log-path").map(path -> auditLog(flags, path)));
  }

  private static ServerConfig.AuditLog auditLog(FlagSet flags, String path) {
    String mode = flags.string("audit-log-mode");
    if (!List.of("batch", "blocking", "blocking-strict").contains(mode)) {
      throw new ConfigException("invalid audit log mode " + mode + ", allowed modes are \"batch,blocking,blocking-strict\"");
    }
    ServerConfig.AuditBuffer buffer = auditBuffer(flags, mode.equals("batch"));
    String version = flags.string("audit-log-version");
    if (!version.equals("audit.k8s.io/v1")) {
      throw new ConfigException("invalid group version, allowed versions are [\"audit.k8s.io/v1\"]");
    }
    String format = flags.string("audit-log-format");
    if (!format.equals("json") && !format.equals("legacy")) {
      throw new ConfigException("invalid audit log format " + format + ", allowed formats are \"legacy,json\"");
    }
    for (String name : List.of("audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize")) {
      if (flags.integer(name) < 0) {
        throw new ConfigException("--" + name + " " + flags.integer(name) + " can't be a negative number");
      }
    }
    return new ServerConfig.AuditLog(
        path,
        format,
        mode,
        Duration.ofDays(flags.integer("audit-log-maxage")),
        flags.integer("audit-log-maxbackup"),
        (long) flags.integer("audit-log-maxsize") << 20,
        flags.bool("audit-log-compress"),
        buffer);
  }

  private static ServerConfig.AuditBuffer auditBuffer(FlagSet flags, boolean batches) {
    int size = flags.integer("audit-log-batch-buffer-size");
    int batchSize = flags.integer("audit-log-batch-max-size");
    boolean throttled = flags.bool("audit-log-batch-throttle-enable");
    double pace = Double.parseDouble(flags.string("audit-log-batch-throttle-qps"));
    int burst = flags.integer("audit-log-batch-throttle-burst");
    if (batches) {
      requirePositive(size, "invalid audit batch log buffer size " + size);
      requirePositive(batchSize, "invalid audit batch log max batch size " + batchSize);
      if (throttled) {
        requirePositive(pace, "invalid audit batch log throttle QPS " + flags.string("audit-log-batch-throttle-qps"));
        requirePositive(burst, "invalid audit batch log throttle burst " + burst);
      }
    }
    int eventMax = flags.integer("audit-log-truncate-max-event-size");
    int batchMax = flags.integer("audit-log-truncate-max-batch-size");
    requirePositive(eventMax, "invalid audit truncate log max event size " + eventMax);
    if (batchMax < eventMax) {
      throw new ConfigException(
          "invalid audit truncate log max batch size " + batchMax + ", must be greater than max event size (" + eventMax + ")");
    }
    return new ServerConfig.AuditBuffer(
        Math.max(1, size),
        Math.max(1, batchSize),
        flags.duration("audit-log-batch-max-wait"),
        throttled,
        pace,
        burst,
        flags.bool("audit-log-truncate-enabled"),
        eventMax);
  }

  private static void requirePositive(double number, String complaint) {
    if (!(number > 0)) {
      throw new ConfigException(complaint + ", must be a positive number");
    }
  }

  private static List<String> controllers(FlagSet flags, boolean defaulted) {
    List<String> names = flags.strings("controllers").stream().filter(name -> !name.isEmpty()).toList();
    if (names.isEmpty()) {
      return defaulted ? List.of("*") : List.of();
    }
    if (names.equals(List.of("none"))) {
      return List.of();
    }
    for (String name : names) {
      String bare = name.startsWith("-") ? name.substring(1) : name;
      if (!name.equals("*") && !CONTROLLERS.contains(bare)) {
        throw new ConfigException("--controllers: \"" + name + "\" is not in the list of controllers: " + String.join(", ", CONTROLLERS) + ", *, none");
      }
    }
    return names;
  }

  private static Optional<Path> file(FlagSet flags, String name) {
    return flags.findString(name).map(text -> readable(name, text));
  }

  private static Path readable(String flag, String name) {
    Path path = Path.of(name);
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new ConfigException("--" + flag + ": cannot read " + name);
    }
    return path;
  }
}
