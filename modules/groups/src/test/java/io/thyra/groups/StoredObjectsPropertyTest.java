package io.thyra.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.cache.CacheOptions;
import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.codec.ProtobufWriter;
import io.thyra.machinery.JsonMergePatch;
import io.thyra.machinery.JsonPatch;
import io.thyra.machinery.StrategicMergePatch;
import io.thyra.model.ApiException;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.StringValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.Admission;
import io.thyra.registry.CreateAuthorization;
import io.thyra.registry.Preconditions;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import io.thyra.registry.WriteRequest;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import io.thyra.storage.Stored;
import io.thyra.storage.testkit.ModelStorage;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for all objects of all kinds, tried with random ones along their types. `-Dseed=` tries others.
class StoredObjectsPropertyTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final int OBJECTS = 6;
  private static final int WRITES = 8;
  private static final List<ResourceDefinition> KINDS = BuiltinGroups.all(Schemas.builtin(), RecordedWrites.needs(), CLOCK);

  private final ModelStorage storage = new ModelStorage(CLOCK);
  private final Registry registry =
      new Registry(storage, CacheOptions.DEFAULT, CLOCK, (_, _) -> () -> {}, CreateAuthorization.ALLOWED, _ -> Admission.NONE);

  @AfterEach
  void close() {
    registry.close();
  }

  private static long seed(long given) {
    return Long.getLong("seed", given);
  }

  /// Looks at some objects of every kind in every version, as they are decoded.
  private static void forRandomObjects(long seed, ObjectCheck check) {
    var random = new RandomObjects(seed(seed));
    for (ResourceDefinition definition : KINDS) {
      for (VersionedType version : definition.versions()) {
        for (int i = 0; i < OBJECTS; i++) {
          ObjectValue sent = random.object(version.struct());
          ObjectValue object = Canonical.complete(typed(sent, version), version.struct());
          check.look(definition, version, object, random, "seed " + seed(seed) + ", " + version.kind() + ": " + object);
        }
      }
    }
  }

  private interface ObjectCheck {
    void look(ResourceDefinition definition, VersionedType version, ObjectValue object, RandomObjects random, String told);
  }

  private static ObjectValue typed(ObjectValue object, VersionedType version) {
    return object.with("apiVersion", version.kind().apiVersion()).with("kind", version.kind().kind());
  }

  private static ObjectValue stored(ObjectValue object, Struct type) {
    return ProtobufReader.read(ProtobufEnvelope.read(ProtobufWriter.write(object, type)), type);
  }

  @Test
  void everyObjectReadsAndWritesAlike() {
    forRandomObjects(
        1,
        (_, version, object, _, told) -> {
          Struct type = version.struct();
          assertThat(Canonical.complete(object, type)).describedAs(told).isEqualTo(object);
          assertThat(Canonical.complete(JsonReader.read(JsonWriter.write(object)), type)).describedAs(told).isEqualTo(object);
          ObjectValue stored = stored(object, type);
          assertThat(Checks.sameMeaning(object, stored)).describedAs("%s, stored as %s", told, stored).isTrue();
          assertThat(stored(stored, type)).describedAs(told).isEqualTo(stored);
          assertThat(Canonical.complete(stored, type)).describedAs(told).isEqualTo(stored);
        });
  }

  @Test
  void defaultsAreFilledInOnce() {
    forRandomObjects(
        2,
        (_, version, object, _, told) -> {
          ObjectValue once = Canonical.complete(version.defaults().apply(object), version.struct(), object);
          ObjectValue twice = Canonical.complete(version.defaults().apply(once), version.struct(), once);
          assertThat(twice).describedAs(told).isEqualTo(once);
        });
  }

  @Test
  void whatIsStoredConvertsToItself() {
    forRandomObjects(
        3,
        (definition, version, object, _, told) -> {
          VersionedType hub = definition.hubVersion();
          ObjectValue inHub = stored(convert(version.toHub().apply(object), hub), hub.struct());
          if (version.kind().kind().equals("HorizontalPodAutoscaler")) {
            // The first version has amounts by value, so the first trip fills in zeros.
            inHub = roundTrip(inHub, version, hub);
          }
          assertThat(roundTrip(inHub, version, hub)).describedAs(told).isEqualTo(inHub);
        });
  }

  private static ObjectValue roundTrip(ObjectValue inHub, VersionedType version, VersionedType hub) {
    ObjectValue served = convert(version.fromHub().apply(inHub), version);
    return stored(convert(version.toHub().apply(served), hub), hub.struct());
  }

  private static ObjectValue convert(ObjectValue object, VersionedType version) {
    return Canonical.complete(object.with("apiVersion", version.kind().apiVersion()), version.struct());
  }

  @Test
  void aPatchEqualsTheUpdateThatItDescribes() {
    forRandomObjects(
        4,
        (_, version, object, random, told) -> {
          Struct type = version.struct();
          ObjectValue old = stored(object, type);
          ObjectValue wanted = old;
          for (int i = random.next(3); i >= 0; i--) {
            wanted = stored(Canonical.complete(typed(random.changed(wanted, type), version), type), type);
          }
          Value merged = JsonMergePatch.apply(old, mergePatch(old, wanted), true);
          assertThat(Canonical.complete(merged, type)).describedAs(told).isEqualTo(wanted);
          var operations = new ArrayList<Value>();
          jsonPatch(old, wanted, "", operations);
          Value edited = JsonPatch.apply(old, new ListValue(operations), true);
          assertThat(Canonical.complete(edited, type)).describedAs(told).isEqualTo(wanted);
          ObjectValue strategic = strategicPatch(old, wanted, type);
          ObjectValue patched = StrategicMergePatch.apply(old, strategic, type).patched();
          assertThat(Canonical.complete(patched, type)).describedAs("%s by %s", told, strategic).isEqualTo(wanted);
        });
  }

  private static ObjectValue mergePatch(ObjectValue old, ObjectValue wanted) {
    var patch = ObjectValue.builder();
    old.names().stream().filter(name -> !wanted.has(name)).forEach(name -> patch.put(name, NullValue.NULL));
    wanted.forEach(
        (name, value) -> {
          if (old.get(name) instanceof ObjectValue before && value instanceof ObjectValue after) {
            patch.put(name, mergePatch(before, after));
          } else if (!value.equals(old.get(name))) {
            patch.put(name, value);
          }
        });
    return patch.build();
  }

  private static void jsonPatch(@Nullable Value old, Value wanted, String path, List<Value> operations) {
    if (old instanceof ObjectValue before && wanted instanceof ObjectValue after) {
      before.names().stream()
          .filter(name -> !after.has(name))
          .forEach(name -> operations.add(ObjectValue.of("op", new StringValue("remove"), "path", new StringValue(path + step(name)))));
      after.forEach((name, value) -> jsonPatch(before.get(name), value, path + step(name), operations));
    } else if (!wanted.equals(old)) {
      String op = old == null ? "add" : "replace";
      operations.add(ObjectValue.builder().put("op", op).put("path", path).put("value", wanted).build());
    }
  }

  private static String step(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /// Lists that merge by a key are replaced; a struct is replaced where one of its lists merges its scalars.
  private static ObjectValue strategicPatch(ObjectValue old, ObjectValue wanted, Struct type) {
    var patch = ObjectValue.builder();
    old.names().stream().filter(name -> !wanted.has(name)).forEach(name -> patch.put(name, NullValue.NULL));
    for (String name : wanted.names()) {
      Value value = Objects.requireNonNull(wanted.get(name));
      Value before = old.get(name);
      if (value.equals(before)) {
        continue;
      }
      FieldSchema field = field(type, name);
      boolean merges = field != null && field.hasPatchStrategy("merge");
      if (merges && field.shape() instanceof ListOf list && !(list.item() instanceof Struct)) {
        return wanted.with("$patch", "replace");
      }
      if (before instanceof ObjectValue earlier && value instanceof ObjectValue later) {
        Struct inner = field != null && field.shape() instanceof Struct struct ? struct : null;
        patch.put(name, inner == null ? mergePatch(earlier, later) : strategicPatch(earlier, later, inner));
      } else if (merges && value instanceof ListValue items) {
        var all = new ArrayList<Value>(List.of(ObjectValue.of("$patch", new StringValue("replace"))));
        all.addAll(items.items());
        patch.put(name, new ListValue(all));
      } else {
        patch.put(name, value);
      }
    }
    return patch.build();
  }

  private static @Nullable FieldSchema field(Struct type, String name) {
    for (FieldSchema field : type.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        FieldSchema inner = field(embedded, name);
        if (inner != null) {
          return inner;
        }
      } else if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /// One kind whose objects are written one after the other.
  private record Writes(ResourceStore store, VersionedType version, ModelStorage storage) {
    String namespace() {
      return store.definition().namespaced() ? "ns" : "";
    }

    WriteRequest request(String verb, String name, String manager) {
      String group = version.kind().group();
      String resource = store.definition().resource().resource();
      String root = group.isEmpty() ? "api" : "apis";
      var info = new RequestInfo(true, "/", verb, root, group, version.kind().version(), namespace(), resource, "", name);
      var admin = new UserInfo("admin", "", List.of("system:masters"));
      return new WriteRequest(new RequestContext(info, admin, "test/1", false, NOW), version, manager, Optional.empty());
    }

    ObjectValue inHub(ObjectValue sent) {
      return store.forms().toHub(Canonical.complete(sent, version.struct()), version);
    }

    Optional<Stored> row(String name) {
      return storage.get(store.definition().key(namespace(), name)).await();
    }

    ObjectValue served(String name) {
      return store.forms().fromHub(store.tree(row(name).orElseThrow()), version);
    }

    ObjectValue replaced(String name, ObjectValue changed, String manager) {
      return store.replace(request("update", name, manager), store.definition().strategy(), inHub(changed)).object();
    }

    ObjectValue applied(String name, ObjectValue config, String manager) {
      WriteRequest request = request("patch", name, manager);
      var strategy = store.definition().strategy();
      return store
          .change(
              request,
              strategy,
              Preconditions.NONE,
              true,
              current -> store.applied(request, strategy, current.orElse(ObjectValue.EMPTY), config, true))
          .object();
    }
  }

  private static List<ObjectValue> validObjects() throws IOException {
    try (var in = StoredObjectsPropertyTest.class.getResourceAsStream("valid-objects.json")) {
      return ((ListValue) JsonReader.read(Objects.requireNonNull(in).readAllBytes())).objects();
    }
  }

  private Writes writes(ObjectValue object) {
    for (ResourceDefinition definition : KINDS) {
      for (VersionedType version : definition.versions()) {
        if (version.kind().apiVersion().equals(object.string("apiVersion")) && version.kind().kind().equals(object.string("kind"))) {
          ResourceStore store = registry.findStore(definition.resource()).orElseGet(() -> registry.register(definition).await());
          return new Writes(store, version, storage);
        }
      }
    }
    throw new AssertionError("nobody serves " + object);
  }

  private static ObjectValue named(ObjectValue object, String name, Writes writes) {
    ObjectValue metadata = object.object("metadata").with("name", name);
    return object.with("metadata", writes.namespace().isEmpty() ? metadata : metadata.with("namespace", "ns"));
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void writesAreStoredWhollyOrNotAtAll(long given) throws IOException {
    var random = new RandomObjects(seed(given));
    int refused = 0;
    for (ObjectValue valid : validObjects()) {
      Writes writes = writes(valid);
      String name = "x-" + valid.string("apiVersion").replaceAll("[^a-z0-9]", "-");
      ObjectValue sent = named(valid, name, writes);
      ObjectValue wanted = writes.inHub(sent);
      ObjectValue created = writes.store().create(writes.request("create", "", "maker"), wanted);
      assertOwned(created, writes, sent, "maker", "Update");
      for (int i = 0; i < WRITES; i++) {
        String told = "seed " + seed(given) + ", write " + i + " of " + valid;
        ObjectValue live = writes.served(name);
        ObjectValue changed = typed(random.changed(live, writes.version().struct()), writes.version());
        Optional<Stored> before = writes.row(name);
        long revision = storage.revision();
        try {
          ObjectValue outcome = writes.replaced(name, changed, "changer");
          assertThat(writes.store().tree(writes.row(name).orElseThrow())).describedAs(told).isEqualTo(outcome);
        } catch (ApiException _) {
          refused++;
          assertThat(writes.row(name)).describedAs(told).isEqualTo(before);
          assertThat(storage.revision()).describedAs(told).isEqualTo(revision);
        }
      }
      ObjectValue config = configuration(writes.served(name));
      ObjectValue applied = writes.applied(name, config, "applier");
      assertOwned(applied, writes, config, "applier", "Apply");
      long revision = storage.revision();
      assertThat(writes.applied(name, config, "applier")).describedAs("applied again: %s", config).isEqualTo(applied);
      assertThat(storage.revision()).describedAs("applied again: %s", config).isEqualTo(revision);
    }
    assertThat(refused).isPositive();
  }

  /// What a client would apply of an object: all that it may say.
  private static ObjectValue configuration(ObjectValue served) {
    ObjectValue metadata = served.object("metadata");
    var kept = ObjectValue.builder();
    for (String field : List.of("name", "namespace", "labels")) {
      if (metadata.has(field)) {
        kept.put(field, Objects.requireNonNull(metadata.get(field)));
      }
    }
    return served.without("status").with("metadata", kept.build());
  }

  private static void assertOwned(ObjectValue object, Writes writes, ObjectValue sent, String manager, String operation) {
    ObjectValue served = writes.store().forms().fromHub(object, writes.version());
    ObjectValue fields =
        served.list("metadata", "managedFields").objects().stream()
            .filter(entry -> entry.string("manager").equals(manager) && entry.string("operation").equals(operation))
            .findFirst()
            .orElse(ObjectValue.EMPTY)
            .object("fieldsV1");
    var missing = new ArrayList<String>();
    missing(sent, fields, writes.version().struct(), "", missing);
    assertThat(missing).describedAs("of %s in %s", sent, fields).isEmpty();
  }

  private static final Set<String> OF_NOBODY =
      Set.of(".apiVersion", ".kind", ".status", ".metadata.name", ".metadata.namespace");

  /// The fields that are set and have no owner; what is owned as a whole is not looked into.
  private static void missing(ObjectValue object, ObjectValue fields, Struct type, String path, List<String> missing) {
    for (String name : object.names()) {
      String at = path + "." + name;
      Value value = Objects.requireNonNull(object.get(name));
      FieldSchema field = field(type, name);
      if (OF_NOBODY.contains(at) || value == NullValue.NULL || at.equals(".metadata") && !fields.has("f:metadata")) {
        continue;
      }
      if (!(fields.get("f:" + name) instanceof ObjectValue below)) {
        missing.add(at);
      } else if (!below.isEmpty() && value instanceof ObjectValue inner && field != null && field.shape() instanceof Struct struct) {
        missing(inner, below, struct, at, missing);
      } else if (!below.isEmpty() && value instanceof ListValue items) {
        IntStream.range(below.has(".") ? 1 : 0, items.size()).filter(i -> i >= below.size()).forEach(i -> missing.add(at + "[" + i + "]"));
      }
    }
  }
}
