package io.thyra.registry;

import io.thyra.cache.CacheOptions;
import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.thyra.schema.Schemas;
import io.thyra.storage.testkit.ModelStorage;
import io.thyra.storage.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/// A registry of config maps over the model store.
final class Fixture implements AutoCloseable {
  static final GroupResource CONFIG_MAPS = new GroupResource("", "configmaps");
  static final GroupVersionKind CONFIG_MAP = new GroupVersionKind("", "v1", "ConfigMap");

  final TestClock clock = new TestClock();
  final ModelStorage storage = new ModelStorage(clock);
  final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  final Registry registry;
  final ResourceStore store;
  final VersionedType version;

  Fixture() {
    this(new ResourceStrategy() {}, Admission.NONE);
  }

  Fixture(ResourceStrategy strategy, Admission admission) {
    registry =
        new Registry(
            storage,
            CacheOptions.DEFAULT,
            clock,
            (delay, task) -> {
              var scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
              return () -> scheduled.cancel(false);
            },
            CreateAuthorization.ALLOWED,
            _ -> admission);
    version = VersionedType.same(CONFIG_MAP, Schemas.builtin().findKind(CONFIG_MAP).orElseThrow(), o -> o);
    ResourceDefinition definition =
        ResourceDefinition.builder(CONFIG_MAPS)
            .storedUnder("/registry/configmaps/")
            .versions(CONFIG_MAP, List.of(version))
            .strategy(strategy)
            .columns(new TableColumns(List.of(), (_, _) -> List.of()))
            .build();
    store = registry.register(definition).toCompletionStage().toCompletableFuture().join();
  }

  static ObjectValue configMap(String name) {
    return ObjectValue.builder()
        .put("kind", "ConfigMap")
        .put("apiVersion", "v1")
        .put("metadata", name.isEmpty() ? ObjectValue.EMPTY : ObjectValue.ofStrings(Map.of("name", name)))
        .put("data", ObjectValue.ofStrings(Map.of("k", "v")))
        .build();
  }

  WriteRequest request(String verb, String name, boolean dryRun) {
    var info =
        new RequestInfo(true, "/api/v1/namespaces/ns/configmaps", verb, "api", "", "v1", "ns", "configmaps", "", name);
    var user = new UserInfo("tester", "", List.of());
    return new WriteRequest(new RequestContext(info, user, "tester/1", dryRun, clock.instant()), version, "tester", Optional.empty());
  }

  ObjectValue create(ObjectValue object) {
    return store.create(request("create", "", false), object);
  }

  ObjectValue replace(ObjectValue object) {
    return store
        .replace(request("update", Metadata.name(object), false), store.definition().strategy(), object)
        .object();
  }

  DeleteOutcome delete(String name, DeleteTerms terms) {
    return store.delete(request("delete", name, false), terms);
  }

  Optional<ObjectValue> find(String name) {
    return store.find("ns", name, "").map(store::tree);
  }

  static Status refusal(Runnable task) {
    return Assertions.catchThrowableOfType(ApiException.class, task::run).status();
  }

  void advance(Duration step) {
    clock.advance(step);
  }

  @Override
  public void close() {
    registry.close();
    timer.shutdownNow();
  }
}
