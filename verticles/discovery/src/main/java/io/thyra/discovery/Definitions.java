package io.thyra.discovery;

import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Schemas;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The schemas of types, as OpenAPI 2 and 3 say them. For one document; not shared.
/// Source: kube-openapi pkg/generators/openapi.go, pkg/builder/openapi.go, pkg/builder3/openapi.go.
final class Definitions {
  private static final String META = ResourceOperations.META;

  /// Types that have a JSON form of their own, without fields to show.
  ///
  /// @param type empty for anything
  private record Special(String name, String type, String format, boolean oneOf, String description) {}

  /// The type of `/version`, which is no API type.
  static final String VERSION_INFO = "io.k8s.apimachinery.pkg.version.Info";

  private static final List<String> VERSION_REQUIRED =
      List.of("major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform");
  private static final List<String> VERSION_OPTIONAL =
      List.of("emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor");

  private static final Map<String, Special> SPECIALS = new HashMap<>();
  private static final Map<Scalar, String> SCALARS =
      Map.of(
          Scalar.QUANTITY, "io.k8s.apimachinery.pkg.api.resource.Quantity",
          Scalar.INT_OR_STRING, "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
          Scalar.TIME, META + "Time",
          Scalar.MICRO_TIME, META + "MicroTime",
          Scalar.DURATION, META + "Duration");

  static {
    for (Special special :
        List.of(
            new Special("io.k8s.apimachinery.pkg.api.resource.Quantity", "string,number", "", true,
                "A number with a suffix, such as 250m, 1.5 or 64Mi; kept in canonical form."),
            new Special("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "integer,string", "int-or-string", true,
                "Either a 32-bit integer or a string."),
            new Special(META + "Time", "string", "date-time", false, "A time as RFC 3339 writes it, in whole seconds."),
            new Special(META + "MicroTime", "string", "date-time", false,
                "MicroTime is version of Time with microsecond level precision."),
            new Special(META + "Duration", "string", "", false, "A span of time as Go writes it, such as 1h30m."),
            new Special(META + "FieldsV1", "object", "", false,
                "A set of fields as a tree: f:<name> for a field, v:<value>, i:<index> and k:<keys> for items of lists, . for the"
                    + " place itself."),
            new Special("io.k8s.apimachinery.pkg.runtime.RawExtension", "object", "", false, "An object of any kind."),
            new Special("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", "", "", false, "Any JSON value."))) {
      SPECIALS.put(special.name, special);
    }
  }

  private final boolean v3;
  private final Schemas schemas;
  private final Map<String, List<GroupVersionKind>> kinds = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Deque<String> wanted = new ArrayDeque<>();

  /// @param only the group version whose kinds are told of types that belong to every group, null for all
  Definitions(boolean v3, Schemas schemas, @Nullable GroupVersion only) {
    this.v3 = v3;
    this.schemas = schemas;
    for (GroupVersionKind kind : schemas.kinds()) {
      if (told(kind, only)) {
        schemas.findKind(kind).ifPresent(type -> kinds.computeIfAbsent(type.name(), _ -> new ArrayList<>()).add(kind));
      }
    }
    kinds.values().forEach(Collections::sort);
  }

  /// Types that every group registers anew are told in OpenAPI 3 for the document's own group alone.
  /// Source: apiserver pkg/server/routes/openapi.go.
  private static boolean told(GroupVersionKind kind, @Nullable GroupVersion only) {
    if (kind.group().equals("apidiscovery.k8s.io")) {
      return false;
    }
    boolean everywhere = kind.kind().equals("WatchEvent") || kind.kind().equals("DeleteOptions");
    return only == null || !everywhere || kind.groupVersion().equals(only) || kind.apiVersion().equals("v1");
  }

  /// A reference to a type, which is defined from now on.
  ObjectValue reference(String name) {
    if (seen.add(name)) {
      wanted.add(name);
    }
    return ObjectValue.of("$ref", Value.of((v3 ? "#/components/schemas/" : "#/definitions/") + name));
  }

  /// Every type that was referred to, and those that they refer to, by name.
  ObjectValue build(Map<String, ObjectValue> others) {
    var built = new TreeMap<String, ObjectValue>();
    while (!wanted.isEmpty()) {
      String name = wanted.remove();
      ObjectValue other = others.get(name);
      Special special = SPECIALS.get(name);
      if (other != null) {
        built.put(name, other);
      } else if (name.equals(VERSION_INFO)) {
        built.put(name, versionInfo());
      } else if (special != null) {
        built.put(name, name.endsWith(".v1.JSON") ? anyJson(special) : special(special));
      } else {
        schemas.findType(name).ifPresent(type -> built.put(name, struct(type)));
      }
    }
    return ObjectValue.of(built);
  }

