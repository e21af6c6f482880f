package io.thyra.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.admission.AdmissionChain;
import io.thyra.admission.ConfigurationException;
import io.thyra.admission.ImagePolicy;
import io.thyra.admission.Plugin;
import io.thyra.admission.PluginConfiguration;
import io.thyra.admission.PluginConfigurationFile;
import io.thyra.admission.PluginNames;
import io.thyra.admission.Settings;
import io.thyra.admission.policy.MutatingPolicies;
import io.thyra.admission.policy.PolicyTypeChecker;
import io.thyra.admission.policy.ValidatingPolicies;
import io.thyra.admission.policy.WebhookConditions;
import io.thyra.admission.webhook.MutatingWebhooks;
import io.thyra.admission.webhook.ValidatingWebhooks;
import io.thyra.admission.webhook.WebhookClient;
import io.thyra.aggregation.AggregationVerticle;
import io.thyra.aggregation.Priority;
import io.thyra.audit.AuditSink;
import io.thyra.authentication.CertificateAuthority;
import io.thyra.authorization.BootstrapPolicy;
import io.thyra.authorization.PolicyRule;
import io.thyra.authorization.RuleCover;
import io.thyra.backends.ServiceResolver;
import io.thyra.backends.WebhookConnections;
import io.thyra.backends.WebhookCredentials;
import io.thyra.cache.CacheOptions;
import io.thyra.config.ConfigException;
import io.thyra.config.ServerConfig;
import io.thyra.controllers.ControllersVerticle;
import io.thyra.discovery.ApiServicePriorities;
import io.thyra.discovery.DiscoverySettings;
import io.thyra.discovery.DiscoveryVerticle;
import io.thyra.discovery.HealthCheck;
import io.thyra.discovery.OidcDocuments;
import io.thyra.discovery.OpenApiSource;
import io.thyra.discovery.Page;
import io.thyra.discovery.ProcessMetrics;
import io.thyra.discovery.RegistryDiscovery;
import io.thyra.discovery.RuntimeConfig;
import io.thyra.discovery.VersionInfo;
import io.thyra.extensions.ConversionClient;
import io.thyra.extensions.CustomResources;
import io.thyra.flowcontrol.FlowControl;
import io.thyra.flowcontrol.FlowSchemas;
import io.thyra.group.GroupVerticle;
import io.thyra.groups.BuiltinGroups;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.core.Addresses;
import io.thyra.groups.core.ClusterAllocators;
import io.thyra.groups.core.StoredAllocationMap;
import io.thyra.ingress.IngressMetrics;
import io.thyra.ingress.IngressVerticle;
import io.thyra.ingress.Limits;
import io.thyra.ingress.Listener;
import io.thyra.ingress.MaxInFlight;
import io.thyra.ingress.NegotiatedStatus;
import io.thyra.ingress.Services;
import io.thyra.ingress.Serving;
import io.thyra.ingress.Tls;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.nodes.NodesVerticle;
import io.thyra.registry.Admission;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.schema.ResourceSchema;
import io.thyra.schema.Schemas;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageException;
import io.thyra.watch.WatchVerticle;
import io.thyra.wire.Wire;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole server, put together by constructors from the store up to the front door, and taken apart the other way round.
final class Server {
  static final VersionInfo VERSION = VersionInfo.current("", "1970-01-01T00:00:00Z");

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
  private static final String IMAGE_POLICY = "ImagePolicyWebhook";
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final String NODE_PORTS = "/registry/ranges/servicenodeports";
  // Upstream's rhythm.
  private static final Duration PORT_REPAIR = Duration.ofMinutes(3);
  private static final Duration CONVERSION_TIMEOUT = Duration.ofSeconds(30);

