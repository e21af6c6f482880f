package io.thyra.extensions;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.model.FieldError;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;

/// CustomResourceDefinitions: validated, and those that are valid define a resource.
public final class DefinitionFuzz {
  private static final Struct TYPE =
      Schemas.builtin().findKind(new GroupVersionKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")).orElseThrow();

  private DefinitionFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Refusals.allow(
        () -> {
          ObjectValue definition = Canonical.decode(JsonReader.parse(data), TYPE).object();
          List<FieldError> errors = new ArrayList<>();
          DefinitionValidation.validate(definition, errors);
          errors.forEach(FieldError::toString);
          if (errors.isEmpty()) {
            CustomResource.define(definition, ConversionClient.NONE);
          }
        });
  }
}
