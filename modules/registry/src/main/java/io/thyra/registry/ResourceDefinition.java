package io.thyra.registry;

import io.thyra.codec.Canonical;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.ResourceSchema;
import io.thyra.schema.Struct;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Everything the registry must know of a stored resource, in all its versions. Immutable; made at start-up for built-in
/// resources and when a CustomResourceDefinition is established.
public final class ResourceDefinition {
  /// Reading that changes nothing.
  public static final UnaryOperator<ObjectValue> AS_STORED = UnaryOperator.identity();

  /// What deleting an object of this kind means beyond the general rules.
  ///
  /// @param gracePeriod the grace period in seconds that an object is given when the client names none; null for kinds
  ///     that are deleted at once whatever the client says
  /// @param orphansByDefault whether dependents are orphaned when the client names no policy
  /// @param answersWithObject whether a finished delete answers with the object instead of a Status
  /// @param collected whether the garbage collector may hold the object with finalizers of its own; events it never does
  public record Deletion(
      @Nullable Function<ObjectValue, Long> gracePeriod, boolean orphansByDefault, boolean answersWithObject, boolean collected) {
    public static final Deletion PLAIN = new Deletion(null, false, false);
    public static final Deletion ANSWERS_WITH_OBJECT = new Deletion(null, false, true);
    public static final Deletion ORPHANS = new Deletion(null, true, false);
    public static final Deletion NEVER_COLLECTED = new Deletion(null, false, false, false);

    public Deletion(@Nullable Function<ObjectValue, Long> gracePeriod, boolean orphansByDefault, boolean answersWithObject) {
      this(gracePeriod, orphansByDefault, answersWithObject, true);
    }
  }

  private final GroupResource resource;
  private final boolean namespaced;
  private final String storagePrefix;
  private final List<VersionedType> known;
  private final List<VersionedType> versions;
  private final VersionedType hubVersion;
  private final GroupVersionKind hub;
  private final List<ResourceSchema> schemas;
  private final ResourceStrategy strategy;
  private final Map<String, Subresource> subresources;
  private final TableColumns columns;
  private final SelectableFields selectableFields;
  private final Deletion deletion;
  private final boolean protobuf;
  private final boolean convertsOutside;
  private final @Nullable StagedDeletion stagedDeletion;
  private final Duration timeToLive;
  private final String listKind;
  private final CustomDecoding decoding;
  private final Subresource.@Nullable Action action;
  private final @Nullable Supplier<List<ObjectValue>> computed;
  private final UnaryOperator<ObjectValue> reading;
  private final Map<String, Struct> storedTypes;
  private final @Nullable String gate;
  private final BiFunction<ObjectValue, VersionedType, ObjectValue> shaping;
  private final Map<String, VersionParts> perVersion;

  private ResourceDefinition(Builder builder) {
    resource = Objects.requireNonNull(builder.resource);
    namespaced = builder.namespaced;
    storagePrefix = Objects.requireNonNull(builder.storagePrefix);
    known = List.copyOf(builder.versions);
    versions = known.stream().filter(v -> builder.served.test(v.kind().groupVersion())).toList();
    hub = Objects.requireNonNull(builder.hub);
    schemas = builder.schemas.stream().filter(r -> builder.served.test(r.resource().groupVersion())).toList();
    strategy = builder.strategy;
    subresources = Map.copyOf(builder.subresources);
    columns = Objects.requireNonNull(builder.columns);
    selectableFields = builder.selectableFields;
    deletion = builder.deletion;
    protobuf = builder.protobuf;
    convertsOutside = builder.convertsOutside;
    stagedDeletion = builder.stagedDeletion;
    timeToLive = builder.timeToLive;
    listKind = builder.listKind == null ? hub.kind() + "List" : builder.listKind;
    decoding = builder.decoding;
    action = builder.action;
    computed = builder.computed;
    reading = builder.reading;
    storedTypes = Map.copyOf(builder.storedTypes);
    gate = builder.gate;
    shaping = builder.shaping;
    perVersion = Map.copyOf(builder.perVersion);
    hubVersion = known.stream().filter(v -> v.kind().equals(hub)).findFirst().orElseThrow();
  }

  /// A builder that begins with everything that this definition says.
  public Builder toBuilder() {
    var builder = new Builder(resource);
    builder.namespaced = namespaced;
    builder.storagePrefix = storagePrefix;
    builder.versions = known;
    builder.hub = hub;
    builder.schemas = schemas;
    builder.strategy = strategy;
    builder.subresources.putAll(subresources);
    builder.columns = columns;
    builder.selectableFields = selectableFields;
    builder.deletion = deletion;
    builder.protobuf = protobuf;
    builder.convertsOutside = convertsOutside;
    builder.stagedDeletion = stagedDeletion;
    builder.timeToLive = timeToLive;
    builder.listKind = listKind;
    builder.decoding = decoding;
    builder.action = action;
    builder.computed = computed;
    builder.reading = reading;
    builder.storedTypes.putAll(storedTypes);
    builder.gate = gate;
    builder.shaping = shaping;
    builder.perVersion.putAll(perVersion);
    return builder;
  }

