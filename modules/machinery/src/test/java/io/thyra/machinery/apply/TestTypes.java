package io.thyra.machinery.apply;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A small kind with every form of merging: `Gear`, in versions v1 and v2, where v2 calls `spec.size` `spec.width`.
final class TestTypes {
  static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  static final Struct GEAR = gear("size");
  static final Struct GEAR_V2 = gear("width");
  static final Struct DEPLOYMENT = deployment();

  private TestTypes() {}

  static ObjectValue json(String text) {
    return (ObjectValue) JsonText.parse(text.replace('\'', '"'));
  }

  private static Struct gear(String size) {
    Struct port =
        struct(
            "Port",
            field("port", Scalar.INT32),
            field("protocol", Scalar.STRING, "\"TCP\""),
            field("name", Scalar.STRING),
            field("labels", new MapOf(Scalar.STRING, false)));
    Struct address = new Struct("Address", "Address", "", true, false);
    address.define(List.of(field("host", Scalar.STRING), field("zone", Scalar.STRING)));
    Struct spec =
        struct(
            "GearSpec",
            field(size, Scalar.INT32),
            field("mode", Scalar.STRING),
            field("on", Scalar.BOOLEAN),
            field("amount", Scalar.QUANTITY),
            field("ports", new ListOf(port, ListOf.Type.MAP, List.of("port", "protocol"), false)),
            field("named", new ListOf(struct("Item", field("name", Scalar.STRING), field("v", Scalar.STRING)), ListOf.Type.MAP, List.of("name"), false)),
            field("tags", new ListOf(Scalar.STRING, ListOf.Type.SET, List.of(), false)),
            field("args", ListOf.atomic(Scalar.STRING)),
            field("address", address),
            field("whole", new MapOf(Scalar.STRING, true)),
            field("parts", new MapOf(Scalar.STRING, false)),
            field("free", Anything.ANYTHING));
    return struct(
        "Gear",
        field("kind", Scalar.STRING),
        field("apiVersion", Scalar.STRING),
        field("metadata", metadata()),
        field("spec", spec),
        field("status", struct("GearStatus", field("ready", Scalar.INT32))));
  }

  private static Struct metadata() {
    return struct(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        field("name", Scalar.STRING),
        field("namespace", Scalar.STRING),
        field("uid", Scalar.STRING),
        field("resourceVersion", Scalar.STRING),
        field("labels", new MapOf(Scalar.STRING, false)),
        field("annotations", new MapOf(Scalar.STRING, false)),
        field("finalizers", new ListOf(Scalar.STRING, ListOf.Type.SET, List.of(), false)),
        field("managedFields", ListOf.atomic(Anything.ANYTHING)));
  }

  private static Struct deployment() {
    return struct(
        "Deployment",
        field("metadata", metadata()),
        field("spec", struct("DeploymentSpec", field("replicas", Scalar.INT32))));
  }

  static Struct struct(String name, FieldSchema... fields) {
    return new Struct(name, name, "", false, false).define(List.of(fields));
  }

  static FieldSchema field(String name, Shape shape) {
    return field(name, shape, null);
  }

  static FieldSchema field(String name, Shape shape, @Nullable String defaultJson) {
    return new FieldSchema(name, name, 0, shape, false, true, true, false, null, "", defaultJson, List.of(), "");
  }

  /// A field manager of Gears in v1 through a subresource; its clock moves a second with each question.
  static FieldManager manager(String subresource, Map<String, FieldFilter> resets) {
    var asked = new ArrayList<Instant>();
    return new FieldManager(
        new FieldManager.Scope(
            new GroupVersionKind("test.dev", "v1", "Gear"),
            subresource,
            json("{'apiVersion':'test.dev/v1','kind':'Gear','metadata':{}}"),
            resets,
            false),
        new GearVersions(),
        () -> {
          asked.add(START);
          return START.plusSeconds(asked.size());
        });
  }

  static FieldManager manager() {
    return manager("", Map.of());
  }

  /// Converts Gears by renaming the field of their size.
  private static final class GearVersions implements VersionConverter {
    @Override
    public java.util.Optional<Struct> findType(String apiVersion) {
      return switch (apiVersion) {
        case "test.dev/v1" -> java.util.Optional.of(GEAR);
        case "test.dev/v2" -> java.util.Optional.of(GEAR_V2);
        default -> java.util.Optional.empty();
      };
    }

    @Override
    public ObjectValue convert(ObjectValue object, String apiVersion) {
      boolean toSecond = apiVersion.equals("test.dev/v2");
      String from = toSecond ? "size" : "width";
      ObjectValue spec = object.object("spec");
      var size = spec.get(from);
      ObjectValue converted = object.with("apiVersion", apiVersion);
      return size == null
          ? converted
          : converted.with("spec", spec.without(from).with(toSecond ? "width" : "size", size));
    }
  }
}
