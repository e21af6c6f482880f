package io.thyra.extensions;

import io.thyra.machinery.GoPrint;
import io.thyra.machinery.JsonPath;
import io.thyra.machinery.SyntaxException;
import io.thyra.machinery.Versions;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.Metadata;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.SelectableFields;
import io.thyra.registry.Subresource;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.thyra.schema.ResourceSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The resource that a CustomResourceDefinition with accepted names defines, made once for each change of it.
/// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go, customresource_discovery_controller.go.
final class CustomResource {
  // In upstream's order, which is none.
  private static final List<String> VERBS =
      List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
  private static final List<String> TERMINATING_VERBS = List.of("delete", "deletecollection", "get", "list", "watch");
  private static final List<String> PART_VERBS = List.of("get", "patch", "update");
  private static final GroupVersionKind SCALE = new GroupVersionKind("autoscaling", "v1", "Scale");

  private final ObjectValue definition;
  private final String group;
  private final ObjectValue names;
  private final boolean namespaced;
  private final @Nullable ConversionWebhook webhook;
  private final GroupResource resource;
  private final Map<String, CustomRules> rules = new LinkedHashMap<>();
  private final String storageVersion;

  private CustomResource(ObjectValue definition, ConversionClient client) {
    this.definition = definition;
    group = definition.string("spec", "group");
    names = definition.object("status", "acceptedNames");
    namespaced = definition.string("spec", "scope").equals("Namespaced");
    webhook =
        definition.string("spec", "conversion", "strategy").equals("Webhook")
            ? new ConversionWebhook(client, definition.object("spec", "conversion", "webhook"))
            : null;
    resource = new GroupResource(group, names.string("plural"));
    boolean preserving = definition.bool("spec", "preserveUnknownFields");
    String storage = "";
    for (ObjectValue version : versions()) {
      String name = version.string("name");
      StructuralSchema schema = StructuralSchema.of(version.object("schema", "openAPIV3Schema"));
      var custom =
          new CustomVersion(
              new GroupVersionKind(group, name, names.string("kind")), schema, preserving, version.object("subresources"));
      rules.put(name, new CustomRules(custom, namespaced));
      storage = version.bool("storage") ? name : storage;
    }
    storageVersion = storage;
  }

  /// The resource of a definition whose names are accepted.
  ///
  /// @param client asks the webhook that converts its objects, if it has one
  static ResourceDefinition define(ObjectValue definition, ConversionClient client) {
    return new CustomResource(definition, client).build();
  }

  private List<ObjectValue> versions() {
    return definition.list("spec", "versions").objects();
  }

  private CustomRules hub() {
    CustomRules hub = rules.get(storageVersion);
    if (hub == null) {
      throw new IllegalStateException("no storage version");
    }
    return hub;
  }

  private ResourceDefinition build() {
    boolean terminating = Conditions.isTrue(definition, Conditions.TERMINATING);
    CustomRules hub = hub();
    ResourceDefinition.Builder out = ResourceDefinition.builder(resource);
    if (!namespaced) {
      out.clusterScoped();
    }
    var types = new ArrayList<VersionedType>();
    var schemas = new ArrayList<ResourceSchema>();
    Set<String> served = new HashSet<>();
    Map<String, Function<ObjectValue, String>> fields = new LinkedHashMap<>();
    for (ObjectValue version : versions()) {
      String name = version.string("name");
      types.add(type(version));
      if (version.bool("served")) {
        served.add(name);
        schemas.add(schema(version));
      }
      Set<String> selectable = new HashSet<>();
      for (ObjectValue field : version.list("selectableFields").objects()) {
        String path = field.string("jsonPath");
        String label = path.startsWith(".") ? path.substring(1) : path;
        selectable.add(label);
        fields.put(label, selected(path));
      }
      TableColumns columns = columns(version.list("additionalPrinterColumns"), name);
      out.parts(name, new ResourceDefinition.VersionParts(columns, subresources(version, terminating), selectable));
    }
    out.storedUnder("/registry/" + group + "/" + resource.resource() + "/")
        .versions(hub.version().kind(), types)
        .served(version -> served.contains(version.version()))
        .schemas(schemas)
        .strategy(new CustomStrategy(resource, hub, rules, false, terminating, outside()))
        .columns(columns(ListValue.EMPTY, storageVersion))
        .selectable(SelectableFields.of(fields))
        .listKind(names.string("listKind"))
        .decoding(
            (document, version, strict) ->
                rules.getOrDefault(version.kind().version(), hub).version().decode(document, strict))
        .reading(this::read)
        .shaping((object, version) -> rules.getOrDefault(version.kind().version(), hub).version().adopt(object))
        .jsonOnly();
    if (webhook != null) {
      out.convertsOutside();
    }
    versions().forEach(version -> subresources(version, terminating).forEach(out::subresource));
    return out.build();
  }