  public static Builder builder(GroupResource resource) {
    return new Builder(resource);
  }

  public GroupResource resource() {
    return resource;
  }

  public boolean namespaced() {
    return namespaced;
  }

  /// The prefix of its keys with a slash at the end, `/registry/deployments/`. Namespaced objects follow as
  /// `namespace/name`, others as `name`.
  public String storagePrefix() {
    return storagePrefix;
  }

  public String key(String namespace, String name) {
    return namespaced ? storagePrefix + namespace + "/" + name : storagePrefix + name;
  }

  /// The versions that are served: those that requests may name, in the order of discovery. A version of a kind may live in another API group
  /// than the hub (events).
  public List<VersionedType> versions() {
    return versions;
  }

  /// As [#findVersion(GroupVersion)], but a version of a custom resource need not be served: objects may have been written in it.
  Optional<VersionedType> findWritten(GroupVersion groupVersion) {
    return (protobuf ? versions : known).stream().filter(v -> v.kind().groupVersion().equals(groupVersion)).findFirst();
  }

  public Optional<VersionedType> findVersion(String version) {
    return versions.stream().filter(v -> v.kind().version().equals(version)).findFirst();
  }

  /// The version that a group version of requests speaks; two groups may serve one kind (events).
  public Optional<VersionedType> findVersion(GroupVersion groupVersion) {
    return versions.stream().filter(v -> v.kind().groupVersion().equals(groupVersion)).findFirst();
  }

  public VersionedType hubVersion() {
    return hubVersion;
  }

  /// The version in which rules run and objects are stored.
  public GroupVersionKind hub() {
    return hub;
  }

  /// What discovery lists, one a version.
  public List<ResourceSchema> schemas() {
    return schemas;
  }

  public ResourceStrategy strategy() {
    return strategy;
  }

  public Optional<Subresource> findSubresource(String name) {
    return Optional.ofNullable(subresources.get(name));
  }

  public Map<String, Subresource> subresources() {
    return subresources;
  }

  public TableColumns columns() {
    return columns;
  }

  /// What a version has of its own where versions of a kind differ, as those of custom resources may.
  ///
  /// @param selectable the labels of its own that selectors may name
  public record VersionParts(TableColumns columns, Map<String, Subresource> subresources, Set<String> selectable) {
    public VersionParts {
      subresources = Map.copyOf(subresources);
      selectable = Set.copyOf(selectable);
    }
  }

  /// What a version has of its own; empty where all versions are alike.
  public Optional<VersionParts> findParts(VersionedType version) {
    return Optional.ofNullable(perVersion.get(version.kind().version()));
  }

  public TableColumns columns(VersionedType version) {
    return findParts(version).map(VersionParts::columns).orElse(columns);
  }

  public Optional<Subresource> findSubresource(String name, VersionedType version) {
    return findParts(version).map(parts -> Optional.ofNullable(parts.subresources().get(name))).orElseGet(() -> findSubresource(name));
  }

  /// What is done to a stored object when it is read, before anybody sees it: custom objects are brought into the hub version
  /// and into their schema, which may have changed since.
  public UnaryOperator<ObjectValue> reading() {
    return reading;
  }

  /// Whether the resource is there at all with these feature gates on.
  public boolean isOn(Set<String> features) {
    return gate == null || features.contains(gate);
  }

  /// The types of versions that are not known but for what others stored in them, by apiVersion; [#reading] brings them into the hub
  /// version.
  Map<String, Struct> storedTypes() {
    return storedTypes;
  }

  /// Whether an object is read as it is stored, so that its bytes may stand for it.
  public boolean readsAsStored() {
    return reading == AS_STORED;
  }

  /// What is done to a custom object that was converted into a version: what the version does not know is dropped.
  public BiFunction<ObjectValue, VersionedType, ObjectValue> shaping() {
    return shaping;
  }

  public SelectableFields selectableFields() {
    return selectableFields;
  }

  public Deletion deletion() {
    return deletion;
  }

  /// The first stage of a deletion in two stages; empty for kinds that have none.
  public Optional<StagedDeletion> stagedDeletion() {
    return Optional.ofNullable(stagedDeletion);
  }

  /// The kind of its lists.
  public String listKind() {
    return listKind;
  }

  /// How the bodies of custom objects are decoded.
  public CustomDecoding decoding() {
    return decoding;
  }

  /// How long an object lives after its last write; zero for ever.
  public Duration timeToLive() {
    return timeToLive;
  }

  /// Whether a version of an object is made by somebody else, who has to be waited for and may answer otherwise each time.
  public boolean convertsOutside(VersionedType version) {
    return convertsOutside && !version.kind().equals(hub);
  }

