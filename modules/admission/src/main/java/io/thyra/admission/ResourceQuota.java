package io.thyra.admission;

import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Nothing is stored that a quota of its namespace has no room for; what is stored is counted at once in the quota's status.
/// Works on one object of a namespace at a time. Source: apiserver pkg/admission/plugin/resourcequota/controller.go.
final class ResourceQuota implements Plugin {
  private static final int RETRIES_MAX = 3;
  private static final int LOCKS = 64;
  // What is asked or passing, not kept.
  private static final Set<GroupResource> IGNORED =
      Set.of(
          new GroupResource("", "bindings"),
          new GroupResource("", "componentstatuses"),
          new GroupResource("", "events"),
          new GroupResource("events.k8s.io", "events"),
          new GroupResource("authentication.k8s.io", "tokenreviews"),
          new GroupResource("authentication.k8s.io", "selfsubjectreviews"),
          new GroupResource("authorization.k8s.io", "subjectaccessreviews"),
          new GroupResource("authorization.k8s.io", "selfsubjectaccessreviews"),
          new GroupResource("authorization.k8s.io", "localsubjectaccessreviews"),
          new GroupResource("authorization.k8s.io", "selfsubjectrulesreviews"));

  private final Map<GroupResource, QuotaEvaluator> evaluators;
  private final List<PluginConfiguration.LimitedResource> limited;
  private final QuotaLedger ledger;
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

