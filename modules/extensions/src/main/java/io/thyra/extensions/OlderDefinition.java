package io.thyra.extensions;

import io.thyra.codec.Canonical;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// CustomResourceDefinitions in v1beta1, which nobody serves any more: real servers store them so, since what all versions have in
/// common stands there once. Source: apiextensions-apiserver pkg/apis/apiextensions/v1beta1/generated.proto and v1/conversion.go.
final class OlderDefinition {
  static final String API_VERSION = "apiextensions.k8s.io/v1beta1";

  /// What stands in the spec for all versions, and what a version calls it.
  private static final List<Common> COMMON =
      List.of(
          new Common("validation", "schema", 5),
          new Common("subresources", "subresources", 6),
          new Common("additionalPrinterColumns", "additionalPrinterColumns", 8),
          new Common("selectableFields", "selectableFields", 11));

  private record Common(String ofSpec, String ofVersion, int number) {}

  private OlderDefinition() {}

  /// The type that its protobuf is read by; its fields have the names of v1 where it has them.
  static Struct type(Struct v1) {
    Struct spec = (Struct) shape(v1, "spec");
    Struct version = (Struct) ((ListOf) shape(spec, "versions")).item();
    Struct conversion = (Struct) shape(spec, "conversion");
    Struct webhook = (Struct) shape(conversion, "webhook");
    var olderConversion =
        struct(
            "CustomResourceConversion",
            conversion,
            Set.of("webhook"),
            List.of(
                field("webhookClientConfig", 2, shape(webhook, "clientConfig")),
                field("conversionReviewVersions", 3, shape(webhook, "conversionReviewVersions"))));
    var more = new ArrayList<FieldSchema>();
    more.add(field("version", 2, Scalar.STRING));
    COMMON.forEach(common -> more.add(field(common.ofSpec(), common.number(), shape(version, common.ofVersion()))));
    more.add(field("conversion", 9, olderConversion));
    var olderSpec = struct("CustomResourceDefinitionSpec", spec, Set.of("conversion"), more);
    return struct("CustomResourceDefinition", v1, Set.of("spec"), List.of(field("spec", 2, olderSpec)));
  }

  private static Shape shape(Struct struct, String field) {
    return Objects.requireNonNull(struct.field(field)).shape();
  }

  private static Struct struct(String name, Struct like, Set<String> without, List<FieldSchema> more) {
    var fields = new ArrayList<FieldSchema>();
    like.fields().stream().filter(field -> !without.contains(field.name())).forEach(fields::add);
    fields.addAll(more);
    return new Struct("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1." + name, name, "", false, false).define(fields);
  }

  private static FieldSchema field(String name, int number, Shape shape) {
    return new FieldSchema(name, name, number, shape, false, true, true, false, null, "", null, List.of(), "");
  }

  /// A definition as it is served. One that is v1 already stays as it is.
  static ObjectValue toV1(ObjectValue stored, Struct v1) {
    if (!stored.string("apiVersion").equals(API_VERSION)) {
      return stored;
    }
    ObjectValue spec = stored.object("spec");
    ListValue versions = spec.list("versions");
    if (versions.objects().isEmpty()) {
      versions = ListValue.of(ObjectValue.builder().put("name", spec.string("version")).put("served", true).put("storage", true).build());
    }
    var moved = new ArrayList<Value>();
    for (ObjectValue version : versions.objects()) {
      ObjectValue whole = version;
      for (Common common : COMMON) {
        Value value = spec.get(common.ofSpec());
        whole = value == null ? whole : whole.with(common.ofVersion(), value);
      }
      moved.add(whole);
    }
    ObjectValue served = spec.with("versions", new ListValue(moved)).without("version");
    for (Common common : COMMON) {
      served = served.without(common.ofSpec());
    }
    ObjectValue conversion = spec.object("conversion");
    Value client = conversion.get("webhookClientConfig");
    Value reviews = conversion.get("conversionReviewVersions");
    if (client != null || reviews != null) {
      ObjectValue webhook = client == null ? ObjectValue.EMPTY : ObjectValue.of("clientConfig", client);
      webhook = reviews == null ? webhook : webhook.with("conversionReviewVersions", reviews);
      served = served.with("conversion", ObjectValue.of("strategy", Value.of(conversion.string("strategy"))).with("webhook", webhook));
    }
    ObjectValue whole = stored.with("apiVersion", Value.of("apiextensions.k8s.io/v1")).with("spec", served);
    return Canonical.complete(whole, v1);
  }
}
