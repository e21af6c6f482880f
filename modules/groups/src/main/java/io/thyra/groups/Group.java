package io.thyra.groups;

import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceDefinition.Deletion;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.SelectableFields;
import io.thyra.registry.StagedDeletion;
import io.thyra.registry.Subresource;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.thyra.schema.ResourceSchema;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Collects the resources of one API group. What the schema knows (versions, scope, kind, subresources) is not said
/// again. For one thread.
public final class Group {
  private final Schemas schemas;
  private final Defaults defaults;
  private final String name;
  private final List<ResourceDefinition> resources = new ArrayList<>();

  public Group(Schemas schemas, Defaults defaults, String name) {
    this.schemas = schemas;
    this.defaults = defaults;
    this.name = name;
  }

  public Schemas schemas() {
    return schemas;
  }

  /// Declares a resource; `says` sets what its schema does not know.
  public Group resource(String plural, Consumer<Declaration> says) {
    Declaration declaration = new Declaration(plural);
    says.accept(declaration);
    resources.add(declaration.define());
    return this;
  }

  public List<ResourceDefinition> resources() {
    return List.copyOf(resources);
  }

  private static int priority(String version) {
    return version.contains("alpha") ? 2 : version.contains("beta") ? 1 : 0;
  }

  private static final Comparator<ResourceSchema> NEWEST_FIRST =
      (a, b) -> {
        int byStability = Integer.compare(priority(a.kind().version()), priority(b.kind().version()));
        return byStability != 0 ? byStability : Integer.compare(numbers(b.kind().version()), numbers(a.kind().version()));
      };

