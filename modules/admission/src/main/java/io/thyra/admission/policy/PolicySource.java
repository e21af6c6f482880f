package io.thyra.admission.policy;

import io.thyra.cache.CachedObject;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The policies of one kind by name, each with its bindings, read from the caches at each request and compiled when a policy changed.
/// Safe for many threads. Source: apiserver pkg/admission/plugin/policy/generic/policy_source.go.
///
/// @param <P> a policy, compiled
final class PolicySource<P> {
  /// A policy and what binds it.
  record Bound<T>(T policy, List<ObjectValue> bindings) {}

  private record Known<T>(long revision, T policy) {}

  /// @param revisions those of policies and bindings, in order
  private record Parsed<T>(List<Long> revisions, Map<String, Known<T>> known, List<Bound<T>> policies) {}

  private final Registry registry;
  private final GroupResource policies;
  private final GroupResource bindings;
  private final Function<ObjectValue, P> compile;
  private volatile Parsed<P> last = new Parsed<>(List.of(), Map.of(), List.of());

  PolicySource(Registry registry, String policies, String bindings, Function<ObjectValue, P> compile) {
    this.registry = registry;
    this.policies = new GroupResource("admissionregistration.k8s.io", policies);
    this.bindings = new GroupResource("admissionregistration.k8s.io", bindings);
    this.compile = compile;
  }

  /// The policies that something binds.
  List<Bound<P>> policies() {
    Optional<ResourceStore> policyStore = registry.findStore(policies);
    Optional<ResourceStore> bindingStore = registry.findStore(bindings);
    if (policyStore.isEmpty() || bindingStore.isEmpty()) {
      return List.of();
    }
    List<CachedObject> allPolicies = objects(policyStore.get());
    List<CachedObject> allBindings = allPolicies.isEmpty() ? List.of() : objects(bindingStore.get());
    var revisions = new ArrayList<Long>();
    allPolicies.forEach(o -> revisions.add(o.modRevision()));
    allBindings.forEach(o -> revisions.add(o.modRevision()));
    Parsed<P> known = last;
    if (known.revisions().equals(revisions)) {
      return known.policies();
    }
    Parsed<P> next = parse(policyStore.get(), allPolicies, bindingStore.get(), allBindings, List.copyOf(revisions), known.known());
    last = next;
    return next.policies();
  }

  private static List<CachedObject> objects(ResourceStore store) {
    var objects = new ArrayList<CachedObject>();
    store.cache().snapshot().range(store.cache().prefix()).forEach(objects::add);
    return objects;
  }

  private Parsed<P> parse(
      ResourceStore policyStore,
      List<CachedObject> allPolicies,
      ResourceStore bindingStore,
      List<CachedObject> allBindings,
      List<Long> revisions,
      Map<String, Known<P>> before) {
    var bound = new HashMap<String, List<ObjectValue>>();
    for (CachedObject object : allBindings) {
      ObjectValue binding = bindingStore.tree(object);
      bound.computeIfAbsent(binding.string("spec", "policyName"), _ -> new ArrayList<>()).add(binding);
    }
    var known = new LinkedHashMap<String, Known<P>>();
    var all = new ArrayList<Bound<P>>();
    for (CachedObject object : allPolicies) {
      Known<P> kept = before.get(object.key());
      boolean same = kept != null && kept.revision() == object.modRevision();
      ObjectValue policy = same ? ObjectValue.EMPTY : policyStore.tree(object);
      Known<P> current = same ? kept : new Known<>(object.modRevision(), compile.apply(policy));
      known.put(object.key(), current);
      String name = object.key().substring(object.key().lastIndexOf('/') + 1);
      List<ObjectValue> its = bound.get(name);
      if (its != null) {
        all.add(new Bound<>(current.policy(), List.copyOf(its)));
      }
    }
    return new Parsed<>(revisions, known, List.copyOf(all));
  }
}
