package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.cache.CacheOptions;
import io.thyra.codec.JsonWriter;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Admission;
import io.thyra.registry.CreateAuthorization;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.storage.testkit.ModelStorage;
import io.thyra.storage.testkit.TestClock;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CustomResourcesTest {
  private static final GroupVersionKind DEFINITION = new GroupVersionKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
  private static final GroupResource GADGETS = new GroupResource("example.dev", "gadgets");

  private final TestClock clock = new TestClock();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Registry registry;
  private CustomResources customResources;

  @BeforeEach
  void start() {
    registry =
        new Registry(
            new ModelStorage(clock),
            CacheOptions.DEFAULT,
            clock,
            (delay, task) -> {
              var scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
              return () -> scheduled.cancel(false);
            },
            CreateAuthorization.ALLOWED,
            _ -> Admission.NONE);
    ResourceDefinition definitions =
        ResourceDefinition.builder(CustomResources.DEFINITIONS)
            .clusterScoped()
            .storedUnder("/registry/apiextensions.k8s.io/customresourcedefinitions/")
            .versions(DEFINITION, List.of(VersionedType.same(DEFINITION, Schemas.builtin().findKind(DEFINITION).orElseThrow(), o -> o)))
            .columns(new TableColumns(List.of(), (_, _) -> List.of()))
            .build();
    registry.register(CustomResources.extend(definitions)).toCompletionStage().toCompletableFuture().join();
    customResources = new CustomResources(registry, java.util.Set.of(CustomResources.DEFINITIONS), ConversionClient.NONE);
    customResources.start();
  }

  @AfterEach
  void stop() {
    customResources.close();
    registry.close();
    timer.shutdownNow();
  }

  private static ObjectValue definition() {
    return Json.object(
        "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1','metadata':{'name':'gadgets.example.dev'},"
            + "'spec':{'group':'example.dev','scope':'Namespaced','names':{'plural':'gadgets','singular':'gadget','kind':'Gadget',"
            + "'listKind':'GadgetList'},'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':"
            + "{'type':'object','properties':{'spec':{'type':'object','properties':{'size':{'type':'integer','default':3}}}}}}}],"
            + "'conversion':{'strategy':'None'}}}");
  }

  /// Waits for changes of the definitions until one passes.
  private void awaitDefinitions(Predicate<List<ObjectValue>> test) throws InterruptedException {
    ResourceStore store = registry.findStore(CustomResources.DEFINITIONS).orElseThrow();
    var cursor = store.cache().open(store.cache().prefix(), store.cache().revision()).toCompletionStage().toCompletableFuture().join();
    try (cursor) {
      while (!test.test(registry.peekAll(CustomResources.DEFINITIONS, ""))) {
        var woken = new CountDownLatch(1);
        cursor.next(100);
        cursor.onWake(woken::countDown);
        if (test.test(registry.peekAll(CustomResources.DEFINITIONS, ""))) {
          return;
        }
        assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private void establish() throws InterruptedException {
    registry.create(Registry.SYSTEM, CustomResources.DEFINITIONS, definition());
    awaitDefinitions(all -> all.size() == 1 && Conditions.isTrue(all.getFirst(), Conditions.ESTABLISHED));
  }

  private ObjectValue createGadget() {
    ObjectValue gadget =
        Json.object("{'apiVersion':'example.dev/v1','kind':'Gadget','metadata':{'name':'one','namespace':'ns'},'spec':{}}");
    return registry.create(Registry.SYSTEM, GADGETS, gadget);
  }

  @Test
  void servesWhatIsEstablished() throws InterruptedException {
    establish();
    ObjectValue made = createGadget();
    assertThat(made.integer(0, "spec", "size")).isEqualTo(3);
    assertThat(made.integer(0, "metadata", "generation")).isEqualTo(1);
    assertThat(registry.list(GADGETS, "ns")).hasSize(1);
    assertThat(customResources.published()).extracting(PublishedSchema::name).containsExactly("dev.example.v1.Gadget");
  }

  /// The real server stores definitions as JSON, and in v1beta1.
  @Test
  void readsDefinitionsThatRealServersStored() throws InterruptedException {
    ObjectValue spec = definition().object("spec");
    ObjectValue version = spec.list("versions").objects().getFirst();
    ObjectValue older =
        definition()
            .with("apiVersion", Value.of("apiextensions.k8s.io/v1beta1"))
            .withAt(Value.of("11111111-2222-3333-4444-555555555555"), "metadata", "uid")
            .with("spec", spec.with("versions", ListValue.of(version.without("schema"))).with("validation", version.object("schema")));
    registry
        .storage(CustomResources.DEFINITIONS)
        .put("/registry/apiextensions.k8s.io/customresourcedefinitions/gadgets.example.dev", 0, Buffer.buffer(JsonWriter.write(older)), Duration.ZERO)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    awaitDefinitions(all -> all.size() == 1 && Conditions.isTrue(all.getFirst(), Conditions.ESTABLISHED));

    assertThat(createGadget().integer(0, "spec", "size")).isEqualTo(3);
    ObjectValue read = registry.peek(CustomResources.DEFINITIONS, "", "gadgets.example.dev").orElseThrow();
    assertThat(read.string("apiVersion")).isEqualTo("apiextensions.k8s.io/v1");
    assertThat(read.object("spec").get("validation")).isNull();
    assertThat(read.list("spec", "versions").objects().getFirst().get("schema")).isEqualTo(version.get("schema"));
  }

  @Test
  void deletesObjectsBeforeTheirDefinition() throws InterruptedException {
    establish();
    createGadget();
    registry.delete(Registry.SYSTEM, CustomResources.DEFINITIONS, "", "gadgets.example.dev", DeleteTerms.NONE);
    awaitDefinitions(List::isEmpty);
    assertThat(registry.storage(GADGETS).get("/registry/example.dev/gadgets/ns/one").toCompletionStage().toCompletableFuture().join())
        .isEqualTo(Optional.empty());
  }
}
