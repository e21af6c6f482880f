package io.thyra.extensions;

import io.thyra.cache.CachedObject;
import io.thyra.extensions.Conditions.Condition;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Follower;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.StagedDeletion;
import io.thyra.registry.Subresource;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the CustomResourceDefinitions: settles their names, says how they are in their conditions, and serves the
/// resources that they define for as long as they are there.
///
/// ```
///   created --names accepted--> served, Established=False --> Established=True
///      any --deleted--> Terminating: objects are deleted, then the finalizer, then serving ends
/// ```
///
/// One virtual thread follows and owns all state; deletions run on threads of their own, one a definition.
/// Source: apiextensions-apiserver pkg/controller/{status,establish,nonstructuralschema,apiapproval,finalizer}.
public final class CustomResources implements AutoCloseable {
  public static final GroupResource DEFINITIONS = new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");

  private static final Logger LOG = LoggerFactory.getLogger(CustomResources.class);
  private static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
  // Somebody else may write a definition this often while its status is being written.
  private static final int CONFLICTS_MAX = 20;
  // How often objects with finalizers are looked at, and for how long, before deletion is begun again.
  private static final long GONE_POLL_MILLIS = 100;
  private static final int GONE_POLLS_MAX = 600;

  /// What is served of a definition.
  private record Served(GroupResource resource, ObjectValue spec, ObjectValue names, boolean terminating) {}

  private final Registry registry;
  private final Set<GroupResource> builtin;
  private final ConversionClient client;
  private final Map<String, Served> served = new ConcurrentHashMap<>();
  private final Map<String, Thread> deletions = new ConcurrentHashMap<>();
  private volatile @Nullable Thread thread;
  private volatile boolean started;
  private volatile Map<GroupVersion, List<PublishedSchema>> publishedByVersion = Map.of();

  /// @param builtin the resources that no definition may take
  /// @param client asks the webhooks that convert objects
  public CustomResources(Registry registry, Set<GroupResource> builtin, ConversionClient client) {
    this.registry = registry;
    this.client = client;
    this.builtin = Set.copyOf(builtin);
  }

  /// The definitions' own resource with its rules.
  public static ResourceDefinition extend(ResourceDefinition definitions) {
    Struct v1 = definitions.hubVersion().struct();
    return definitions
        .toBuilder()
        .storedAs(OlderDefinition.API_VERSION, OlderDefinition.type(v1))
        .reading(stored -> OlderDefinition.toV1(stored, v1))
        .strategy(new CustomResourceDefinitionStrategy())
        .subresource("status", new Subresource.Part(new CustomResourceDefinitionStrategy.OfStatus(), true))
        .stagedDeletion(new Termination())
        .build();
  }

  /// The first stage of a definition's deletion: its objects go before it.
  private static final class Termination implements StagedDeletion {
    @Override
    public ObjectValue terminate(ObjectValue object, DeleteTerms terms) {
      List<String> finalizers = new ArrayList<>(Metadata.finalizers(object));
      if (!finalizers.contains(FINALIZER)) {
        finalizers.add(FINALIZER);
      }
      ObjectValue held = Metadata.withFinalizers(object, finalizers);
      var condition =
          new Condition(
              Conditions.TERMINATING,
              "True",
              "InstanceDeletionPending",
              "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon");
      return Conditions.with(held, condition, java.time.Instant.now());
    }
  }

  /// Serves what is defined already, then follows. Returns when everything that was established is served.
  public void start() {
    for (ObjectValue definition : registry.list(DEFINITIONS, "")) {
      serve(definition);
    }
    started = true;
    ResourceStore store = registry.findStore(DEFINITIONS).orElseThrow();
    var follower =
        new Follower(
            store.cache(),
            new Follower.Listener() {
              @Override
              public void onObject(CachedObject object) {
                guarded(object.name(), () -> settle(store.tree(object)));
              }

              @Override
              public void onDeleted(CachedObject object) {
                guarded(object.name(), () -> forget(store.tree(object)));
              }
            });
    thread =
        Thread.ofVirtual()
            .name("custom-resources")
            .start(
                () -> {
                  try {
                    follower.run();
                  } catch (InterruptedException _) {
                    // Closed.
                  }
                });
  }

  @Override
  public void close() {
    Thread following = thread;
    if (following != null) {
      following.interrupt();
    }
    deletions.values().forEach(Thread::interrupt);
  }