  private ObjectValue versionInfo() {
    var properties = new TreeMap<String, ObjectValue>();
    for (String each : VERSION_OPTIONAL) {
      properties.put(each, described(each));
    }
    for (String each : VERSION_REQUIRED) {
      ObjectValue text = described(each);
      properties.put(each, v3 ? text.with("default", "") : text);
    }
    return ObjectValue.builder()
        .put("description", Descriptions.of(VERSION_INFO, ""))
        .put("type", "object")
        .put("required", ListValue.ofStrings(VERSION_REQUIRED))
        .put("properties", ObjectValue.of(properties))
        .build();
  }

  private static ObjectValue described(String field) {
    ObjectValue text = ObjectValue.of("type", Value.of("string"));
    String description = Descriptions.of(VERSION_INFO + "#" + field, "");
    return description.isEmpty() ? text : ObjectValue.of("description", Value.of(description), "type", Value.of("string"));
  }

  /// The words of the type are found at a field that has none of its own.
  private ObjectValue anyJson(Special special) {
    FieldSchema example = schemas.findType(special.name + "SchemaProps").map(type -> type.field("example")).orElse(null);
    ObjectValue schema = special(special);
    return example == null ? schema : schema.with("description", example.description());
  }

  private ObjectValue special(Special special) {
    var schema = ObjectValue.builder().put("description", Descriptions.of(special.name, special.description));
    String[] types = special.type.split(",");
    if (!special.oneOf || !v3) {
      if (!special.type.isEmpty()) {
        schema.put("type", special.oneOf ? "string" : types[0]);
      }
    }
    if (!special.format.isEmpty()) {
      schema.put("format", special.format);
    }
    if (special.oneOf && v3) {
      var choices = new ArrayList<Value>();
      for (String type : types) {
        choices.add(ObjectValue.of("type", Value.of(type)));
      }
      schema.put("oneOf", new ListValue(choices));
    }
    return schema.build();
  }

  private ObjectValue struct(Struct type) {
    var schema = ObjectValue.builder();
    String description = Descriptions.of(type.name(), type.description());
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
    if (type.customJson()) {
      return schema.build();
    }
    schema.put("type", "object");
    var properties = new TreeMap<String, ObjectValue>();
    var required = new ArrayList<String>();
    collect(type.name(), type, properties, required);
    if (!required.isEmpty()) {
      schema.put("required", ListValue.ofStrings(required));
    }
    if (!properties.isEmpty()) {
      schema.put("properties", ObjectValue.of(properties));
    }
    List<GroupVersionKind> of = kinds.get(type.name());
    if (of != null) {
      schema.put("x-kubernetes-group-version-kind", new ListValue(of.stream().map(kind -> (Value) kindValue(kind)).toList()));
    }
    if (type.atomic()) {
      schema.put("x-kubernetes-map-type", "atomic");
    }
    Markers.of(type.name()).forEach(schema::put);
    return schema.build();
  }

  static ObjectValue kindValue(GroupVersionKind kind) {
    return ObjectValue.builder().put("group", kind.group()).put("kind", kind.kind()).put("version", kind.version()).build();
  }

