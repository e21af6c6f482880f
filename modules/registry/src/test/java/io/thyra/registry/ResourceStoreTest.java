package io.thyra.registry;

import static io.thyra.registry.Fixture.configMap;
import static io.thyra.registry.Fixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.machinery.FieldLabelConversion;
import io.thyra.machinery.ListOptions;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.model.Status;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceStoreTest {
  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private ListPage list(String query) {
    return fixture.store.list("ns", ListOptions.parse(Query.parse(query), FieldLabelConversion.METADATA, null));
  }

  private static List<String> names(ListPage page) {
    return page.items().stream().map(io.thyra.cache.CachedObject::name).toList();
  }

  @Test
  void createsWithSystemMetadata() {
    ObjectValue created = fixture.create(configMap("a"));
    assertThat(Metadata.uid(created)).hasSize(36);
    assertThat(Metadata.namespace(created)).isEqualTo("ns");
    assertThat(Metadata.resourceVersion(created)).isEqualTo(Long.toString(fixture.storage.revision()));
    assertThat(created.string("metadata", "creationTimestamp")).isEqualTo(Metadata.time(fixture.clock.instant()));
    assertThat(created.object("metadata").names())
        .containsExactly("name", "namespace", "uid", "resourceVersion", "creationTimestamp", "managedFields");
    assertThat(fixture.find("a")).contains(created);
  }

  @Test
  void refusesANameThatIsTaken() {
    fixture.create(configMap("a"));
    Status status = refusal(() -> fixture.create(configMap("a")));
    assertThat(status.code()).isEqualTo(409);
    assertThat(status.message()).isEqualTo("configmaps \"a\" already exists");
  }

  @Test
  void saysWhenTheNameIsTakenByAnObjectThatIsBeingDeleted() {
    fixture.create(Metadata.withFinalizers(configMap("a"), List.of("example.org/hold")));
    fixture.delete("a", DeleteTerms.NONE);
    Status status = refusal(() -> fixture.create(configMap("a")));
    assertThat(status.message()).isEqualTo("object is being deleted: configmaps \"a\" already exists");
  }

  @Test
  void refusesAResourceVersionOnCreate() {
    Status status = refusal(() -> fixture.create(Metadata.with(configMap("a"), "resourceVersion", "5")));
    assertThat(status.code()).isEqualTo(500);
    assertThat(status.message()).isEqualTo("resourceVersion should not be set on objects to be created");
  }

  @Test
  void refusesAnotherNamespace() {
    Status status = refusal(() -> fixture.create(Metadata.with(configMap("a"), "namespace", "other")));
    assertThat(status.message())
        .isEqualTo("the namespace of the provided object does not match the namespace sent on the request");
  }

  @Test
  void generatesNames() {
    ObjectValue created = fixture.create(Metadata.with(configMap(""), "generateName", "g-"));
    assertThat(Metadata.name(created)).startsWith("g-").hasSize(7);
  }

  @Test
  void replacesUnconditionally() {
    ObjectValue created = fixture.create(configMap("a"));
    ObjectValue changed = configMap("a").withAt(new StringValue("w"), "data", "k");
    ObjectValue replaced = fixture.replace(changed);
    assertThat(replaced.string("data", "k")).isEqualTo("w");
    assertThat(Metadata.uid(replaced)).isEqualTo(Metadata.uid(created));
    assertThat(Long.parseLong(Metadata.resourceVersion(replaced))).isGreaterThan(Long.parseLong(Metadata.resourceVersion(created)));
  }

  @Test
  void conflictsOnAnOldResourceVersion() {
    ObjectValue created = fixture.create(configMap("a"));
    fixture.replace(created.withAt(new StringValue("w"), "data", "k"));
    Status status = refusal(() -> fixture.replace(created.withAt(new StringValue("x"), "data", "k")));
    assertThat(status.code()).isEqualTo(409);
    assertThat(status.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the"
                + " latest version and try again");
  }

  @Test
  void writesNothingWhenNothingChanges() {
    ObjectValue created = fixture.create(configMap("a"));
    long before = fixture.storage.revision();
    assertThat(fixture.replace(created)).isEqualTo(created);
    assertThat(fixture.storage.revision()).isEqualTo(before);
  }

  @Test
  void conflictsOnAnotherUid() {
    ObjectValue created = fixture.create(configMap("a"));
    Status status = refusal(() -> fixture.replace(Metadata.with(created, "uid", "other")));
    assertThat(status.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, Code: 4, Key:"
                + " /registry/configmaps/ns/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition:"
                + " other, UID in object meta: "
                + Metadata.uid(created));
  }

  @Test
  void keepsWhatFinalizersHoldAndDeletesItWithTheLastOne() {
    fixture.create(Metadata.withFinalizers(configMap("a"), List.of("example.org/hold")));
    DeleteOutcome outcome = fixture.delete("a", DeleteTerms.NONE);
    assertThat(outcome.gone()).isFalse();
    ObjectValue held = fixture.find("a").orElseThrow();
    assertThat(Metadata.deletionTimestamp(held)).isNotNull();
    assertThat(Metadata.deletionGracePeriodSeconds(held)).hasValue(0);
    fixture.replace(Metadata.withFinalizers(held, List.of()));
    assertThat(fixture.find("a")).isEmpty();
  }

  @Test
  void orphansWithAFinalizer() {
    fixture.create(configMap("a"));
    DeleteOutcome outcome = fixture.delete("a", DeleteTerms.propagating("Orphan"));
    assertThat(outcome.gone()).isFalse();
    assertThat(outcome.whole()).isTrue();
    assertThat(Metadata.finalizers(outcome.object())).containsExactly("orphan");
    assertThat(fixture.delete("a", DeleteTerms.propagating("Background")).gone()).isTrue();
    assertThat(fixture.find("a")).isEmpty();
  }

  @Test
  void deletesUnderPreconditions() {
    ObjectValue created = fixture.create(configMap("a"));
    var other = new DeleteTerms(new Preconditions("other", null), null, null, null);
    assertThat(refusal(() -> fixture.delete("a", other)).message())
        .isEqualTo(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in"
                + " record ("
                + Metadata.uid(created)
                + "). The object might have been deleted and then recreated");
    assertThat(fixture.delete("a", DeleteTerms.NONE).gone()).isTrue();
    assertThat(refusal(() -> fixture.delete("a", DeleteTerms.NONE)).message()).isEqualTo("configmaps \"a\" not found");
  }

  @Test
  void storesNothingOnADryRun() {
    ObjectValue shown = fixture.store.create(fixture.request("create", "", true), configMap("a"));
    assertThat(Metadata.uid(shown)).isNotEmpty();
    assertThat(Metadata.resourceVersion(shown)).isEmpty();
    assertThat(fixture.find("a")).isEmpty();
    fixture.create(configMap("a"));
    long before = fixture.storage.revision();
    fixture.store.delete(fixture.request("delete", "a", true), DeleteTerms.NONE);
    assertThat(fixture.storage.revision()).isEqualTo(before);
  }

  @Test
  void pagesOverOneSnapshot() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      fixture.create(configMap(name));
    }
    ListPage first = list("limit=2");
    assertThat(names(first)).containsExactly("a", "b");
    assertThat(first.remaining()).hasValue(3);
    fixture.delete("c", DeleteTerms.NONE);
    ListPage second = list("limit=2&continue=" + first.continueToken());
    assertThat(names(second)).containsExactly("c", "d");
    assertThat(second.revision()).isEqualTo(first.revision());
    ListPage last = list("limit=2&continue=" + second.continueToken());
    assertThat(names(last)).containsExactly("e");
    assertThat(last.continueToken()).isEmpty();
    assertThat(names(list("limit=1&resourceVersion=0"))).containsExactly("a", "b", "d", "e");
    assertThat(names(list("fieldSelector=metadata.name=b"))).containsExactly("b");
    assertThat(names(list("resourceVersionMatch=Exact&resourceVersion=" + first.revision())))
        .containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void pagesOfASelectorGoOnWhileAnythingIsBehindThem() {
    for (String name : List.of("a", "b", "c")) {
      fixture.create(configMap(name).withAt(Value.of(name.equals("c") ? "no" : "yes"), "metadata", "labels", "chosen"));
    }
    // From the second time on an index knows the label.
    for (int i = 0; i < 3; i++) {
      ListPage page = list("limit=2&labelSelector=chosen%3Dyes");
      assertThat(names(page)).containsExactly("a", "b");
      assertThat(page.continueToken()).isNotEmpty();
      ListPage rest = list("limit=2&labelSelector=chosen%3Dyes&continue=" + page.continueToken());
      assertThat(names(rest)).isEmpty();
      assertThat(rest.continueToken()).isEmpty();
    }
  }

  @Test
  void refusesRevisionsOfTheFuture() {
    fixture.create(configMap("a"));
    Status status = refusal(() -> list("resourceVersionMatch=Exact&resourceVersion=999"));
    assertThat(status.code()).isEqualTo(504);
    assertThat(status.message()).startsWith("Timeout: Too large resource version: 999, current: ");
  }

  @Test
  void programsReadAndWriteTrees() {
    Registry registry = fixture.registry;
    registry.create(Registry.SYSTEM, Fixture.CONFIG_MAPS, Metadata.with(configMap("a"), "namespace", "ns"));
    ObjectValue updated =
        registry.update(
            Registry.SYSTEM, Fixture.CONFIG_MAPS, "", "ns", "a", o -> o.withAt(new StringValue("w"), "data", "k"));
    assertThat(registry.list(Fixture.CONFIG_MAPS, "")).containsExactly(updated);
    assertThat(registry.delete(Registry.SYSTEM, Fixture.CONFIG_MAPS, "ns", "a", DeleteTerms.NONE).gone()).isTrue();
    assertThat(registry.find(Fixture.CONFIG_MAPS, "ns", "a")).isEmpty();
    assertThat(Objects.requireNonNull(registry.findStore(Fixture.CONFIG_MAPS))).isPresent();
  }

  @Test
  void rulesChangeObjectsWithoutRules() {
    fixture.create(configMap("a"));
    RequestContext context = fixture.request("create", "x", false).context();
    ObjectValue changed =
        fixture.registry.changeUnadmitted(
            context, Fixture.CONFIG_MAPS, "ns", "a", o -> o.withAt(new StringValue("w"), "data", "k"));
    assertThat(fixture.find("a")).contains(changed);
    Status status =
        refusal(() -> fixture.registry.changeUnadmitted(context, Fixture.CONFIG_MAPS, "ns", "none", o -> o));
    assertThat(status.message()).isEqualTo("configmaps \"none\" not found");
  }
}
