package io.thyra.extensions;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;

/// Schemas of custom resources, and an object pruned, defaulted and validated by those that are structural.
public final class SchemaFuzz {
  private static final Struct TYPE =
      Schemas.builtin().types().stream().filter(type -> type.name().endsWith("apiextensions.v1.JSONSchemaProps")).findFirst().orElseThrow();

  private SchemaFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Refusals.allow(
        () -> {
          ObjectValue source = Canonical.decode(JsonReader.parse(data), TYPE).object();
          StructuralSchema schema = StructuralSchema.of(source);
          if (StructuralValidation.findObstacle(schema).isPresent()
              || !StructuralValidation.validate(schema, FieldPath.of("s")).isEmpty()
              || !SchemaRules.validate(schema, FieldPath.of("s"), new SchemaRules.Options(true, true, true, true), null).isEmpty()) {
            return;
          }
          DefaultsValidation.validate(schema, FieldPath.of("s"), true);
          ObjectValue object = Samples.of((byte) '0').object();
          Value pruned = Pruning.value(object, schema);
          Refusals.requireSame(pruned, Pruning.value(pruned, schema), () -> "what is pruned twice");
          ObjectValue defaulted = Defaulting.apply((ObjectValue) pruned, schema);
          Refusals.requireSame(defaulted, Defaulting.apply(defaulted, schema), () -> "what is defaulted twice");
          ValueValidation.validate(null, defaulted, schema, null).forEach(FieldError::toString);
          ListTypes.validate(defaulted, schema).forEach(FieldError::toString);
        });
  }
}