  private static void guarded(String name, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("definition", name).setCause(e).log("a custom resource definition could not be settled");
    }
  }

  /// Brings a definition's status and serving up to what it says now.
  private void settle(ObjectValue seen) {
    // What was seen may be old news: several changes of a definition are settled at once.
    ObjectValue definition = registry.peek(DEFINITIONS, "", Metadata.name(seen)).orElse(seen);
    if (!Metadata.uid(definition).equals(Metadata.uid(seen))) {
      return;
    }
    definition = settleNames(definition);
    serve(definition);
    establish(definition);
    judge(definition, Conditions.NON_STRUCTURAL, nonStructural(definition));
    judge(definition, Conditions.APPROVAL, approval(definition));
    if (Metadata.deletionTimestamp(definition) != null && Metadata.finalizers(definition).contains(FINALIZER)) {
      beginDeletion(definition);
    }
  }

  private void forget(ObjectValue gone) {
    String name = Metadata.name(gone);
    Optional<ObjectValue> again = registry.peek(DEFINITIONS, "", name);
    if (again.isEmpty()) {
      Served was = served.remove(name);
      if (was != null) {
        registry.unregister(was.resource());
        publish();
      }
    }
    // Its names are free: others of the group may have waited for them.
    resettle(gone.string("spec", "group"), name);
  }

  private void resettle(String group, String except) {
    for (ObjectValue other : registry.peekAll(DEFINITIONS, "")) {
      if (other.string("spec", "group").equals(group) && !Metadata.name(other).equals(except)) {
        ObjectValue settled = settleNames(other);
        if (settled != other) {
          serve(settled);
          establish(settled);
        }
      }
    }
  }

  private ObjectValue settleNames(ObjectValue definition) {
    if (definition.object("spec", "names").equals(definition.object("status", "acceptedNames"))) {
      return definition;
    }
    DefinitionNames names = DefinitionNames.of(definition, registry.peekAll(DEFINITIONS, ""));
    boolean told = Conditions.find(definition, Conditions.NAMES_ACCEPTED).map(names.condition()::sameAs).orElse(false);
    if (told && names.accepted().equals(definition.object("status", "acceptedNames"))) {
      return definition;
    }
    ObjectValue settled =
        update(
            definition,
            current -> {
              ObjectValue changed = current.withAt(names.accepted(), "status", "acceptedNames");
              changed = Conditions.with(changed, names.condition(), registry.clock().instant());
              return Conditions.with(changed, installing(changed), registry.clock().instant());
            });
    resettle(definition.string("spec", "group"), Metadata.name(definition));
    return settled;
  }

  private static Condition installing(ObjectValue definition) {
    Optional<ObjectValue> old = Conditions.find(definition, Conditions.ESTABLISHED);
    boolean established = Conditions.isTrue(definition, Conditions.ESTABLISHED);
    if (!established && Conditions.isTrue(definition, Conditions.NAMES_ACCEPTED)) {
      return new Condition(Conditions.ESTABLISHED, "False", "Installing", "the initial names have been accepted");
    }
    return old.map(o -> new Condition(Conditions.ESTABLISHED, o.string("status"), o.string("reason"), o.string("message")))
        .orElse(new Condition(Conditions.ESTABLISHED, "False", "NotAccepted", "not all names are accepted"));
  }

  /// Serves a definition from now on, once its names are accepted.
  private void serve(ObjectValue definition) {
    boolean accepted = Conditions.isTrue(definition, Conditions.NAMES_ACCEPTED) || Conditions.isTrue(definition, Conditions.ESTABLISHED);
    ObjectValue names = definition.object("status", "acceptedNames");
    for (String name : List.of("plural", "singular", "kind", "listKind")) {
      accepted &= !names.string(name).isEmpty();
    }
    if (!accepted) {
      return;
    }
    var now =
        new Served(
            new GroupResource(definition.string("spec", "group"), names.string("plural")),
            definition.object("spec"),
            names,
            Conditions.isTrue(definition, Conditions.TERMINATING));
    Served before = served.get(Metadata.name(definition));
    if (now.equals(before) || builtin.contains(now.resource())) {
      return;
    }
    ResourceDefinition resource = CustomResource.define(definition, client);
    // Selectors ask other fields, so what is in memory must be looked at anew.
    boolean sameFields =
        before != null && fields(before.spec()).equals(fields(now.spec()));
    boolean isNew = before == null && started;
    (sameFields ? registry.redefine(resource) : isNew ? registry.registerNew(resource) : registry.register(resource)).await();
    served.put(Metadata.name(definition), now);
    publish();
  }

  private void publish() {
    publishedByVersion =
        published().stream().collect(Collectors.groupingBy(schema -> new GroupVersion(schema.group(), schema.version())));
  }

  /// The schemas of one group version, in the order of their resources; empty for none. The list is the same one until a
  /// definition changes.
  public List<PublishedSchema> published(GroupVersion groupVersion) {
    return publishedByVersion.getOrDefault(groupVersion, List.of());
  }

  private static List<Value> fields(ObjectValue spec) {
    var fields = new ArrayList<Value>();
    spec.list("versions").objects().forEach(v -> fields.add(v.list("selectableFields")));
    return fields;
  }

  private void establish(ObjectValue definition) {
    if (!Conditions.isTrue(definition, Conditions.NAMES_ACCEPTED) || Conditions.isTrue(definition, Conditions.ESTABLISHED)) {
      return;
    }
    boolean broken = ConversionRules.hasBrokenCaBundle(definition.object("spec", "conversion"));
    Condition condition =
        broken
            ? new Condition(Conditions.ESTABLISHED, "False", "InvalidCABundle", "The conversion webhook CABundle is invalid")
            : new Condition(Conditions.ESTABLISHED, "True", "InitialNamesAccepted", "the initial names have been accepted");
    if (!Conditions.find(definition, Conditions.ESTABLISHED).map(condition::sameAs).orElse(false)) {
      update(definition, current -> Conditions.with(current, condition, registry.clock().instant()));
    }
  }

  private void judge(ObjectValue definition, String type, @Nullable Condition condition) {
    Optional<ObjectValue> old = Conditions.find(definition, type);
    if (condition == null ? old.isEmpty() || !type.equals(Conditions.NON_STRUCTURAL) : old.map(condition::sameAs).orElse(false)) {
      return;
    }
    update(
        definition,
        current ->
            condition == null
                ? Conditions.without(current, type)
                : Conditions.with(current, condition, registry.clock().instant()));
  }

  private static @Nullable Condition nonStructural(ObjectValue definition) {
    var broken = new ArrayList<io.thyra.model.FieldError>();
    if (definition.bool("spec", "preserveUnknownFields")) {
      broken.add(
          io.thyra.model.FieldError.invalid(
              io.thyra.model.FieldPath.of("spec", "preserveUnknownFields"), io.thyra.model.BooleanValue.TRUE, "must be false"));
    }
    ListValue versions = definition.list("spec", "versions");
    for (int i = 0; i < versions.size(); i++) {
      StructuralSchema schema = StructuralSchema.of(versions.object(i).object("schema", "openAPIV3Schema"));
      if (schema == StructuralSchema.EMPTY) {
        continue;
      }
      Optional<String> obstacle = StructuralValidation.findObstacle(schema);
      if (obstacle.isPresent()) {
        String version = versions.object(i).string("name");
        return new Condition(
            Conditions.NON_STRUCTURAL,
            "Unknown",
            "StructuralError",
            "failed to check validation schema for version " + version + ": " + obstacle.get());
      }
      var path = io.thyra.model.FieldPath.of("spec", "versions").index(i).child("schema", "openAPIV3Schema");
      broken.addAll(StructuralValidation.validate(schema, path));
    }
    return broken.isEmpty()
        ? null
        : new Condition(Conditions.NON_STRUCTURAL, "True", "Violations", DefaultsValidation.aggregate(broken));
  }

  private static @Nullable Condition approval(ObjectValue definition) {
    if (!ApiApproval.isProtected(definition.string("spec", "group"))) {
      return null;
    }
    ApiApproval approval = ApiApproval.of(definition);
    return switch (approval.state()) {
      case INVALID -> new Condition(Conditions.APPROVAL, "False", "InvalidAnnotation", approval.reason());
      case MISSING -> new Condition(Conditions.APPROVAL, "False", "MissingAnnotation", approval.reason());
      case APPROVED -> new Condition(Conditions.APPROVAL, "True", "ApprovedAnnotation", approval.reason());
      case BYPASSED -> new Condition(Conditions.APPROVAL, "False", "UnapprovedAnnotation", approval.reason());
    };
  }

  /// Writes a definition's status; what is stored when it is gone or another one by now.
  private ObjectValue update(ObjectValue definition, UnaryOperator<ObjectValue> change) {
    String name = Metadata.name(definition);
    for (int i = 0; i < CONFLICTS_MAX; i++) {
      try {
        return registry.update(
            Registry.SYSTEM_ACTOR,
            DEFINITIONS,
            "status",
            "",
            name,
            current -> {
              if (!Metadata.uid(current).equals(Metadata.uid(definition))) {
                throw new Failure.NotFound(DEFINITIONS, name).toException();
              }
              return change.apply(current);
            });
      } catch (ApiException e) {
        switch (e.failure()) {
          case Failure.NotFound _ -> {
            return definition;
          }
          case Failure.Conflict _ -> {
            // Written by somebody else meanwhile: once more, with that.
          }
          default -> throw e;
        }
      }
    }
    return definition;
  }

  private void beginDeletion(ObjectValue definition) {
    String name = Metadata.name(definition);
    deletions.computeIfAbsent(
        name,
        _ ->
            Thread.ofVirtual()
                .name("custom-resource-deletion-" + name)
                .start(
                    () -> {
                      try {
                        guarded(name, () -> delete(definition));
                      } finally {
                        deletions.remove(name);
                      }
                    }));
  }

  private void terminating(ObjectValue definition, Condition condition) {
    update(definition, current -> Conditions.with(current, condition, registry.clock().instant()));
  }

  private static Condition terminating(String status, String reason, String message) {
    return new Condition(Conditions.TERMINATING, status, reason, message);
  }

  /// Deletes the objects of a definition, then lets it go.
  private void delete(ObjectValue definition) {
    terminating(definition, terminating("True", "InstanceDeletionInProgress", "CustomResource deletion is in progress"));
    Condition end;
    var resource = new GroupResource(definition.string("spec", "group"), definition.string("spec", "names", "plural"));
    if (builtin.contains(resource)) {
      end = terminating("False", "OverlappingBuiltInResource", "instances overlap with built-in resources in storage");
    } else if (Conditions.isTrue(definition, Conditions.ESTABLISHED)) {
      Condition problem = deleteObjects(resource);
      if (problem != null) {
        terminating(definition, problem);
        return;
      }
      end = terminating("False", "InstanceDeletionCompleted", "removed all instances");
    } else {
      end = terminating("False", "NeverEstablished", "resource was never established");
    }
    update(
        definition,
        current -> {
          List<String> finalizers = new ArrayList<>(Metadata.finalizers(current));
          finalizers.remove(FINALIZER);
          ObjectValue released = Metadata.withFinalizers(current, finalizers);
          return Conditions.with(released, end, registry.clock().instant());
        });
  }

  /// @return what went wrong, null when no object is left
  private @Nullable Condition deleteObjects(GroupResource resource) {
    Set<String> problems = new LinkedHashSet<>();
    for (ObjectValue object : registry.list(resource, "")) {
      try {
        registry.delete(Registry.SYSTEM, resource, Metadata.namespace(object), Metadata.name(object), DeleteTerms.NONE);
      } catch (ApiException e) {
        if (!(e.failure() instanceof Failure.NotFound)) {
          problems.add(e.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      String all = problems.size() == 1 ? problems.iterator().next() : "[" + String.join(", ", problems) + "]";
      return terminating("True", "InstanceDeletionFailed", "could not issue all deletes: " + all);
    }
    try {
      for (int i = 0; i < GONE_POLLS_MAX; i++) {
        if (registry.list(resource, "").isEmpty()) {
          return null;
        }
        Thread.sleep(GONE_POLL_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return terminating(
        "True", "InstanceDeletionCheck", "could not confirm zero CustomResources remaining: context deadline exceeded");
  }

  private static String selectablePath(ObjectValue field) {
    String path = field.string("jsonPath");
    return path.startsWith(".") ? path.substring(1) : path;
  }

  /// The schemas of what is served, for those who publish them.
  public List<PublishedSchema> published() {
    var all = new ArrayList<PublishedSchema>();
    for (Served each : served.values()) {
      for (ObjectValue version : each.spec().list("versions").objects()) {
        if (version.bool("served")) {
          all.add(
              new PublishedSchema(
                  each.resource().group(),
                  version.string("name"),
                  each.names().string("kind"),
                  each.names().string("listKind"),
                  each.resource().resource(),
                  each.spec().string("scope").equals("Namespaced"),
                  StructuralSchema.of(version.object("schema", "openAPIV3Schema")),
                  each.spec().bool("preserveUnknownFields"),
                  version.object("subresources").has("status"),
                  version.object("subresources").has("scale"),
                  version.list("selectableFields").objects().stream().map(CustomResources::selectablePath).toList()));
        }
      }
    }
    all.sort(java.util.Comparator.comparing(PublishedSchema::group).thenComparing(PublishedSchema::plural).thenComparing(PublishedSchema::version));
    return all;
  }
}
