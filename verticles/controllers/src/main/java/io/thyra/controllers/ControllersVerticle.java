package io.thyra.controllers;

import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes at start-up what every server makes, then runs the loops. To be deployed on a virtual thread: it waits. It counts
/// as deployed when the objects are there, so that the server is not ready before.
public final class ControllersVerticle extends AbstractVerticle {
  /// What the objects and loops depend on.
  ///
  /// @param bootstrapPolicy the roles and bindings that every server has
  /// @param rootCertificates the CA that clients verify this server with, PEM; empty when it is not known
  /// @param sharedStore whether other servers use the store too
  /// @param enabled whether `--controllers` names a loop
  /// @param policyChecks the warnings about a validating policy
  public record Settings(
      String advertiseAddress,
      int securePort,
      int kubernetesServiceNodePort,
      boolean reconcileEndpoints,
      List<String> serviceRanges,
      String kubernetesServiceAddress,
      ObjectValue authentication,
      List<ObjectValue> bootstrapPolicy,
      RbacBootstrap.MissingRules missingRules,
      String rootCertificates,
      boolean sharedStore,
      Predicate<String> enabled,
      Function<ObjectValue, List<ObjectValue>> policyChecks) {}

  private static final Duration IDENTITY_RENEWAL = Duration.ofSeconds(10);

  private final Registry registry;
  private final Settings settings;
  private final List<Loop> loops = new ArrayList<>();
  private volatile @Nullable ClusterObjects cluster;

  public ControllersVerticle(Registry registry, Settings settings) {
    this.registry = registry;
    this.settings = settings;
  }

  @Override
  public void start(Promise<Void> started) {
    var cluster =
        new ClusterObjects(
            registry,
            new ClusterObjects.Facts(
                settings.advertiseAddress(),
                settings.securePort(),
                settings.kubernetesServiceNodePort(),
                settings.reconcileEndpoints(),
                settings.serviceRanges(),
                settings.kubernetesServiceAddress(),
                settings.authentication(),
                settings.sharedStore()));
    this.cluster = cluster;
    var namespaces = new SystemNamespaces(registry);
    namespaces.makeAll();
    new RbacBootstrap(registry, settings.missingRules()).reconcile(settings.bootstrapPolicy());
    new BootstrapObjects(registry, Registry.SYSTEM).reconcile();
    cluster.makeServiceRange();
    cluster.makeKubernetesService();
    cluster.publishAuthentication();
    cluster.renewIdentity();
    loops.add(namespaces);
    loops.add(new FlowSchemaStatus(registry));
    loops.add(new AddressRepair(registry));
    loops.add(new Renewal("default-service-cidr", cluster::makeServiceRange, IDENTITY_RENEWAL));
    loops.add(new Renewal("apiserver-identity", cluster::renewIdentity, IDENTITY_RENEWAL));
    if (settings.sharedStore()) {
      // This server stays among the endpoints of the kubernetes Service, and those go out that are gone.
      loops.add(new Renewal("kubernetes-endpoints", cluster::announce, IDENTITY_RENEWAL));
    }
    addEnabled();
    loops.forEach(Loop::start);
    started.complete();
  }

  private void addEnabled() {
    var optional = new ArrayList<Loop>();
    optional.add(new NamespaceDeletion(registry));
    optional.add(NamespaceFurnishing.serviceAccounts(registry));
    optional.add(new RoleAggregation(registry));
    optional.add(new GarbageCollector(registry));
    optional.add(new PolicyStatus(registry, settings.policyChecks()));
    if (!settings.rootCertificates().isEmpty()) {
      optional.add(NamespaceFurnishing.rootCertificates(registry, settings.rootCertificates()));
    }
    optional.stream().filter(loop -> settings.enabled().test(loop.name())).forEach(loops::add);
  }

  /// Tells the cluster that this server is going. On a virtual thread: it waits.
  public void withdraw() {
    ClusterObjects started = cluster;
    if (started != null) {
      started.withdraw();
    }
  }

  @Override
  public void stop() {
    loops.reversed().forEach(Loop::close);
  }
}
