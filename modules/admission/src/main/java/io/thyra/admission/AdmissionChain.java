package io.thyra.admission;

import io.thyra.codec.Canonical;
import io.thyra.machinery.NameGenerator;
import io.thyra.model.Authorizer;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Admission;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The plugins, asked in upstream's order: all that change an object, twice when one of them wants that, later all that look at
/// it.
/// Immutable; the plugins own what state they have.
public final class AdmissionChain implements Admission {
  private final List<Plugin> plugins;
  private final Registry registry;

  private AdmissionChain(List<Plugin> plugins, Registry registry) {
    this.plugins = List.copyOf(plugins);
    this.registry = registry;
  }

  /// @param settings with names that [PluginNames#findProblems] finds nothing wrong with
  /// @param registry where plugins look things up
  /// @param authorizer asked by the plugins whose subject are rights
  /// @param random for names of volumes; safe for many threads
  /// @param others plugins that are made elsewhere (webhooks, policies), by their names
  /// @param times told how long each plugin takes
  public static AdmissionChain of(
      Settings settings, Registry registry, Authorizer authorizer, RandomGenerator random, Map<String, Plugin> others, AdmissionTimes times) {
    return of(settings, registry, authorizer, random, others, times, AdmissionChain::pause);
  }

  static AdmissionChain of(
      Settings settings,
      Registry registry,
      Authorizer authorizer,
      RandomGenerator random,
      Map<String, Plugin> others,
      AdmissionTimes times,
      Consumer<Duration> pause) {
    var names = new NameGenerator(random);
    var signers = new Signers(authorizer);
    var plugins = new ArrayList<Plugin>();
    for (String name : PluginNames.running(settings)) {
      Optional.ofNullable(others.get(name))
          .or(() -> plugin(name, settings, registry, names, signers, pause))
          .ifPresent(plugin -> plugins.add(new TimedPlugin(name, plugin, times)));
    }
    return new AdmissionChain(plugins, registry);
  }

