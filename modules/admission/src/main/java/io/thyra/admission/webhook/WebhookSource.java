package io.thyra.admission.webhook;

import io.thyra.cache.CachedObject;
import io.thyra.model.GroupResource;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The webhooks of all configurations of one resource, by the names of these. Read from the cache at each request, and
/// parsed when a configuration changed. Safe for all threads.
final class WebhookSource {
  /// @param revisions those of the configurations, in order
  private record Parsed(List<Long> revisions, List<Webhook> webhooks) {
    static final Parsed NONE = new Parsed(List.of(), List.of());
  }

  private final Registry registry;
  private final GroupResource resource;
  private volatile Parsed last = Parsed.NONE;

  WebhookSource(Registry registry, String resource) {
    this.registry = registry;
    this.resource = new GroupResource("admissionregistration.k8s.io", resource);
  }

  List<Webhook> webhooks() {
    Optional<ResourceStore> found = registry.findStore(resource);
    if (found.isEmpty()) {
      return List.of();
    }
    ResourceStore store = found.get();
    var revisions = new ArrayList<Long>();
    for (CachedObject object : store.cache().snapshot().range(store.cache().prefix())) {
      revisions.add(object.modRevision());
    }
    Parsed known = last;
    if (known.revisions().equals(revisions)) {
      return known.webhooks();
    }
    Parsed next = parse(store);
    last = next;
    return next.webhooks();
  }

  private static Parsed parse(ResourceStore store) {
    var revisions = new ArrayList<Long>();
    var webhooks = new ArrayList<Webhook>();
    for (CachedObject object : store.cache().snapshot().range(store.cache().prefix())) {
      revisions.add(object.modRevision());
      webhooks.addAll(Webhook.ofConfiguration(store.tree(object)));
    }
    return new Parsed(List.copyOf(revisions), List.copyOf(webhooks));
  }
}
