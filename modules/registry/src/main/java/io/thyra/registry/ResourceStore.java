package io.thyra.registry;

import io.thyra.cache.Attributes;
import io.thyra.cache.CachedObject;
import io.thyra.cache.ResourceCache;
import io.thyra.codec.DecodeException;
import io.thyra.codec.MapConverter;
import io.thyra.machinery.ListOptions;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import io.thyra.storage.Storage;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Every verb on one resource, over the store and the resource's cache. Direct style: called on virtual threads (or on any
/// thread that may block), it waits for what it needs. Holds no state of its own.
public final class ResourceStore {
  private final ResourceDefinition definition;
  private final ObjectRows rows;
  private final ResourceReader reader;
  private final ResourceWriter writer;
  private final ResourceDeleter deleter;
  private final Unadmitted unadmitted;
  private final ResourceCache cache;
  private final Forms forms;
  private final Ownership ownership;
  private final Admission admission;
  private final InstantSource clock;

  ResourceStore(
      ResourceDefinition definition,
      Storage storage,
      ResourceCache cache,
      Admission admission,
      Ownership ownership,
      CreateAuthorization authorization,
      InstantSource clock,
      Trees trees) {
    this.definition = definition;
    this.cache = cache;
    this.ownership = ownership;
    this.admission = admission;
    this.clock = clock;
    var codec = new ObjectCodec(definition);
    this.rows = new ObjectRows(definition, codec, storage, cache, trees);
    this.reader = new ResourceReader(definition, storage, cache);
    this.writer = new ResourceWriter(definition, rows, admission, ownership, authorization);
    this.deleter = new ResourceDeleter(definition, rows, admission);
    this.unadmitted = new Unadmitted(definition, rows, ownership);
    this.forms = new Forms(definition, codec);
  }

  /// What selectors may ask of an object of the resource.
  static Attributes attributes(ResourceDefinition definition, Trees trees, Stored stored) {
    ObjectValue object = trees.findWritten(stored).orElseGet(() -> new ObjectCodec(definition).decode(stored));
    var fields = new HashMap<String, String>();
    fields.put("metadata.name", Metadata.name(object));
    if (definition.namespaced()) {
      fields.put("metadata.namespace", Metadata.namespace(object));
    }
    definition.selectableFields().values().forEach((name, value) -> fields.put(name, value.apply(object)));
    return new Attributes(object.object("metadata", "labels").strings(), fields);
  }

  public ResourceDefinition definition() {
    return definition;
  }

  /// The newest revision that anybody wrote before now.
  public long newestRevision() {
    return reader.newestRevision();
  }

  /// The objects in memory and their changes; what watches are served from.
  public ResourceCache cache() {
    return cache;
  }

  /// The forms in which the objects are answered.
  public Forms forms() {
    return forms;
  }

  /// One object, empty when there is none.
  ///
  /// @param resourceVersion empty for the newest, `0` for any, else one that is not older
  public Optional<CachedObject> find(String namespace, String name, String resourceVersion) {
    return reader.find(namespace, name, resourceVersion);
  }

  /// @param namespace empty for all
  public ListPage list(String namespace, ListOptions options) {
    return reader.list(namespace, options);
  }

  /// The hub tree of an object, with its resourceVersion.
  public ObjectValue tree(CachedObject object) {
    return rows.decode(object.stored());
  }

  /// [#tree] of an object that is probably asked for again soon.
  ObjectValue keptTree(CachedObject object) {
    return rows.keptTree(object.stored());
  }

  /// The hub tree of an object in the form that the store has of the resource's, wherever it is stored.
  public ObjectValue tree(Stored stored) {
    return rows.decode(stored);
  }

  /// The bytes that the store has of an object.
  public Buffer stored(ObjectValue object) {
    return rows.encode(object).value();
  }

  /// Stores a new object: canonical, in the hub version, defaults applied.
  public ObjectValue create(WriteRequest request, ObjectValue object) {
    return writer.create(request, object);
  }

  /// Replaces an object, or creates it where the kind allows that.
  ///
  /// @param strategy the definition's own or that of a subresource
  public UpdateOutcome replace(WriteRequest request, ResourceStrategy strategy, ObjectValue object) {
    ObjectValue deduped = OwnerReferences.dedup(request.context(), object, false);
    String uid = Metadata.uid(object);
    Preconditions preconditions = uid.isEmpty() ? Preconditions.NONE : new Preconditions(uid, null);
    return writer.update(request, strategy, preconditions, false, writer.replacing(request, strategy, deduped), UnaryOperator.identity());
  }

  /// Changes an object: a patch, a scale. The change owns fields itself, with [#ownership]; admission follows.
  ///
  /// @param create whether an absent object is created, as server-side apply does
  public UpdateOutcome change(WriteRequest request, ResourceStrategy strategy, Preconditions preconditions, boolean create, Change change) {
    return writer.update(
        request,
        strategy,
        preconditions,
        create,
        current -> writer.admitted(request, current, change.apply(current)),
        UnaryOperator.identity());
  }

  /// The Scales of the objects.
  ///
  /// @param version the version of the object that the request names
  public Scales scales(Subresource.Scale paths, VersionedType version) {
    return new Scales(definition, paths, version, clock);
  }

