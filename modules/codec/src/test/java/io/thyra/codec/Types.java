package io.thyra.codec;

import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.List;

/// A small kind with a field of every shape, for tests.
final class Types {
  static final Struct META = new Struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "ObjectMeta", "", false, false)
      .define(List.of(
          optional("name", 1, Scalar.STRING),
          pointer("created", 8, Scalar.TIME),
          pointer("grace", 10, Scalar.INT64),
          optional("labels", 11, new MapOf(Scalar.STRING, false))));

  static final Struct SOURCE = new Struct("io.k8s.api.core.v1.VolumeSource", "VolumeSource", "", false, false)
      .define(List.of(pointer("path", 1, Scalar.STRING), optional("mode", 2, Scalar.INT32)));

  static final Struct ITEM = new Struct("io.k8s.api.core.v1.Item", "Item", "", false, false)
      .define(List.of(
          field("name", 1, Scalar.STRING, false, false, false),
          field("source", 2, SOURCE, false, false, true),
          optional("limits", 3, new MapOf(Scalar.QUANTITY, false)),
          field("port", 4, Scalar.INT_OR_STRING, false, false, false)));

  static final Struct STATUS = new Struct("io.k8s.api.core.v1.ThingStatus", "ThingStatus", "", false, false)
      .define(List.of(optional("phase", 1, Scalar.STRING), optional("ready", 2, Scalar.BOOLEAN)));

  static final Struct SPEC = new Struct("io.k8s.api.core.v1.ThingSpec", "ThingSpec", "", false, false)
      .define(List.of(
          pointer("replicas", 1, Scalar.INT32),
          field("items", 2, ListOf.atomic(ITEM), false, false, false),
          optional("data", 3, new MapOf(Scalar.BYTES, false)),
          pointer("any", 4, Anything.ANYTHING),
          optional("args", 5, ListOf.atomic(Scalar.STRING)),
          pointer("at", 6, Scalar.MICRO_TIME),
          pointer("every", 7, Scalar.DURATION),
          pointer("weight", 8, Scalar.DOUBLE)));

  static final Struct THING = new Struct("io.k8s.api.core.v1.Thing", "Thing", "", false, false)
      .define(List.of(
          optional("kind", 0, Scalar.STRING),
          optional("apiVersion", 0, Scalar.STRING),
          field("metadata", 1, META, false, false, false),
          field("spec", 2, SPEC, false, false, false),
          field("status", 3, STATUS, false, false, false)));

  private Types() {}

  private static FieldSchema optional(String name, int number, Shape shape) {
    return field(name, number, shape, false, true, false);
  }

  private static FieldSchema pointer(String name, int number, Shape shape) {
    return field(name, number, shape, true, true, false);
  }

  private static FieldSchema field(String name, int number, Shape shape, boolean pointer, boolean omitEmpty, boolean inline) {
    String goName = inline ? "VolumeSource" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    return new FieldSchema(name, goName, number, shape, false, pointer, omitEmpty, inline, null, "", null, List.of(), "");
  }
}
