package io.thyra.schema.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.swagger.annotations.ApiModelProperty;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What holds for most fields, so that the supplement need only list the exceptions: how Go names and holds a field of
/// which the descriptor tells the JSON name, the type and whether it is optional.
final class Rules {
  private static final Map<String, String> SPECIAL = Map.ofEntries(
      Map.entry("io.k8s.apimachinery.pkg.api.resource.Quantity", "QUANTITY"),
      Map.entry("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "INT_OR_STRING"),
      Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.Time", "TIME"),
      Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", "MICRO_TIME"),
      Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.Duration", "DURATION"),
      Map.entry("io.k8s.apimachinery.pkg.runtime.RawExtension", "ANYTHING"),
      Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", "ANYTHING"),
      Map.entry("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", "ANYTHING"),
      Map.entry("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.JSON", "ANYTHING"));
  private static final Set<String> ACRONYMS =
      Set.of("api", "uid", "id", "ip", "url", "uri", "tls", "fs", "cpu", "dns", "csi", "nfs", "rbd", "iscsi", "cel");

  private Rules() {}

  static boolean isSpecial(String type) {
    return SPECIAL.containsKey(type);
  }

  /// Messages that only wrap a list: {items = 1} without metadata, as metav1.Verbs.
  static boolean wrapsList(Descriptor message) {
    return message.getFields().size() == 1 && message.getFields().getFirst().getType() != FieldDescriptor.Type.MESSAGE
        && message.getFields().getFirst().getName().equals("items")
        && message.getFields().getFirst().isRepeated() && message.getFields().getFirst().getNumber() == 1;
  }

  static DraftShape shape(FieldDescriptor field) {
    if (field.isMapField()) {
      return new DraftShape.Mapped(single(field.getMessageType().findFieldByNumber(2)));
    }
    DraftShape item = single(field);
    return field.isRepeated() ? new DraftShape.Many(item, false) : item;
  }

  private static DraftShape single(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING -> new DraftShape.Plain("STRING");
      case BOOL -> new DraftShape.Plain("BOOLEAN");
      case INT32, UINT32 -> new DraftShape.Plain("INT32");
      case INT64, UINT64 -> new DraftShape.Plain("INT64");
      case DOUBLE, FLOAT -> new DraftShape.Plain("DOUBLE");
      case BYTES -> new DraftShape.Plain("BYTES");
      case MESSAGE -> {
        Descriptor message = field.getMessageType();
        String name = Names.ofProto(message.getFullName());
        String special = SPECIAL.get(name);
        if (special != null) {
          yield new DraftShape.Plain(special);
        }
        yield wrapsList(message) ? new DraftShape.Many(single(message.getFields().getFirst()), true) : new DraftShape.Named(name);
      }
      default -> throw new IllegalArgumentException(field.getFullName() + " is " + field.getType());
    };
  }