  private final ServerConfig config;
  private final Vertx vertx;
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<AutoCloseable> closedLast = new ArrayList<>();
  private final List<IngressVerticle> doors = new ArrayList<>();
  private WatchVerticle watches;
  private AggregationVerticle aggregation;
  private NodesVerticle nodes;
  private OpenApiSource openApi = OpenApiSource.NONE;
  private final FileFollower files = new FileFollower();
  private List<Page> pages = List.of();
  private String place = "";
  private Optional<Path> kubeconfig = Optional.empty();
  private volatile boolean started;
  private volatile boolean draining;

  private Server(ServerConfig config) {
    this.config = config;
    this.vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()));
  }

  /// Starts everything and returns when it serves.
  ///
  /// @throws ConfigException when it cannot start with what it was told
  static Server start(ServerConfig config) {
    var server = new Server(config);
    try {
      server.open();
    } catch (StorageException e) {
      server.abandon();
      throw new ConfigException(e.getMessage());
    } catch (RuntimeException e) {
      server.abandon();
      throw e;
    }
    return server;
  }

  private void abandon() {
    closedLast.reversed().forEach(Server::close);
    vertx.close();
  }

  private void open() {
    Path dataDir = config.store().dataDir();
    String serviceAddress = ServiceAddresses.first(config.network().serviceRanges().getFirst());
    makeFolder(dataDir);
    var metrics = new PrometheusRegistry();
    Registry[] self = new Registry[1];
    ChosenStore chosen = ChosenStore.open(config, clock, metrics, () -> self[0]);
    place = chosen.place();
    chosen.backends().forEach(backend -> closedLast.add(() -> await(backend.storage().close())));
    closedLast.add(chosen.door());
    // After the store, whose lock tells whether the folder is free.
    Credentials credentials = Credentials.of(config, serviceAddress, new CertificateMint(clock, new SecureRandom()));
    kubeconfig = credentials.kubeconfig();

    var wire = new Wire(vertx);
    SecurityParts security =
        SecurityParts.of(config, credentials.files(), (resource, namespace, name) -> self[0].peek(new GroupResource("", resource), namespace, name), clock, files);
    Registry registry =
        new Registry(
            chosen.stores(),
            CacheOptions.DEFAULT,
            clock,
            (delay, task) -> {
              long timer = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> task.run());
              return () -> vertx.cancelTimer(timer);
            },
            request -> authorizeCreate(security.authorizer(), request.context().info(), request.context().user()),
            self0 -> admission(self0, security, new AdmissionMetrics(metrics)));
    self[0] = registry;
    closedLast.add(registry::close);

    Set<String> groups = register(registry, security, self);
    var followers = new PolicyFollower(registry);
    closedLast.add(followers);
    followers.followRoles(security.policy());
    if (config.authorizationModes().contains("Node")) {
      followers.followNodes(security.nodes());
    }
    FlowControl flowControl = FlowControl.OFF;
    if (config.priorityAndFairness()) {
      var schemas = new FlowSchemas();
      followers.followFlowSchemas(schemas);
      flowControl = schemas;
      pages = FlowMetrics.pages(schemas);
      FlowMetrics.register(metrics, schemas, (long) config.requests().inFlightMax() + config.requests().mutatingInFlightMax());
    }

    if (registry.findStore(CustomResources.DEFINITIONS).isPresent()) {
      Set<GroupResource> builtin = registry.stores().stream().map(store -> store.definition().resource()).collect(Collectors.toSet());
      var customResources = new CustomResources(registry, builtin, conversions(registry));
      closedLast.add(customResources);
      onVirtualThread(customResources::start);
      openApi = new CustomOpenApi(customResources);
    }

    checkPortIsFree();
    Future<?> controllers = deployInner(registry, wire, groups, security, credentials, chosen, metrics, serviceAddress);
    Auditing auditing = Auditing.of(config.audit(), new RegistryAuditObjects(() -> registry), metrics, clock);
    auditing.log().ifPresent(closedLast::add);
    // The doors open while the objects of start-up are made; it counts as ready when both are done.
    openDoors(registry, wire, groups, security, credentials, flowControl, metrics, auditing.sink());
    followFiles(security, credentials);
    await(controllers);
    started = true;
  }

  /// Certificates may be replaced while the server runs.
  private void followFiles(SecurityParts security, Credentials credentials) {
    files.follow(
        List.of(credentials.servingCertificate(), credentials.servingKey()),
        () -> doors.forEach(door -> await(door.updateTls(tls(security, credentials)))));
    credentials
        .proxyPair()
        .ifPresent(
            pair ->
                files.follow(
                    List.of(pair.certificate(), pair.key()),
                    () -> aggregation.identify(new AggregationVerticle.Pair(read(pair.certificate()), read(pair.key())))));
    closedLast.add(files);
    files.start();
  }

  /// Runs what waits for the store in direct style.
  private void onVirtualThread(Runnable work) {
    var done = new java.util.concurrent.FutureTask<Void>(work, null);
    Thread.ofVirtual().start(done);
    try {
      done.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new IllegalStateException("the server took too long to start", e);
    }
  }

  private Admission admission(Registry registry, SecurityParts security, AdmissionMetrics admissionTimes) {
    ServerConfig.AdmissionPlugins plugins = config.admission();
    List<String> problems = PluginNames.findProblems(plugins.enabled(), plugins.disabled());
    if (!problems.isEmpty()) {
      throw new ConfigException(String.join("\n", problems));
    }
    var settings =
        new Settings(
            plugins.enabled(), plugins.disabled(), plugins.notReadySeconds(), plugins.unreachableSeconds(), configuration(plugins), config.features());
    ServiceResolver resolver = resolver(registry);
    var mutating = new WebhookConnections(vertx, resolver, credentials(settings.configuration().mutatingWebhooks()));
    var validating = new WebhookConnections(vertx, resolver, credentials(settings.configuration().validatingWebhooks()));
    closedLast.add(mutating);
    closedLast.add(validating);
    var conditions = new WebhookConditions(security.authorizer());
    Map<String, Plugin> others =
        new HashMap<>(
            Map.of(
                "MutatingAdmissionPolicy", new MutatingPolicies(registry, security.authorizer()),
                "MutatingAdmissionWebhook", new MutatingWebhooks(registry, mutating, conditions),
                "ValidatingAdmissionPolicy", new ValidatingPolicies(registry, security.authorizer()),
                "ValidatingAdmissionWebhook", new ValidatingWebhooks(registry, validating, conditions)));
    if (PluginNames.running(settings).contains(IMAGE_POLICY)) {
      others.put(IMAGE_POLICY, imagePolicy(settings.configuration().images(), resolver));
    }
    return new TimedAdmission(
        AdmissionChain.of(settings, registry, security.authorizer(), new SecureRandom(), others, admissionTimes.plugins()), admissionTimes.steps());
  }

  private ImagePolicy imagePolicy(Optional<PluginConfiguration.Images> told, ServiceResolver resolver) {
    String problem = "failed to apply admission: couldn't init admission plugin \"" + IMAGE_POLICY + "\": ";
    PluginConfiguration.Images images = told.orElseThrow(() -> new ConfigException(problem + "no config specified"));
    try {
      WebhookClient.Endpoint endpoint = WebhookCredentials.server(images.server());
      var connections = new WebhookConnections(vertx, resolver, WebhookCredentials.read(images.server()));
      closedLast.add(connections);
      return new ImagePolicy(images, endpoint, connections, clock, AdmissionChain::pause);
    } catch (IOException e) {
      throw new ConfigException(problem + e.getMessage());
    }
  }

  private ServiceResolver resolver(Registry registry) {
    var loopback = new ServiceResolver.Address(loopbackHost(), config.serving().port());
    return new ServiceResolver(registry, config.aggregation().routeToEndpoints(), Optional.of(loopback));
  }

  private ConversionClient conversions(Registry registry) {
    var connections = new WebhookConnections(vertx, resolver(registry), WebhookCredentials.NONE);
    closedLast.add(connections);
    return (client, body) -> connections.post(WebhookClient.Endpoint.of(client), body, CONVERSION_TIMEOUT);
  }

  private static WebhookCredentials credentials(Optional<Path> kubeconfig) {
    try {
      return kubeconfig.isPresent() ? WebhookCredentials.read(kubeconfig.get()) : WebhookCredentials.NONE;
    } catch (IOException e) {
      throw new ConfigException("failed to apply admission: " + e.getMessage());
    }
  }

  private static PluginConfiguration configuration(ServerConfig.AdmissionPlugins plugins) {
    try {
      return plugins.configurationFile().isPresent()
          ? PluginConfigurationFile.read(plugins.configurationFile().get())
          : PluginConfiguration.NONE;
    } catch (ConfigurationException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static void makeFolder(Path folder) {
    try {
      PrivateFiles.makeFolder(folder);
    } catch (IOException e) {
      throw new ConfigException("--data-dir: cannot make " + folder + ": " + e.getMessage());
    }
  }

  private Set<String> register(Registry registry, SecurityParts security, Registry[] self) {
    var accounts = config.authentication().serviceAccounts();
    var issuer = new AccountTokenIssuer(() -> self[0], security.tokens(), accounts.extendExpiration(), accounts.expirationMax());
    var objects = new RegistryObjects(() -> self[0]);
    var needs =
        new GroupDependencies(
            objects,
            allocators(objects, registry.storage(SERVICES)),
            issuer,
            security.reviews(),
            () -> ComponentStatuses.of(registry),
            config.allowPrivileged(),
            security.authorizer(),
            (user, namespace, rules) -> security.policy().findEscalation(user, namespace, PolicyRule.ofList(rules)),
            config.features());
    List<ResourceDefinition> definitions =
        BuiltinGroups.all(Schemas.builtin(), needs, clock).stream().filter(definition -> definition.isOn(config.features())).toList();
    Predicate<GroupVersion> served = servedVersions(definitions);
    var groups = new HashSet<String>();
    var ready = new ArrayList<Future<?>>();
    for (ResourceDefinition definition : definitions) {
      ResourceDefinition.Builder chosen = definition.toBuilder().served(served);
      if (definition.resource().resource().equals("events")) {
        chosen.timeToLive(config.eventTimeToLive());
      }
      boolean definesOthers = definition.resource().equals(CustomResources.DEFINITIONS);
      ResourceDefinition serving = definesOthers ? CustomResources.extend(chosen.build()) : chosen.build();
      if (!serving.versions().isEmpty()) {
        serving.versions().forEach(version -> groups.add(version.kind().group()));
        ready.add(registry.register(serving));
      }
    }
    await(Future.all(ready));
    return groups;
  }

  private ClusterAllocators allocators(RegistryObjects objects, Storage storage) {
    ServerConfig.Network network = config.network();
    String ports = network.nodePortMin() + "-" + network.nodePortMax();
    var allocators =
        new ClusterAllocators(
            () -> objects,
            ServiceAddresses.ranges(network.serviceRanges()),
            network.nodePortMin(),
            network.nodePortMax(),
            begin -> new StoredAllocationMap(storage, NODE_PORTS, ports, begin),
            new SplittableRandom());
    vertx.setPeriodic(PORT_REPAIR.toMillis(), _ -> Thread.ofVirtual().name("node-port-repair").start(() -> repair(allocators)));
    return allocators;
  }

  private static void repair(ClusterAllocators allocators) {
    try {
      allocators.repair();
    } catch (RuntimeException e) {
      LOG.warn("the map of node ports was not repaired: {}", e.getMessage());
    }
  }

  private Predicate<GroupVersion> servedVersions(List<ResourceDefinition> definitions) {
    var runtimeConfig = new RuntimeConfig(config.apis());
    var served = new HashSet<GroupVersion>();
    for (ResourceDefinition definition : definitions) {
      for (ResourceSchema schema : definition.schemas()) {
        if (runtimeConfig.serves(schema)) {
          served.add(schema.resource().groupVersion());
        }
      }
    }
    return served::contains;
  }

  /// @return completes when what every server makes at start-up is there
  private Future<?> deployInner(
      Registry registry,
      Wire wire,
      Set<String> groups,
      SecurityParts security,
      Credentials credentials,
      ChosenStore store,
      PrometheusRegistry metrics,
      String serviceAddress) {
    watches = new WatchVerticle(wire, registry, config.requests().watchTimeoutMin(), new SplittableRandom());
    var discovery = new RegistryDiscovery(registry, new RuntimeConfig(config.apis()));
    ProcessMetrics.register(metrics, VERSION, registry);
    var settings = new DiscoverySettings(externalAddress(), VERSION, oidc(security), healthChecks(store), pages, config.flags());
    var remote = new RemoteDescriptions(openApi);
    deploy(new DiscoveryVerticle(wire, discovery, remote, settings, metrics), ThreadingModel.VIRTUAL_THREAD);
    for (String group : groups) {
      deploy(new GroupVerticle(group, wire, registry), ThreadingModel.VIRTUAL_THREAD);
    }
    deploy(new GroupVerticle(ServerRoutes.CUSTOM, wire, registry), ThreadingModel.VIRTUAL_THREAD);
    deploy(watches, ThreadingModel.VIRTUAL_THREAD);
    var controllers =
        new ControllersVerticle.Settings(
            advertiseAddress(),
            config.serving().port(),
            config.network().kubernetesServiceNodePort(),
            // An endpoint may not be a loopback address, and there is no other on a machine without a network.
            config.network().reconcileEndpoints() && !InetAddress.ofLiteral(advertiseAddress()).isLoopbackAddress(),
            ServiceAddresses.ranges(config.network().serviceRanges()).stream().map(Addresses.Range::print).toList(),
            serviceAddress,
            credentials.authenticationData(),
            BootstrapPolicy.objects(),
            Server::missingRules,
            credentials.rootCertificates(),
            store.shared(),
            config::runsController,
            new PolicyTypeChecker(registry)::check);
    var cluster = new ControllersVerticle(registry, controllers);
    closedLast.add(() -> onVirtualThread(cluster::withdraw));
    aggregation =
        new AggregationVerticle(
            registry,
            aggregationSettings(credentials),
            new AggregationVerticle.Listeners(told -> discovery.aggregated(RemoteDescriptions.groupVersions(told)), remote::update));
    AggregationMetrics.register(metrics, aggregation);
    deploy(aggregation, ThreadingModel.VIRTUAL_THREAD);
    nodes = nodes(registry, security);
    deploy(nodes, ThreadingModel.VIRTUAL_THREAD);
    return vertx.deployVerticle(cluster, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD));
  }

  /// Makes the part that passes requests on to nodes and pods; its files may be replaced while the server runs.
  private NodesVerticle nodes(Registry registry, SecurityParts security) {
    ServerConfig.Kubelets given = config.kubelets();
    var made = new NodesVerticle(registry, security.authorizer(), new NodesVerticle.Settings(kubeletTls(), given.addressTypes()));
    var watched = new ArrayList<Path>();
    given.authority().ifPresent(watched::add);
    given.clientCertificate().ifPresent(watched::add);
    given.clientKey().ifPresent(watched::add);
    if (!watched.isEmpty()) {
      files.follow(watched, () -> made.identify(kubeletTls()));
    }
    return made;
  }

  private NodesVerticle.KubeletTls kubeletTls() {
    ServerConfig.Kubelets given = config.kubelets();
    return new NodesVerticle.KubeletTls(
        given.authority().map(file -> read(file).toString()),
        given.clientCertificate().flatMap(file -> given.clientKey().map(key -> new NodesVerticle.Pair(read(file), read(key)))));
  }

  private AggregationVerticle.Settings aggregationSettings(Credentials credentials) {
    ServerConfig.Aggregation given = config.aggregation();
    return new AggregationVerticle.Settings(
        credentials.proxyPair().map(pair -> new AggregationVerticle.Pair(read(pair.certificate()), read(pair.key()))),
        given.routeToEndpoints(),
        given.rejectRedirects(),
        loopbackHost(),
        config.serving().port(),
        groupVersion -> {
          ApiServicePriorities.Priority priority = ApiServicePriorities.builtin().of(groupVersion);
          return new Priority(priority.group(), priority.version());
        });
  }

  private String loopbackHost() {
    String bound = config.serving().bindAddress();
    return InetAddress.ofLiteral(bound).isAnyLocalAddress() ? "127.0.0.1" : bound;
  }

  private static ListValue missingRules(ListValue held, ListValue wanted) {
    var missing = new ArrayList<Value>();
    RuleCover.missing(PolicyRule.ofList(held), PolicyRule.ofList(wanted)).forEach(rule -> missing.add(rule.toValue()));
    return new ListValue(missing);
  }

  private List<HealthCheck> healthChecks(ChosenStore store) {
    var checks = new ArrayList<HealthCheck>();
    checks.add(HealthCheck.ping());
    checks.add(new HealthCheck("log", true, true, Optional::empty));
    // Programs inside the server reach it without a connection, so there is no certificate that could run out.
    checks.add(new HealthCheck("loopback-serving-certificate", true, false, Optional::empty));
    for (int i = 0; i < store.backends().size(); i++) {
      ChosenStore.Backend backend = store.backends().get(i);
      checks.add(new HealthCheck(i == 0 ? "etcd" : "etcd-override-" + (i - 1), true, true, backend.health()));
      checks.add(new HealthCheck(i == 0 ? "etcd-readiness" : "etcd-override-readiness-" + (i - 1), false, true, backend.readiness()));
    }
    checks.add(new HealthCheck("informer-sync", false, true, () -> started ? Optional.empty() : Optional.of("not started yet")));
    for (String hook : StartHooks.NAMES) {
      checks.add(new HealthCheck(hook, true, true, () -> started ? Optional.empty() : Optional.of("not finished")));
    }
    checks.add(new HealthCheck("shutdown", false, true, () -> draining ? Optional.of("process is shutting down") : Optional.empty()));
    return checks;
  }

  private OidcDocuments oidc(SecurityParts security) {
    String keys = config.authentication().serviceAccounts().jwksUri().orElse("https://" + externalAddress() + "/openid/v1/jwks");
    ObjectValue document =
        ObjectValue.builder()
            .put("issuer", security.tokens().issuer())
            .put("jwks_uri", keys)
            .put("response_types_supported", ListValue.ofStrings(List.of("id_token")))
            .put("subject_types_supported", ListValue.ofStrings(List.of("public")))
            .put("id_token_signing_alg_values_supported", ListValue.ofStrings(security.tokens().algorithms()))
            .build();
    return new OidcDocuments(Buffer.buffer(GoText.json(document)), Buffer.buffer(security.tokens().keySet()));
  }

  private String advertiseAddress() {
    String bound = config.serving().bindAddress();
    InetAddress address = InetAddress.ofLiteral(bound);
    boolean unreachable = address.isAnyLocalAddress() || address.isLoopbackAddress();
    return config.network().advertiseAddress().orElseGet(() -> unreachable ? ServiceAddresses.own() : bound);
  }

  private String externalAddress() {
    return config.serving().externalHostname().orElse(advertiseAddress()) + ":" + config.serving().port();
  }

  private void openDoors(
      Registry registry,
      Wire wire,
      Set<String> groups,
      SecurityParts security,
      Credentials credentials,
      FlowControl flowControl,
      PrometheusRegistry metrics,
      AuditSink auditSink) {
    var serving = config.serving();
    Tls tls = tls(security, credentials);
    Limits base = Limits.DEFAULT;
    var limits =
        new Limits(
            base.bodyBytesMax(),
            base.headerBytesMax(),
            serving.http2StreamsMax() > 0 ? serving.http2StreamsMax() : base.streamsMax(),
            base.streamWindowBytes(),
            config.requests().timeout(),
            base.idleTimeout(),
            base.watchBufferBytesMax(),
            base.stuckTimeout());
    var services =
        new Services(
            new ServerRoutes(registry, aggregation, nodes, groups),
            wire,
            security.authenticator(),
            security.authorizer(),
            flowControl,
            new MaxInFlight(config.requests().inFlightMax(), config.requests().mutatingInFlightMax()),
            auditSink,
            new NegotiatedStatus(Schemas.builtin()),
            new IngressMetrics(metrics),
            clock);
    int loops = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < loops; i++) {
      var door = new IngressVerticle(new Listener(serving.bindAddress(), serving.port(), tls), limits, filters(), services);
      doors.add(door);
      deploy(door, ThreadingModel.EVENT_LOOP);
    }
  }

  private Tls tls(SecurityParts security, Credentials credentials) {
    var serving = config.serving();
    return new Tls(
        List.of(new Tls.Pair(read(credentials.servingCertificate()), read(credentials.servingKey()))),
        security.clientAuthorities(),
        serving.tlsMinVersion().equals("VersionTLS13") ? List.of("TLSv1.3") : Tls.PROTOCOLS,
        serving.cipherSuites(),
        serving.http2());
  }

  private Serving filters() {
    ServerConfig.Filters given = config.filters();
    return new Serving(
        given.hstsDirectives(),
        given.corsOrigins().stream().map(Pattern::compile).toList(),
        given.goawayChance(),
        given.retryAfterWhileStopping());
  }

  private void checkPortIsFree() {
    var serving = config.serving();
    try (var socket = new java.net.ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new java.net.InetSocketAddress(serving.bindAddress(), serving.port()));
    } catch (IOException e) {
      throw new ConfigException(
          "failed to create listener: failed to listen on " + serving.bindAddress() + ":" + serving.port() + ": " + e.getMessage());
    }
  }

  private static Buffer read(Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file);
    }
  }

  private static void authorizeCreate(Authorizer authorizer, RequestInfo info, UserInfo user) {
    var asked =
        AuthorizationAttributes.resource(
            user, "create", info.group(), info.version(), info.resource(), info.subresource(), info.namespace(), info.name());
    Authorizer.Decision decision = authorizer.authorize(asked);
    if (!decision.allowed()) {
      throw new Failure.Forbidden(info.groupResource(), info.name(), decision.reason()).toException();
    }
  }

  private void deploy(Verticle verticle, ThreadingModel model) {
    await(vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model)));
  }

  private void deploy(io.vertx.core.Deployable verticle, ThreadingModel model) {
    await(vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model)));
  }

  /// What a person is told once the server serves.
  List<String> greeting() {
    var serving = config.serving();
    var lines = new ArrayList<String>();
    lines.add("Thyra serves on https://" + serving.bindAddress() + ":" + serving.port());
    lines.add("Data: " + place);
    kubeconfig.ifPresent(file -> lines.add("Next: kubectl --kubeconfig " + file + " get namespaces"));
    return lines;
  }

  /// Drains and closes: readiness turns red, running requests finish, watches end, the store closes.
  void stop() {
    LOG.info("stopping");
    draining = true;
    pause(config.shutdown().delay());
    watches.drain();
    List<Future<Void>> drained = doors.stream().map(door -> door.drain(config.requests().timeout())).toList();
    try {
      await(Future.join(drained));
    } catch (RuntimeException e) {
      LOG.warn("a listener did not drain", e);
    }
    closedLast.reversed().forEach(Server::close);
    try {
      await(vertx.close());
    } finally {
      stopped.countDown();
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("a part did not close", e);
    }
  }

  void awaitStop() {
    try {
      stopped.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the server took too long to start or stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