  /// @param owner the name of the type that the fields show in, which is not that of an embedded one
  private void collect(String owner, Struct type, Map<String, ObjectValue> properties, List<String> required) {
    for (FieldSchema field : type.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        collect(owner, embedded, properties, required);
        continue;
      }
      boolean items = field.name().equals("items") && type.field("metadata") instanceof FieldSchema meta && meta.shape() instanceof Struct head
          && head.name().equals(META + "ListMeta");
      properties.put(field.name(), field(owner + "#" + field.name(), field, !items));
      if (field.required()) {
        required.add(field.name());
      }
    }
  }

  /// @param name of the type and the field, with # between them
  /// @param merged whether server-side apply has a word for the lists of the field
  private ObjectValue field(String name, FieldSchema field, boolean merged) {
    var schema = ObjectValue.builder();
    String description = Descriptions.of(name, describesType(field) ? "" : field.description());
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
    boolean itemEnum = field.shape() instanceof ListOf || field.shape() instanceof MapOf;
    List<String> values = field.enumValues().isEmpty() ? Markers.values(name) : field.enumValues();
    ObjectValue shape = shape(field.shape(), field.goType(), itemEnum ? values : List.of(), merged);
    String fallback = v3 ? field.openApiDefault() : null;
    boolean sibling = schema.size() > 0 || fallback != null;
    if (v3 && shape.has("$ref") && sibling) {
      schema.put("allOf", ListValue.of(shape));
    } else {
      shape.forEach(schema::put);
    }
    if (fallback != null) {
      schema.put("default", JsonReader.read(fallback));
    }
    if (!itemEnum && !field.enumValues().isEmpty()) {
      schema.put("enum", ListValue.ofStrings(field.enumValues()));
    }
    if (field.patchMergeKey() != null) {
      schema.put("x-kubernetes-patch-merge-key", field.patchMergeKey());
    }
    if (!field.patchStrategy().isEmpty()) {
      schema.put("x-kubernetes-patch-strategy", field.patchStrategy());
    }
    Markers.of(name).forEach(schema::put);
    return schema.build();
  }

  /// Whether a field without a comment was given that of its type, which stands in the type's own definition.
  private static boolean describesType(FieldSchema field) {
    return switch (field.shape()) {
      case Struct struct -> struct.customJson() && field.description().equals(struct.description());
      case Anything _ -> field.description().startsWith("JSON represents ");
      default -> false;
    };
  }

  private ObjectValue shape(Shape shape, String goType, List<String> itemEnum, boolean merged) {
    return switch (shape) {
      case Scalar scalar -> scalar(scalar);
      case Struct struct -> reference(struct.name());
      case Anything _ -> reference(anything(goType));
      case ListOf list -> list(list, goType, itemEnum, merged);
      case MapOf map -> {
        var schema = ObjectValue.builder().put("type", "object");
        int bracket = goType.indexOf(']');
        schema.put("additionalProperties", element(map.value(), bracket < 0 ? "" : goType.substring(bracket + 1), itemEnum));
        if (map.atomic()) {
          schema.put("x-kubernetes-map-type", "atomic");
        }
        yield schema.build();
      }
    };
  }

  private ObjectValue list(ListOf list, String goType, List<String> itemEnum, boolean merged) {
    var schema = ObjectValue.builder().put("type", "array");
    schema.put("items", element(list.item(), goType.startsWith("[]") ? goType.substring(2) : goType, itemEnum));
    if (merged && !list.wrapped()) {
      if (!list.mapKeys().isEmpty()) {
        schema.put("x-kubernetes-list-map-keys", ListValue.ofStrings(list.mapKeys()));
      }
      schema.put("x-kubernetes-list-type", list.type().name().toLowerCase(Locale.ROOT));
    }
    return schema.build();
  }

  /// An item of a list or a value of a map: zeroes held by value are told as defaults.
  private ObjectValue element(Shape shape, String goType, List<String> enums) {
    ObjectValue schema = shape(shape, goType, List.of(), false);
    Value fallback = v3 && !goType.startsWith("*") ? zero(shape) : null;
    if (fallback != null) {
      ObjectValue whole = schema.has("$ref") ? ObjectValue.of("allOf", ListValue.of(schema)) : schema;
      schema = whole.with("default", fallback);
    }
    return enums.isEmpty() ? schema : schema.with("enum", ListValue.ofStrings(enums));
  }

  private static @Nullable Value zero(Shape shape) {
    return switch (shape) {
      case Struct struct -> struct.customJson() ? null : ObjectValue.EMPTY;
      case Scalar scalar -> switch (scalar) {
        case STRING -> Value.of("");
        case BOOLEAN -> Value.of(false);
        case INT32, INT64, DOUBLE -> Value.of(0);
        case BYTES, QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> null;
      };
      case ListOf _, MapOf _, Anything _ -> null;
    };
  }

  private ObjectValue scalar(Scalar scalar) {
    return switch (scalar) {
      case STRING -> ObjectValue.of("type", Value.of("string"));
      case BOOLEAN -> ObjectValue.of("type", Value.of("boolean"));
      case INT32 -> ObjectValue.of("type", Value.of("integer"), "format", Value.of("int32"));
      case INT64 -> ObjectValue.of("type", Value.of("integer"), "format", Value.of("int64"));
      case DOUBLE -> ObjectValue.of("type", Value.of("number"), "format", Value.of("double"));
      case BYTES -> ObjectValue.of("type", Value.of("string"), "format", Value.of("byte"));
      case QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> reference(SCALARS.get(scalar));
    };
  }

  private static String anything(String goType) {
    String bare = goType.startsWith("*") ? goType.substring(1) : goType;
    return switch (bare) {
      case "v1.FieldsV1" -> META + "FieldsV1";
      case "v1.JSON" -> "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON";
      default -> "io.k8s.apimachinery.pkg.runtime.RawExtension";
    };
  }
}