  /// The Go field of a JSON field: capitalised, common acronyms in full capitals.
  static String goName(String name) {
    int end = 0;
    while (end < name.length() && Character.isLowerCase(name.charAt(end))) {
      end++;
    }
    String first = name.substring(0, end);
    if (ACRONYMS.contains(first)) {
      return first.toUpperCase(java.util.Locale.ROOT) + name.substring(end);
    }
    return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /// The Go type of a shape as seen from a package, as reflection prints it, when the supplement names no other.
  static String goType(DraftShape shape, boolean pointer) {
    String type = switch (shape) {
      case DraftShape.Plain plain -> switch (plain.name()) {
        case "STRING" -> "string";
        case "BOOLEAN" -> "bool";
        case "INT32" -> "int32";
        case "INT64" -> "int64";
        case "DOUBLE" -> "float64";
        case "BYTES" -> "[]uint8";
        case "QUANTITY" -> "resource.Quantity";
        case "INT_OR_STRING" -> "intstr.IntOrString";
        case "TIME" -> "v1.Time";
        case "MICRO_TIME" -> "v1.MicroTime";
        case "DURATION" -> "v1.Duration";
        default -> "runtime.RawExtension";
      };
      case DraftShape.Named named -> {
        int type1 = named.type().lastIndexOf('.');
        yield named.type().substring(named.type().lastIndexOf('.', type1 - 1) + 1);
      }
      case DraftShape.Many many -> "[]" + goType(many.item(), false);
      case DraftShape.Mapped mapped -> "map[string]" + goType(mapped.value(), false);
    };
    return pointer ? "*" + type : type;
  }

  /// Optional booleans, numbers and structs are held by pointer; texts, lists, maps and quantities by value.
  static boolean pointer(DraftShape shape, boolean optional) {
    return optional && switch (shape) {
      case DraftShape.Plain plain -> switch (plain.name()) {
        case "STRING", "QUANTITY", "BYTES", "ANYTHING" -> false;
        default -> true;
      };
      case DraftShape.Named _ -> true;
      case DraftShape.Many _, DraftShape.Mapped _ -> false;
    };
  }

  /// Optional fields are left out when they are empty, unless they are structs held by value: those Go always prints.
  static boolean omitEmpty(DraftShape shape, boolean optional, boolean pointer) {
    return optional && (pointer || !isStruct(shape));
  }

  private static boolean isStruct(DraftShape shape) {
    return switch (shape) {
      case DraftShape.Plain plain -> switch (plain.name()) {
        case "STRING", "BOOLEAN", "INT32", "INT64", "DOUBLE", "BYTES" -> false;
        default -> true;
      };
      case DraftShape.Named _ -> true;
      case DraftShape.Many _, DraftShape.Mapped _ -> false;
    };
  }

  /// @param property what the OpenAPI model says, null when there is no model
  /// @param ofKind whether the field is a direct field of a kind: there, structs are held by value,
  ///     as are numbers, booleans and times of statuses and conditions
  static Draft.Field field(FieldDescriptor descriptor, List<String> comment, @Nullable ApiModelProperty property, boolean ofKind) {
    var field = new Draft.Field(descriptor.getName(), descriptor.getNumber(), shape(descriptor));
    boolean optional = Comments.hasMarker(comment, "optional") || Comments.hasMarker(comment, "k8s:optional");
    field.required = property == null ? !optional : property.required();
    String owner = descriptor.getContainingType().getName();
    boolean observed = owner.endsWith("Status") || owner.endsWith("Condition");
    field.pointer = pointer(field.shape, optional) && !(ofKind && field.shape instanceof DraftShape.Named)
        && !(observed && field.shape instanceof DraftShape.Plain) && !descriptor.getName().equals("metadata");
    optional |= !field.required;
    field.omitEmpty = omitEmpty(field.shape, optional, field.pointer);
    field.mapKeys = Comments.markers(comment, "listMapKey");
    for (String type : Comments.markers(comment, "listType")) {
      field.listType = type;
    }
    field.mapAtomic = Comments.markers(comment, "mapType").contains("atomic") || Comments.markers(comment, "structType").contains("atomic");
    for (String key : Comments.markers(comment, "patchMergeKey")) {
      field.mergeKey = key;
    }
    field.strategy = String.join(",", Comments.markers(comment, "patchStrategy"));
    for (String value : Comments.markers(comment, "default")) {
      field.defaultJson = value;
    }
    if (field.shape instanceof DraftShape.Named named && field.name.equals("metadata")) {
      field.goName = named.type().substring(named.type().lastIndexOf('.') + 1);
    }
    field.description = Comments.description(comment);
    if (property != null) {
      field.description = OpenApiModels.withParagraphs(field.description, property.value());
    }
    return field;
  }

  /// Whether a message is a kind of its own: it has the metadata of an object or of a list first, and is no template.
  static boolean isKind(Descriptor message) {
    FieldDescriptor metadata = message.findFieldByName("metadata");
    if (metadata == null || metadata.getNumber() != 1 || metadata.getType() != FieldDescriptor.Type.MESSAGE) {
      return false;
    }
    String type = metadata.getMessageType().getName();
    return type.equals("ListMeta") || type.equals("ObjectMeta") && !message.getName().endsWith("Template")
        && !message.getName().endsWith("TemplateSpec");
  }
}