  /// The plugin of a name; empty for those that have no work while their feature is off, and for those that are made elsewhere.
  private static Optional<Plugin> plugin(
      String name, Settings settings, Registry registry, NameGenerator names, Signers signers, Consumer<Duration> pause) {
    Set<String> features = settings.features();
    boolean workloads = features.contains("GenericWorkload");
    return switch (name) {
      case "AlwaysAdmit" -> Optional.of(new AlwaysAdmit());
      case "NamespaceAutoProvision" -> Optional.of(new NamespaceAutoProvision(registry));
      case "NamespaceLifecycle" -> Optional.of(new NamespaceLifecycle(registry));
      case "NamespaceExists" -> Optional.of(new NamespaceExists(registry));
      case "LimitPodHardAntiAffinityTopology" -> Optional.of(new LimitPodHardAntiAffinityTopology());
      case "LimitRanger" -> Optional.of(new LimitRanger(registry));
      case "ServiceAccount" -> Optional.of(new ServiceAccount(registry, names, pause));
      case "NodeRestriction" -> Optional.of(new NodeRestriction(registry, signers.authorizer(), features.contains("PodCertificateRequest")));
      case "TaintNodesByCondition" -> Optional.of(new TaintNodesByCondition());
      case "AlwaysPullImages" -> Optional.of(new AlwaysPullImages());
      case "PodSecurity" -> Optional.of(new PodSecurity(registry, settings.configuration().podSecurity()));
      case "PodNodeSelector" -> Optional.of(new PodNodeSelector(registry, settings.configuration().nodeSelectors()));
      case "Priority" -> Optional.of(new Priority(registry, features.contains("WorkloadAwarePreemption")));
      case "DefaultTolerationSeconds" ->
          Optional.of(new DefaultTolerationSeconds(settings.notReadySeconds(), settings.unreachableSeconds()));
      case "PodTolerationRestriction" -> Optional.of(new PodTolerationRestriction(registry, settings.configuration().tolerations()));
      case "EventRateLimit" -> Optional.of(new EventRateLimit(settings.configuration().eventLimits(), registry.clock()));
      case "ExtendedResourceToleration" -> Optional.of(new ExtendedResourceToleration());
      case "DefaultStorageClass" -> Optional.of(new DefaultStorageClass(registry));
      case "StorageObjectInUseProtection" -> Optional.of(FinalizerProtection.ofStorage());
      case "PodGroupProtection" -> given(workloads, FinalizerProtection.ofPodGroups());
      case "OwnerReferencesPermissionEnforcement" ->
          Optional.of(new OwnerReferencesPermissionEnforcement(registry, signers.authorizer()));
      case "PersistentVolumeClaimResize" -> Optional.of(new PersistentVolumeClaimResize(registry));
      case "RuntimeClass" -> Optional.of(new RuntimeClass(registry));
      case "CertificateApproval" -> Optional.of(new CertificateApproval(signers));
      case "CertificateSigning" -> Optional.of(new CertificateSigning(signers));
      case "ClusterTrustBundleAttest" -> given(features.contains("ClusterTrustBundle"), new ClusterTrustBundleAttest(signers));
      case "CertificateSubjectRestriction" -> Optional.of(new CertificateSubjectRestriction());
      case "DefaultIngressClass" -> Optional.of(new DefaultIngressClass(registry));
      case "DenyServiceExternalIPs" -> Optional.of(new DenyServiceExternalIps());
      case "PodTopologyLabels" -> Optional.of(new PodTopologyLabels(registry));
      case "PodGroupWorkloadExists" -> given(workloads, new PodGroupWorkloadExists(registry));
      case "NodeDeclaredFeatureValidator" -> Optional.of(new NodeDeclaredFeatureValidator(registry));
      case "JobValidation" -> given(workloads || features.contains("WorkloadWithJob"), new JobValidation(registry));
      case "PodResizeValidator" -> Optional.of(new PodResizeValidator(registry));
      case "ResourceQuota" -> Optional.of(new ResourceQuota(registry, settings.configuration().limitedResources()));
      case "AlwaysDeny" -> Optional.of(new AlwaysDeny());
      default -> Optional.empty();
    };
  }

  private static Optional<Plugin> given(boolean feature, Plugin plugin) {
    return feature ? Optional.of(plugin) : Optional.empty();
  }

  /// Waits, unless the thread is interrupted.
  public static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ObjectValue mutate(AdmissionAttributes attributes) {
    var reinvocation = new Reinvocation();
    AdmissionAttributes told = round(attributes, reinvocation);
    if (reinvocation.startSecondRound()) {
      told = round(told, reinvocation);
    }
    ObjectValue before = Resources.object(attributes);
    ObjectValue after = Resources.object(told);
    return after == before || after.equals(before) ? before : canonical(told, after, before);
  }

  private AdmissionAttributes round(AdmissionAttributes attributes, Reinvocation reinvocation) {
    AdmissionAttributes told = attributes;
    for (Plugin plugin : plugins) {
      if (plugin.handles(told)) {
        told = plugin.mutate(told, reinvocation);
      }
    }
    return told;
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    for (Plugin plugin : plugins) {
      if (plugin.handles(attributes)) {
        plugin.validate(attributes);
      }
    }
  }

  /// Plugins set fields at the end of objects; upstream prints them in the order of its structs.
  private ObjectValue canonical(AdmissionAttributes attributes, ObjectValue object, ObjectValue before) {
    Optional<ResourceDefinition> definition =
        registry.findStore(attributes.resource().groupResource()).map(store -> store.definition());
    return definition
        .filter(d -> d.protobuf() && d.hub().kind().equals(attributes.kind().kind()))
        .map(d -> Canonical.complete(object, d.hubVersion().struct(), before))
        .orElse(object);
  }
}
