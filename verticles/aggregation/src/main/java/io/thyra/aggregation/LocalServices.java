package io.thyra.aggregation;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Preconditions;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The APIServices of what this server itself serves: made once at start-up for what is built in, kept in step with the
/// definitions of custom resources. Owned by the thread of its loop.
///
/// What happens to one, by what it is now and by what is wanted:
///
///     now \ wanted               nothing   on start   always
///     absent                     -         made once  made
///     not managed                -         -          -
///     on start, made meanwhile   -         -          -
///     on start, from before      deleted once, or updated once
///     always                     deleted   updated    updated
///
/// Source: kube-aggregator pkg/controllers/autoregister; kubernetes pkg/controlplane/controller/crdregistration.
final class LocalServices {
  static final GroupResource DEFINITIONS = new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");

  private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
  private static final String ON_START = "onstart";
  private static final String ALWAYS = "true";
  private static final Duration RECHECK = Duration.ofMinutes(5);
  private static final Duration RETRY = Duration.ofMillis(200);

  private record Wanted(GroupVersion groupVersion, String managed, Priority priority) {
    ObjectValue object() {
      ObjectValue metadata =
          ObjectValue.builder()
              .put("name", groupVersion.version() + "." + groupVersion.group())
              .put("labels", ObjectValue.builder().put(MANAGED, managed).build())
              .build();
      return ObjectValue.builder()
          .put("kind", "APIService")
          .put("apiVersion", "apiregistration.k8s.io/v1")
          .put("metadata", metadata)
          .put("spec", spec())
          .build();
    }

    ObjectValue spec() {
      var spec = ObjectValue.builder();
      if (!groupVersion.group().isEmpty()) {
        spec.put("group", groupVersion.group());
      }
      return spec.put("version", groupVersion.version())
          .put("groupPriorityMinimum", priority.group())
          .put("versionPriority", priority.version())
          .build();
    }

    boolean isMetBy(ApiService now) {
      return now.service().isEmpty()
          && now.groupVersion().equals(groupVersion)
          && now.groupPriority() == priority.group()
          && now.versionPriority() == priority.version()
          && now.caBundle().isEmpty()
          && !now.insecure();
    }
  }

  private final Registry registry;
  private final Function<GroupVersion, Priority> priorities;
  private final Set<String> synced = new HashSet<>();
  private @Nullable Set<String> atStart;

  LocalServices(Registry registry, Function<GroupVersion, Priority> priorities) {
    this.registry = registry;
    this.priorities = priorities;
  }

  /// Brings all of them to the state they should have.
  Duration refresh() {
    Map<String, Wanted> wanted = wanted();
    Map<String, ObjectValue> live = new HashMap<>();
    registry.list(ApiService.RESOURCE, "").forEach(object -> live.put(object.string("metadata", "name"), object));
    if (atStart == null) {
      atStart = Set.copyOf(live.keySet());
    }
    var names = new TreeSet<>(live.keySet());
    names.addAll(wanted.keySet());
    boolean complete = true;
    for (String name : names) {
      try {
        sync(name, live.get(name), wanted.get(name));
        synced.add(name);
      } catch (ApiException e) {
        complete &= e.failure() instanceof Failure.NotFound || e.failure() instanceof Failure.AlreadyExists;
      }
    }
    for (ObjectValue each : registry.list(ApiService.RESOURCE, "")) {
      if (!(each.at("spec", "service") instanceof ObjectValue)) {
        Condition.LOCAL.tell(registry, each.string("metadata", "name"));
      }
    }
    return complete ? RECHECK : RETRY;
  }

  private Map<String, Wanted> wanted() {
    var wanted = new TreeMap<String, Wanted>();
    for (ObjectValue definition : registry.peekAll(DEFINITIONS, "")) {
      for (ObjectValue version : definition.list("spec", "versions").objects()) {
        if (version.bool("served")) {
          want(wanted, new GroupVersion(definition.string("spec", "group"), version.string("name")), ALWAYS);
        }
      }
    }
    for (ResourceStore store : registry.stores()) {
      ResourceDefinition definition = store.definition();
      if (definition.protobuf()) {
        for (VersionedType version : definition.versions()) {
          GroupVersion groupVersion = version.kind().groupVersion();
          if (!groupVersion.group().equals(ApiService.RESOURCE.group())) {
            want(wanted, groupVersion, ON_START);
          }
        }
      }
    }
    return wanted;
  }

  private void want(Map<String, Wanted> wanted, GroupVersion groupVersion, String managed) {
    wanted.put(
        groupVersion.version() + "." + groupVersion.group(), new Wanted(groupVersion, managed, priorities.apply(groupVersion)));
  }

  private void sync(String name, @Nullable ObjectValue now, @Nullable Wanted wanted) {
    boolean before = synced.contains(name);
    if (now == null) {
      if (wanted != null && !(before && wanted.managed().equals(ON_START))) {
        registry.create(Registry.SYSTEM_ACTOR, ApiService.RESOURCE, wanted.object());
      }
      return;
    }
    String managed = now.object("metadata", "labels").string(MANAGED);
    boolean onStart = managed.equals(ON_START);
    if (before && wanted != null && wanted.managed().equals(ON_START)
        || !onStart && !managed.equals(ALWAYS)
        || onStart && (before || atStart == null || !atStart.contains(name))) {
      return;
    }
    if (wanted == null) {
      var terms = new DeleteTerms(new Preconditions(now.string("metadata", "uid"), null), null, null, null);
      registry.delete(Registry.SYSTEM, ApiService.RESOURCE, "", name, terms);
    } else if (!wanted.isMetBy(ApiService.of(now))) {
      registry.update(Registry.SYSTEM_ACTOR, ApiService.RESOURCE, "", "", name, live -> live.with("spec", wanted.spec()));
    }
  }
}