  /// Whether objects are stored and served as protobuf; custom resources are JSON alone.
  public boolean protobuf() {
    return protobuf;
  }

  /// What POST on the collection does instead of storing, for kinds that are asked (reviews) or that act (bindings).
  public Optional<Subresource.Action> action() {
    return Optional.ofNullable(action);
  }

  /// The objects of a resource that is computed at every read and never stored (componentstatuses).
  public Optional<Supplier<List<ObjectValue>>> computed() {
    return Optional.ofNullable(computed);
  }

  /// Collects a definition; for one thread.
  public static final class Builder {
    private final GroupResource resource;
    private boolean namespaced = true;
    private @Nullable String storagePrefix;
    private List<VersionedType> versions = List.of();
    private Predicate<GroupVersion> served = _ -> true;
    private @Nullable GroupVersionKind hub;
    private List<ResourceSchema> schemas = List.of();
    private ResourceStrategy strategy = new ResourceStrategy() {};
    private final Map<String, Subresource> subresources = new LinkedHashMap<>();
    private @Nullable TableColumns columns;
    private SelectableFields selectableFields = SelectableFields.NONE;
    private Deletion deletion = Deletion.PLAIN;
    private boolean protobuf = true;
    private boolean convertsOutside;
    private @Nullable StagedDeletion stagedDeletion;
    private Duration timeToLive = Duration.ZERO;
    private @Nullable String listKind;
    private CustomDecoding decoding = (document, version, _) -> Canonical.decode(document, version.struct());
    private Subresource.@Nullable Action action;
    private @Nullable Supplier<List<ObjectValue>> computed;
    private UnaryOperator<ObjectValue> reading = AS_STORED;
    private final Map<String, Struct> storedTypes = new LinkedHashMap<>();
    private @Nullable String gate;
    private BiFunction<ObjectValue, VersionedType, ObjectValue> shaping = (object, _) -> object;
    private final Map<String, VersionParts> perVersion = new LinkedHashMap<>();

    private Builder(GroupResource resource) {
      this.resource = resource;
    }

    public Builder clusterScoped() {
      namespaced = false;
      return this;
    }

    public Builder storedUnder(String prefix) {
      storagePrefix = prefix;
      return this;
    }

    public Builder versions(GroupVersionKind hubVersion, List<VersionedType> all) {
      hub = hubVersion;
      versions = all;
      return this;
    }

    /// Which of the versions are served; the hub is known whether it is or not.
    public Builder served(Predicate<GroupVersion> chosen) {
      served = chosen;
      return this;
    }

    public Builder schemas(List<ResourceSchema> discovered) {
      schemas = discovered;
      return this;
    }

    public Builder strategy(ResourceStrategy rules) {
      strategy = rules;
      return this;
    }

    public Builder subresource(String name, Subresource subresource) {
      subresources.put(name, subresource);
      return this;
    }

    public Builder columns(TableColumns shown) {
      columns = shown;
      return this;
    }

    public Builder selectable(SelectableFields fields) {
      selectableFields = fields;
      return this;
    }

    public Builder deletion(Deletion rules) {
      deletion = rules;
      return this;
    }

    public Builder stagedDeletion(StagedDeletion rules) {
      stagedDeletion = rules;
      return this;
    }

    public Builder timeToLive(Duration afterWrite) {
      timeToLive = afterWrite;
      return this;
    }

    public Builder action(Subresource.Action onPost) {
      action = onPost;
      return this;
    }

    public Builder computed(Supplier<List<ObjectValue>> objects) {
      computed = objects;
      return this;
    }

    public Builder listKind(String kind) {
      listKind = kind;
      return this;
    }

    public Builder decoding(CustomDecoding custom) {
      decoding = custom;
      return this;
    }

    public Builder reading(UnaryOperator<ObjectValue> stored) {
      reading = stored;
      return this;
    }

    /// The feature gate without which there is no such resource, whatever versions are asked for.
    public Builder gate(@Nullable String feature) {
      gate = feature;
      return this;
    }

    /// Reads what is stored in another version, of protobuf, by its type; [#reading] is then given the object in that version.
    public Builder storedAs(String apiVersion, Struct type) {
      storedTypes.put(apiVersion, type);
      return this;
    }

    public Builder shaping(BiFunction<ObjectValue, VersionedType, ObjectValue> converted) {
      shaping = converted;
      return this;
    }

    public Builder parts(String version, VersionParts parts) {
      perVersion.put(version, parts);
      return this;
    }

    /// Versions other than the hub are made outside of this server.
    public Builder convertsOutside() {
      convertsOutside = true;
      return this;
    }

    public Builder jsonOnly() {
      protobuf = false;
      return this;
    }

    public ResourceDefinition build() {
      return new ResourceDefinition(this);
    }
  }
}