  /// Changes the Scale of an object, and with it the object; admission is asked about the Scale.
  ///
  /// @param change makes the wanted Scale of the present one, and owns its fields
  public UpdateOutcome scale(WriteRequest request, Scales scales, Preconditions preconditions, Change change) {
    return writer.update(
        request,
        definition.strategy(),
        preconditions,
        false,
        current -> {
          ObjectValue live = current.orElseThrow();
          Optional<ObjectValue> scale = Optional.of(scales.owned(live));
          return scales.into(live, writer.admitted(request, scale, change.apply(scale)));
        },
        scales::of);
  }

  /// The object with managedFields that tell what the request changed.
  public ObjectValue owned(WriteRequest request, ResourceStrategy strategy, ObjectValue live, ObjectValue changed) {
    return ownership.update(request, strategy, live, changed);
  }

  /// A configuration merged into an object by server-side apply, in the hub version, with its managedFields.
  ///
  /// @param live what is stored, empty when there is none
  /// @param config what the client sent, as plain JSON in the request's version
  public ObjectValue applied(WriteRequest request, ResourceStrategy strategy, ObjectValue live, ObjectValue config, boolean force) {
    if (definition.protobuf() && hidesEntries(config, request.version())) {
      typed(config, request.version(), ObjectValue.EMPTY);
    }
    ObjectValue merged = ownership.apply(request, strategy, live, config, force);
    // In the hub version what was not touched is the live object's own.
    ObjectValue known = request.version().kind().equals(definition.hub()) ? live : ObjectValue.EMPTY;
    ObjectValue whole = definition.protobuf() ? typed(merged, request.version(), known) : merged;
    return forms.toHub(whole, request.version());
  }

  /// Whether a configuration has managedFields that are none: upstream finds none to refuse then, and fails at converting them.
  private static boolean hidesEntries(ObjectValue config, VersionedType version) {
    FieldSchema metadata = version.struct().field("metadata");
    if (!(config.at("metadata", "managedFields") instanceof ListValue entries) || metadata == null || !(metadata.shape() instanceof Struct type)) {
      return false;
    }
    try {
      MapConverter.decode(ObjectValue.of("managedFields", entries), type, ObjectValue.EMPTY);
      return false;
    } catch (DecodeException _) {
      return true;
    }
  }

  private static ObjectValue typed(ObjectValue merged, VersionedType version, ObjectValue known) {
    try {
      return MapConverter.decode(merged, version.struct(), known).object();
    } catch (DecodeException e) {
      GroupVersionKind kind = version.kind();
      String told = kind.group() + "/" + kind.version() + ", Kind=" + kind.kind();
      String object = Metadata.namespace(merged) + "/" + Metadata.name(merged) + "; " + told;
      throw new Failure.Unclassified(
              500,
              "failed to convert new object (" + object + ") to proper version: unable to convert unstructured object to " + told + ": " + e.text())
          .toException();
    }
  }

  public DeleteOutcome delete(WriteRequest request, DeleteTerms terms) {
    definition.strategy().checkDelete(request.context());
    definition.strategy().warningsOnDelete(terms).forEach(request.context()::warn);
    return deleter.delete(request, request.context().info().namespace(), request.context().info().name(), terms);
  }

  /// Does an action with a body of its own kind, after admission.
  public ObjectValue act(WriteRequest request, Subresource.Action action, ObjectValue body) {
    WriteRequest told = request.withKind(action.bodyKind());
    String namespace = request.context().info().namespace();
    String name = request.context().info().name();
    ObjectValue sent = action.defaults().apply(body);
    if (request.context().info().subresource().isEmpty()) {
      sent = ObjectRules.wipeSystemFields(sent);
    }
    ObjectValue owned = ownership.ofAction(told, ObjectRules.inNamespace(namespace, sent));
    ObjectValue admitted =
        admission.mutate(told.attributes(AdmissionAttributes.Operation.CREATE, name, Optional.of(owned), Optional.empty()));
    ObjectValue prepared = action.handler().prepare(request.context(), namespace, name, admitted);
    admission.validate(told.attributes(AdmissionAttributes.Operation.CREATE, name, Optional.of(prepared), Optional.empty()));
    return action.handler().create(request.context(), namespace, name, prepared);
  }

  /// Deletes every object that a list finds, one after the other; those that others delete meanwhile are passed over.
  ///
  /// @return what the list found
  public ListPage deleteCollection(WriteRequest request, DeleteTerms terms, ListOptions options) {
    definition.strategy().warningsOnDelete(terms).forEach(request.context()::warn);
    ListPage page = reader.list(request.context().info().namespace(), options);
    for (CachedObject object : page.items()) {
      try {
        deleter.delete(request, object.namespace(), object.name(), terms);
      } catch (io.thyra.model.ApiException e) {
        if (!(e.failure() instanceof Failure.NotFound)) {
          throw e;
        }
      }
    }
    return page;
  }

  /// Writes of the server's own that admission is not asked about.
  public Unadmitted unadmitted() {
    return unadmitted;
  }

  /// Trees of all objects of a namespace (empty for all), for programs.
  public List<ObjectValue> trees(String namespace) {
    String prefix = namespace.isEmpty() ? definition.storagePrefix() : definition.storagePrefix() + namespace + "/";
    var found = new ArrayList<ObjectValue>();
    for (CachedObject object : reader.newest().range(prefix)) {
      found.add(tree(object));
    }
    return found;
  }

  /// How many objects there are.
  public int count() {
    return cache.snapshot().size();
  }
}