  /// @param limited what nobody may use without a quota that covers it
  ResourceQuota(Registry registry, List<PluginConfiguration.LimitedResource> limited) {
    this.limited = limited;
    this.ledger = new QuotaLedger(registry);
    this.evaluators =
        Map.of(
            Resources.PODS, new PodQuota(registry.clock()),
            Resources.SERVICES, new QuotaEvaluator.Services(),
            Resources.CLAIMS, new ClaimQuota(),
            Resources.RESOURCE_CLAIMS, new DeviceQuota(registry, registry.clock()));
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes)
        && !attributes.namespace().isEmpty()
        && !(Resources.creates(attributes) && Resources.isKind(attributes, "", "Namespace"));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    GroupResource resource = attributes.resource().groupResource();
    if (IGNORED.contains(resource)) {
      return;
    }
    QuotaEvaluator evaluator = evaluators.get(resource);
    QuotaEvaluator counting = evaluator == null ? QuotaEvaluator.Count.of(resource) : evaluator;
    if (!counting.handles(attributes)) {
      return;
    }
    List<ObjectValue> quotas = ledger.peek(attributes.namespace());
    if (quotas.isEmpty() && limited.isEmpty()) {
      return;
    }
    ReentrantLock lock = locks[Math.floorMod(attributes.namespace().hashCode(), LOCKS)];
    lock.lock();
    try {
      check(attributes, counting);
    } finally {
      lock.unlock();
    }
  }

  private void check(AdmissionAttributes attributes, QuotaEvaluator evaluator) {
    List<ObjectValue> quotas = ledger.peek(attributes.namespace());
    for (int i = 0; ; i++) {
      List<QuotaLedger.Entry> entries = entries(quotas, attributes, evaluator);
      if (attributes.context().dryRun() || entries.isEmpty()) {
        return;
      }
      var failed = new HashSet<String>();
      ApiException last = null;
      for (QuotaLedger.Entry entry : entries) {
        try {
          ledger.enter(entry);
        } catch (ApiException e) {
          failed.add(Metadata.name(entry.quota()));
          last = e;
        }
      }
      if (last == null) {
        return;
      }
      if (i == RETRIES_MAX) {
        throw last;
      }
      // Somebody else wrote: those that were not entered are looked at again.
      quotas = ledger.read(attributes.namespace()).stream().filter(q -> failed.contains(Metadata.name(q))).toList();
    }
  }

  /// What is to be written if the object is stored; empty when that changes no quota.
  private List<QuotaLedger.Entry> entries(List<ObjectValue> quotas, AdmissionAttributes attributes, QuotaEvaluator evaluator) {
    ObjectValue object = Resources.object(attributes);
    List<ObjectValue> concerned = concerned(quotas, attributes, evaluator, object);
    ResourceAmounts usage = evaluator.usage(object);
    List<String> negative = usage.names().stream().filter(n -> usage.get(n).signum() < 0).toList();
    if (!negative.isEmpty()) {
      throw Refusal.forbidden(attributes, "quota usage is negative for resource(s): " + String.join(",", negative));
    }
    var more = new LinkedHashMap<ObjectValue, ResourceAmounts>();
    for (ObjectValue quota : concerned) {
      ResourceAmounts added = withoutZeros(added(attributes, evaluator, quota, usage));
      if (!added.isEmpty()) {
        more.put(quota, added);
      }
    }
    if (concerned.isEmpty() ? withoutZeros(uncovered(attributes, evaluator, usage)).isEmpty() : more.isEmpty()) {
      return List.of();
    }
    checkCovered(attributes, quotas, concerned, evaluator, usage);
    var entries = new ArrayList<QuotaLedger.Entry>();
    more.forEach((quota, added) -> enter(attributes, quota, added).ifPresent(entries::add));
    return entries;
  }

  private static List<ObjectValue> concerned(
      List<ObjectValue> quotas, AdmissionAttributes attributes, QuotaEvaluator evaluator, ObjectValue object) {
    var concerned = new ArrayList<ObjectValue>();
    for (ObjectValue quota : quotas) {
      ResourceAmounts limited = hard(quota).filter(evaluator::uses);
      if (!matches(quota, limited, evaluator, object)) {
        continue;
      }
      Optional<String> missing = evaluator.findMissing(limited, object);
      if (missing.isPresent()) {
        throw Refusal.forbidden(attributes, "failed quota: " + Metadata.name(quota) + ": " + missing.get());
      }
      ResourceAmounts used = used(quota);
      if (!limited.names().stream().allMatch(used::has)) {
        throw Refusal.forbidden(
            attributes,
            "status unknown for quota: " + Metadata.name(quota) + ", resources: " + String.join(",", limited.names()));
      }
      concerned.add(quota);
    }
    return concerned;
  }

  private static boolean matches(ObjectValue quota, ResourceAmounts limited, QuotaEvaluator evaluator, ObjectValue object) {
    return !limited.isEmpty() && QuotaScopes.of(quota).stream().allMatch(s -> evaluator.inScope(s, object));
  }

  private static ResourceAmounts added(
      AdmissionAttributes attributes, QuotaEvaluator evaluator, ObjectValue quota, ResourceAmounts usage) {
    ObjectValue old = Resources.oldObject(attributes);
    boolean counted =
        Resources.updates(attributes)
            && !Metadata.resourceVersion(old).isEmpty()
            && matches(quota, hard(quota).filter(evaluator::uses), evaluator, old);
    return counted ? notBelowZero(usage.minus(evaluator.usage(old))) : usage;
  }

  /// What more is used where no quota counts it.
  private static ResourceAmounts uncovered(AdmissionAttributes attributes, QuotaEvaluator evaluator, ResourceAmounts usage) {
    ObjectValue old = Resources.oldObject(attributes);
    boolean counted = Resources.updates(attributes) && !Metadata.resourceVersion(old).isEmpty();
    return counted ? notBelowZero(usage.minus(evaluator.usage(old))) : usage;
  }

  /// Refuses what the configuration limits and no quota covers.
  private void checkCovered(
      AdmissionAttributes attributes,
      List<ObjectValue> quotas,
      List<ObjectValue> concerned,
      QuotaEvaluator evaluator,
      ResourceAmounts usage) {
    if (limited.isEmpty()) {
      return;
    }
    ObjectValue object = Resources.object(attributes);
    GroupResource resource = attributes.resource().groupResource();
    var names = new TreeSet<String>();
    for (PluginConfiguration.LimitedResource each : limited) {
      if (each.group().equals(resource.group()) && each.resource().equals(resource.resource())) {
        usage.names().stream()
            .filter(name -> usage.get(name).signum() > 0 && each.contains().stream().anyMatch(name::contains))
            .forEach(names::add);
      }
    }
    concerned.forEach(quota -> names.removeAll(hard(quota).filter(evaluator::uses).names()));
    if (!names.isEmpty()) {
      throw Refusal.forbidden(attributes, "insufficient quota to consume: " + String.join(",", names));
    }
    if (!evaluator.coversScopes()) {
      return;
    }
    Set<String> covered =
        quotas.stream()
            .flatMap(quota -> QuotaScopes.of(quota).stream())
            .filter(scope -> evaluator.inScope(scope, object))
            .map(QuotaScopes.Scope::name)
            .collect(Collectors.toSet());
    List<String> missing =
        limited.stream()
            .flatMap(each -> each.scopes().stream())
            .filter(scope -> evaluator.inScope(scope, object) && !covered.contains(scope.name()))
            .map(scope -> "{" + scope.name() + " " + scope.operator() + " [" + String.join(" ", scope.values()) + "]}")
            .toList();
    if (!missing.isEmpty()) {
      throw Refusal.plain("insufficient quota to match these scopes: [" + String.join(" ", missing) + "]");
    }
  }

  private static ResourceAmounts notBelowZero(ResourceAmounts amounts) {
    return amounts.filter(n -> amounts.get(n).signum() > 0);
  }

  private static ResourceAmounts withoutZeros(ResourceAmounts amounts) {
    return amounts.filter(n -> !amounts.get(n).isZero());
  }

  private static Optional<QuotaLedger.Entry> enter(AdmissionAttributes attributes, ObjectValue quota, ResourceAmounts added) {
    ResourceAmounts hard = hard(quota);
    ResourceAmounts used = used(quota);
    ResourceAmounts requested = added.filter(hard::has);
    ResourceAmounts total = used.plus(requested);
    ResourceAmounts exceeded = requested.filter(n -> total.get(n).compareTo(hard.get(n)) > 0);
    if (!exceeded.isEmpty() && !attributes.subresource().equals("status")) {
      throw Refusal.forbidden(
          attributes,
          "exceeded quota: " + Metadata.name(quota) + ", requested: " + exceeded + ", used: " + used.filter(exceeded::has)
              + ", limited: " + hard.filter(exceeded::has));
    }
    return total.sameAs(used) ? Optional.empty() : Optional.of(new QuotaLedger.Entry(quota, total));
  }

  private static ResourceAmounts hard(ObjectValue quota) {
    return ResourceAmounts.of(quota.object("status", "hard"));
  }

  private static ResourceAmounts used(ObjectValue quota) {
    return ResourceAmounts.of(quota.object("status", "used"));
  }
}