  /// A stored object in the storage version of today, in the shape that its schema has today.
  private ObjectValue read(ObjectValue stored) {
    String apiVersion = stored.string("apiVersion");
    CustomRules written = rules.get(apiVersion.substring(apiVersion.indexOf('/') + 1));
    CustomRules hub = hub();
    CustomVersion own = (written == null ? hub : written).version();
    ObjectValue shaped = own.defaulted(own.adopt(stored));
    ObjectValue converted = own == hub.version() ? shaped : converted(shaped, own, hub.version());
    return Metadata.generation(converted) == 0 ? Metadata.with(converted, "generation", 1) : converted;
  }

  private VersionedType type(ObjectValue version) {
    String name = version.string("name");
    CustomVersion custom = rules.getOrDefault(name, hub()).version();
    CustomVersion hub = hub().version();
    UnaryOperator<ObjectValue> toHub =
        webhook != null ? object -> converted(object, custom, hub) : UnaryOperator.identity();
    return new VersionedType(
        custom.kind(),
        SchemaShapes.of(custom.kind(), custom.schema(), custom.preserving()),
        custom::defaulted,
        toHub,
        webhook != null ? object -> converted(object, hub, custom) : UnaryOperator.identity(),
        warning(version));
  }

  private @Nullable BiFunction<ObjectValue, CustomVersion, ObjectValue> outside() {
    return webhook == null ? null : (stored, version) -> converted(stored, hub().version(), version);
  }

  /// An object of one version in another one.
  private ObjectValue converted(ObjectValue object, CustomVersion from, CustomVersion to) {
    if (webhook == null || from == to) {
      return to.adopt(object);
    }
    ObjectValue told = object.with("apiVersion", from.kind().apiVersion());
    return to.adopt(webhook.convert(told, to.kind()));
  }

  private TableColumns columns(ListValue declared, String version) {
    TableColumns shown = CustomColumns.of(declared);
    CustomVersion custom = rules.getOrDefault(version, hub()).version();
    CustomVersion hub = hub().version();
    if (custom == hub) {
      return shown;
    }
    return new TableColumns(shown.columns(), (object, now) -> shown.cells().apply(converted(object, hub, custom), now));
  }

  private Map<String, Subresource> subresources(ObjectValue version, boolean terminating) {
    CustomVersion custom = rules.getOrDefault(version.string("name"), hub()).version();
    var parts = new LinkedHashMap<String, Subresource>();
    if (custom.hasStatus()) {
      parts.put("status", new Subresource.Part(new CustomStrategy(resource, hub(), rules, true, terminating, outside()), true));
    }
    ObjectValue scale = custom.scale();
    if (scale != null) {
      String selector = scale.string("labelSelectorPath");
      parts.put(
          "scale",
          new Subresource.Scale(
              NestedField.steps(scale.string("specReplicasPath")),
              NestedField.steps(scale.string("statusReplicasPath")),
              object -> selector.isEmpty() ? "" : object.string(NestedField.steps(selector)),
              scale.string("specReplicasPath")));
    }
    return parts;
  }

  private static Function<ObjectValue, String> selected(String path) {
    try {
      JsonPath compiled = JsonPath.ofPath(path);
      return object -> compiled.findFirst(object).filter(v -> !v.isNull()).map(CustomResource::text).orElse("");
    } catch (SyntaxException _) {
      return _ -> "";
    }
  }

  private static String text(io.thyra.model.Value value) {
    return value instanceof StringValue(String text) ? text : GoPrint.value(value);
  }

  private String warning(ObjectValue version) {
    if (!version.bool("deprecated")) {
      return "";
    }
    if (version.get("deprecationWarning") instanceof StringValue(String text)) {
      return text;
    }
    String kind = names.string("kind");
    String deprecated = version.string("name");
    String words = group + "/" + deprecated + " " + kind + " is deprecated";
    return versions().stream()
        .filter(v -> v.bool("served") && !v.bool("deprecated"))
        .map(v -> v.string("name"))
        .filter(name -> Versions.PREFERRED_FIRST.compare(name, deprecated) < 0)
        .min(Versions.PREFERRED_FIRST)
        .map(name -> words + "; use " + group + "/" + name + " " + kind)
        .orElse(words);
  }

  private ResourceSchema schema(ObjectValue version) {
    String name = version.string("name");
    var kind = new GroupVersionKind(group, name, names.string("kind"));
    var parts = new ArrayList<ResourceSchema.Subresource>();
    ObjectValue subresources = version.object("subresources");
    if (subresources.get("status") instanceof ObjectValue) {
      parts.add(new ResourceSchema.Subresource("status", kind, PART_VERBS));
    }
    if (subresources.get("scale") instanceof ObjectValue) {
      parts.add(new ResourceSchema.Subresource("scale", SCALE, PART_VERBS));
    }
    List<String> verbs = Conditions.isTrue(definition, Conditions.TERMINATING) ? TERMINATING_VERBS : VERBS;
    return new ResourceSchema(
        new GroupVersionResource(group, name, resource.resource()),
        kind,
        names.string("singular"),
        namespaced,
        verbs,
        names.list("shortNames").strings(),
        names.list("categories").strings(),
        parts,
        true);
  }
}