  // v1beta2 is 1002: majors count more than minors.
  private static int numbers(String version) {
    String[] parts = version.substring(1).split("alpha|beta");
    return Integer.parseInt(parts[0]) * 1000 + (parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
  }

  /// One resource while it is being declared.
  public final class Declaration {
    private final String plural;
    private final List<ResourceSchema> versions;
    private final Map<String, String> warnings = new HashMap<>();
    private final Map<String, UnaryOperator<ObjectValue>> toHub = new HashMap<>();
    private final Map<String, UnaryOperator<ObjectValue>> fromHub = new HashMap<>();
    private final Map<String, UnaryOperator<ObjectValue>> defaulted = new HashMap<>();
    private final Map<String, Subresource> subresources = new LinkedHashMap<>();
    private String storedAs;
    private @Nullable GroupVersionKind hub;
    private KindStrategy.@Nullable Builder rules;
    private @Nullable ResourceStrategy strategy;
    private KindStrategy.@Nullable Builder statusRules;
    private TableColumns columns;
    private SelectableFields fields = SelectableFields.NONE;
    private Deletion deletion = Deletion.PLAIN;
    private @Nullable StagedDeletion staged;
    private Subresource.Action.@Nullable Handler action;
    private @Nullable Supplier<List<ObjectValue>> computed;
    private UnaryOperator<ObjectValue> reading = ResourceDefinition.AS_STORED;
    private @Nullable String gate;

    private Declaration(String plural) {
      this.plural = plural;
      storedAs = plural;
      columns = TableColumns.plain(schemas);
      versions =
          schemas.resources().stream()
              .filter(r -> r.resource().group().equals(name) && r.resource().resource().equals(plural))
              .sorted(NEWEST_FIRST)
              .toList();
      if (versions.isEmpty()) {
        throw new IllegalStateException("the schema has no " + new GroupResource(name, plural));
      }
    }

    public Struct struct() {
      return type(hub());
    }

    private GroupVersionKind hub() {
      return hub == null ? versions.getFirst().kind() : hub;
    }

    private Struct type(GroupVersionKind kind) {
      return schemas.findKind(kind).orElseThrow(() -> new IllegalStateException("the schema has no " + kind));
    }

    public boolean namespaced() {
      return versions.getFirst().namespaced();
    }

    /// The version in which objects are stored, when it is not the newest.
    public Declaration storedIn(String version) {
      hub = new GroupVersionKind(name, version, versions.getFirst().kind().kind());
      return this;
    }

    /// The kind of another group in which objects are stored; its versions are this one's neighbours.
    public Declaration storedIn(GroupVersionKind kind) {
      hub = kind;
      return this;
    }

    /// The key below `/registry/`, when it is not the resource's name.
    public Declaration storedUnder(String prefix) {
      storedAs = prefix;
      return this;
    }

    public Declaration converts(String version, UnaryOperator<ObjectValue> to, UnaryOperator<ObjectValue> from) {
      toHub.put(version, to);
      fromHub.put(version, from);
      return this;
    }

    /// The feature gate without which the resource is not served. Source: pkg/registry/*/rest.
    public Declaration gate(String feature) {
      gate = feature;
      return this;
    }

    /// Every request in a version warns.
    public Declaration warns(String version, String text) {
      warnings.put(version, text);
      return this;
    }

    /// What an object that comes from the store is given, because its stored form does not hold it.
    public Declaration reading(UnaryOperator<ObjectValue> stored) {
      reading = stored;
      return this;
    }

    /// A default of whole objects in one version, after those of the types.
    public Declaration defaults(String version, UnaryOperator<ObjectValue> rule) {
      defaulted.put(version, rule);
      return this;
    }

    /// Begins the rules; they know struct and scope.
    public KindStrategy.Builder rules() {
      KindStrategy.Builder builder = KindStrategy.of(struct());
      if (!namespaced()) {
        builder.clusterScoped();
      }
      PodGates.findPodSpec(struct())
          .ifPresent(
              path ->
                  builder
                      .onCreate((_, object) -> PodGates.drop(object, null, path))
                      .onUpdate((_, object, old) -> PodGates.drop(object, old, path)));
      rules = builder;
      return builder;
    }

    public Declaration strategy(ResourceStrategy given) {
      strategy = given;
      return this;
    }

    /// Begins the rules of `/status`.
    public KindStrategy.Builder statusRules() {
      KindStrategy.Builder builder = KindStrategy.statusOf(struct());
      if (!namespaced()) {
        builder.clusterScoped();
      }
      statusRules = builder;
      return builder;
    }

    public Declaration subresource(String subresource, Subresource meaning) {
      subresources.put(subresource, meaning);
      return this;
    }

    /// POST on a subresource with a body of another kind.
    public Declaration action(String subresource, GroupVersionKind body, Subresource.Action.Handler handler) {
      return subresource(subresource, new Subresource.Action(body, defaults.of(type(body)), handler));
    }

    /// `/scale` over `spec.replicas` and `status.replicas`.
    public Declaration scale(Subresource.Scale.Selector selector) {
      return subresource(
          "scale",
          new Subresource.Scale(
              new String[] {"spec", "replicas"}, new String[] {"status", "replicas"}, selector, "", Optional.of(Columns.scale(schemas))));
    }

    /// Columns that begin with the name.
    public Declaration columns(Function<Columns, TableColumns> shown) {
      columns = shown.apply(Columns.named(schemas));
      return this;
    }

    /// Columns from the first on.
    public Declaration allColumns(Function<Columns, TableColumns> shown) {
      columns = shown.apply(Columns.unnamed(schemas));
      return this;
    }

    public Declaration selectable(SelectableFields selectable) {
      fields = selectable;
      return this;
    }

    public Declaration deletion(Deletion rule) {
      deletion = rule;
      return this;
    }

    /// Deletion takes a controller's help.
    public Declaration stagedDeletion(StagedDeletion rules) {
      staged = rules;
      return this;
    }

    /// POST on the collection is an action, nothing is stored.
    public Declaration action(Subresource.Action.Handler handler) {
      action = handler;
      return this;
    }

    public Declaration computed(Supplier<List<ObjectValue>> objects) {
      computed = objects;
      return this;
    }

    private ResourceDefinition define() {
      GroupVersionKind stored = hub();
      ResourceDefinition.Builder out = ResourceDefinition.builder(new GroupResource(name, plural));
      if (!namespaced()) {
        out.clusterScoped();
      }
      var types = new ArrayList<VersionedType>();
      versions.forEach(v -> types.add(version(v.kind())));
      if (types.stream().noneMatch(t -> t.kind().equals(stored))) {
        types.add(VersionedType.same(stored, type(stored), defaults.of(type(stored))));
      }
      out.storedUnder("/registry/" + storedAs + "/").versions(stored, types).schemas(versions);
      if (strategy != null) {
        out.strategy(strategy);
      } else if (rules != null) {
        out.strategy(rules.build());
      }
      if (action != null) {
        out.action(new Subresource.Action(stored, action));
      }
      if (staged != null) {
        out.stagedDeletion(staged);
      }
      if (computed != null) {
        out.computed(computed);
      }
      subresources.forEach(out::subresource);
      if (statusRules != null) {
        out.subresource("status", new Subresource.Part(statusRules.build(), true));
      }
      return out.columns(columns).selectable(fields).deletion(deletion).reading(reading).gate(gate).build();
    }

    private VersionedType version(GroupVersionKind kind) {
      Struct struct = type(kind);
      UnaryOperator<ObjectValue> byType = defaults.of(struct);
      UnaryOperator<ObjectValue> own = defaulted.get(kind.version());
      UnaryOperator<ObjectValue> all = own == null ? byType : object -> own.apply(byType.apply(object));
      return new VersionedType(
          kind,
          struct,
          all,
          toHub.getOrDefault(kind.version(), UnaryOperator.identity()),
          fromHub.getOrDefault(kind.version(), UnaryOperator.identity()),
          warnings.getOrDefault(kind.version(), ""));
    }
  }
}
