package io.thyra.groups;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.groups.core.Addresses;
import io.thyra.groups.core.AllocationMap;
import io.thyra.groups.core.ClusterAllocators;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.Subresource;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Plays the creates and full updates of recordings against the rules of the groups alone: no store, no admission, no
/// names to generate. What the recorded server refused as invalid must be refused in the same words, and what it stored
/// must be what the rules make of the request.
final class RecordedWrites {
  static final Path GOLDEN = Path.of(System.getProperty("thyra.golden", "../../../../shared/oracle/golden"));

  /// One difference between a recording and the rules.
  record Difference(String scenario, int step, String request, String expected, String actual) {}

  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private final Map<GroupResource, ResourceDefinition> definitions = new HashMap<>();
  private final Map<String, ObjectValue> stored = new HashMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private int compared;

  RecordedWrites() {
    BuiltinGroups.all(Schemas.builtin(), needs(), Clock.fixed(NOW, ZoneOffset.UTC)).forEach(d -> definitions.put(d.resource(), d));
  }

  static GroupDependencies needs() {
    StoredObjects none =
        new StoredObjects() {
          @Override
          public Optional<ObjectValue> find(GroupResource resource, String namespace, String name) {
            return Optional.empty();
          }

          @Override
          public List<ObjectValue> list(GroupResource resource, String namespace) {
            return List.of();
          }

          @Override
          public ObjectValue create(RequestContext context, GroupResource resource, ObjectValue object) {
            return object;
          }

          @Override
          public ObjectValue update(
              RequestContext context, GroupResource resource, String namespace, String name, UnaryOperator<ObjectValue> change) {
            throw new Failure.NotFound(resource, name).toException();
          }

          @Override
          public ObjectValue delete(
              RequestContext context, GroupResource resource, String namespace, String name, ObjectValue options) {
            throw new Failure.NotFound(resource, name).toException();
          }
        };
    var range = Addresses.parseRange("10.96.0.0/16").orElseThrow();
    var allocators = new ClusterAllocators(() -> none, List.of(range), 30000, 32767, _ -> AllocationMap.inMemory(), new java.util.Random(1));
    return new GroupDependencies(none, allocators, (_, _, request) -> request, Reviews.NONE, List::of, true, _ -> new io.thyra.model.Authorizer.Decision.Allow(""), EscalationCheck.NONE, Set.of());
  }

  int compared() {
    return compared;
  }

  List<Difference> differences() {
    return differences;
  }

  static Stream<Path> scenarios(String area) {
    try {
      return Files.list(GOLDEN.resolve(area)).filter(p -> p.toString().endsWith(".json")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void play(Path file) throws IOException {
    var recording = (ObjectValue) JsonReader.read(Files.readAllBytes(file));
    stored.clear();
    List<ObjectValue> steps = recording.list("steps").objects();
    for (int i = 0; i < steps.size(); i++) {
      play(recording.string("scenario"), i, steps.get(i));
    }
  }

  private void play(String scenario, int number, ObjectValue step) {
    ObjectValue request = step.object("request");
    ObjectValue response = step.object("response");
    ObjectValue answer = response.object("body");
    long status = response.integer(0, "status");
    String path = request.string("path");
    String[] parts = path.replaceFirst("\\?.*", "").substring(1).split("/");
    boolean core = parts[0].equals("api");
    int at = core ? 2 : 3;
    if (parts.length <= at || !(core || parts[0].equals("apis"))) {
      return;
    }
    String namespace = "";
    if (parts[at].equals("namespaces") && parts.length > at + 2 && !Set.of("status", "finalize").contains(parts[at + 2])) {
      namespace = parts[at + 1];
      at += 2;
    }
    String group = core ? "" : parts[1];
    String version = core ? parts[1] : parts[2];
    ResourceDefinition definition = definitions.get(new GroupResource(group, parts[at]));
    if (definition == null || definition.findVersion(version).isEmpty()) {
      return;
    }
    VersionedType type = definition.findVersion(version).orElseThrow();
    String name = parts.length > at + 1 ? parts[at + 1] : "";
    String subresource = parts.length > at + 2 ? parts[at + 2] : "";
    String verb = request.string("method").equals("POST") ? "create" : request.string("method").equals("PUT") ? "update" : "";
    String key = definition.storagePrefix() + namespace + "/" + name;
    var info = new RequestInfo(true, path, verb, parts[0], group, version, namespace, parts[at], subresource, name);
    var context = new RequestContext(info, new UserInfo("admin", "", List.of("system:masters")), "test", false, NOW);
    boolean told = status == 201 || status == 200 || status == 422 && answer.string("reason").equals("Invalid");
    if (!verb.isEmpty() && told && request.get("body") instanceof ObjectValue body && (verb.equals("create") == name.isEmpty())) {
      ObjectValue old = stored.get(key);
      if (body.string("kind").equals(type.kind().kind()) && (verb.equals("create") || old != null)) {
        compare(scenario, number, definition, type, context, body, old, subresource, status, answer, path);
      }
    }
    if (status < 300 && answer.string("kind").equals(type.kind().kind())) {
      ObjectValue hub = hub(type, answer);
      stored.put(definition.storagePrefix() + namespace + "/" + answer.string("metadata", "name"), hub);
    }
  }

  private ObjectValue hub(VersionedType type, ObjectValue object) {
    try {
      return type.toHub().apply(Canonical.complete(neutral(object), type.struct()));
    } catch (RuntimeException _) {
      return object;
    }
  }

  private void compare(
      String scenario,
      int number,
      ResourceDefinition definition,
      VersionedType type,
      RequestContext context,
      ObjectValue body,
      ObjectValue old,
      String subresource,
      long status,
      ObjectValue answer,
      String path) {
    var strategy = definition.strategy();
    if (!subresource.isEmpty()) {
      if (!(definition.findSubresource(subresource).orElse(null) instanceof Subresource.Part part)) {
        return;
      }
      strategy = part.strategy();
    }
    String expected = status == 422 ? answer.string("message").replaceAll("<(uid|rv)-(\\d+)>", "$1-$2") : strip(hub(type, answer)).toString();
    String actual;
    try {
      ObjectValue object = Canonical.complete(neutral(body), type.struct());
      object = type.toHub().apply(type.defaults().apply(object));
      object = object.with("apiVersion", definition.hub().apiVersion());
      ObjectValue metadata = object.object("metadata").without("managedFields");
      if (old == null || context.info().verb().equals("create")) {
        metadata = metadata.with("uid", answer.string("metadata", "uid").isEmpty() ? "uid-1" : neutral(answer.object("metadata")).string("uid"));
      }
      if (definition.namespaced()) {
        metadata = metadata.with("namespace", context.info().namespace());
      }
      var errors = new ArrayList<FieldError>();
      if (old == null || context.info().verb().equals("create")) {
        if (metadata.string("name").isEmpty() && !metadata.string("generateName").isEmpty()) {
          return;
        }
        object = strategy.prepareForCreate(context, object.with("metadata", metadata));
        strategy.validateCreate(context, object, errors);
      } else {
        for (String field : List.of("uid", "creationTimestamp", "generation", "resourceVersion")) {
          Value kept = old.at("metadata", field);
          metadata = kept == null ? metadata : metadata.with(field, kept);
        }
        object = strategy.prepareForUpdate(context, object.with("metadata", metadata), old);
        strategy.validateUpdate(context, object, old, errors);
      }
      GroupVersionKind hub = definition.hub();
      var kind = new GroupVersionKind(type.kind().group(), hub.version(), hub.kind()).groupKind();
      actual =
          errors.isEmpty()
              ? strip(strategy.canonicalize(object)).toString()
              : Status.of(new Failure.Invalid(kind, object.string("metadata", "name"), errors)).message();
    } catch (ApiException e) {
      actual = e.getMessage();
    } catch (RuntimeException e) {
      actual = e + " at " + List.of(e.getStackTrace()).stream().limit(3).toList();
    }
    compared++;
    if (!expected.equals(actual)) {
      differences.add(new Difference(scenario, number, path + " " + body, expected, actual));
    }
  }

  // Recordings name what differs between runs: <uid-1>, <rv-2>, <time>.
  private static ObjectValue neutral(ObjectValue object) {
    String text = new String(io.thyra.codec.JsonWriter.write(object), java.nio.charset.StandardCharsets.UTF_8);
    text = text.replace("\\u003c", "<").replace("\\u003e", ">").replaceAll("<(uid|rv)-(\\d+)>", "$1-$2");
    text = text.replace("\"<time>\"", "\"2024-05-06T07:08:09Z\"").replaceAll("\"<microtime>\"", "\"2024-05-06T07:08:09.000000Z\"");
    return (ObjectValue) JsonReader.read(text);
  }

  private static ObjectValue strip(ObjectValue object) {
    ObjectValue metadata = object.object("metadata");
    for (String field :
        List.of("uid", "resourceVersion", "creationTimestamp", "managedFields", "namespace", "generateName")) {
      metadata = metadata.without(field);
    }
    return sorted(object.without("kind").without("apiVersion").with("metadata", metadata));
  }

  private static ObjectValue sorted(ObjectValue object) {
    var out = ObjectValue.builder();
    object.forEach((name, value) -> out.put(name, sorted(value)));
    return out.buildSorted();
  }

  private static Value sorted(Value value) {
    return switch (value) {
      case ObjectValue object -> sorted(object);
      case ListValue list -> list.map(RecordedWrites::sorted);
      default -> value;
    };
  }

  /// Prints the differences of areas, for whoever works on them: `RecordedWrites core groups`.
  public static void main(String[] areas) throws IOException {
    var recorded = new RecordedWrites();
    for (String area : areas) {
      for (Path file : area.endsWith(".json") ? List.of(Path.of(area)) : scenarios(area).toList()) {
        recorded.play(file);
      }
    }
    for (Difference difference : recorded.differences()) {
      System.out.println("## " + difference.scenario() + " " + difference.step() + " " + cut(difference.request()));
      System.out.println("  expected " + cut(difference.expected()));
      System.out.println("  actual   " + cut(difference.actual()));
    }
    System.out.println(recorded.compared() + " compared, " + recorded.differences().size() + " differ");
  }

  private static String cut(String text) {
    return text.length() > 700 ? text.substring(0, 700) + "..." : text;
  }
}
