package io.thyra.extensions;

import io.thyra.model.FieldError;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Metadata;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceStrategy;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The rules of CustomResourceDefinitions: clients write the spec, the server keeps the status, and the storage version is
/// noted there. Stateless. Source: apiextensions-apiserver pkg/registry/customresourcedefinition/strategy.go.
public final class CustomResourceDefinitionStrategy implements ResourceStrategy {
  @Override
  public ObjectValue prepareForCreate(RequestContext context, ObjectValue object) {
    ObjectValue status =
        ObjectValue.builder()
            .put("conditions", NullValue.NULL)
            .put("acceptedNames", ObjectValue.of("plural", Value.of(""), "kind", Value.of("")))
            .put("storedVersions", NullValue.NULL)
            .build();
    return Metadata.with(withStorageVersion(object.with("status", status)), "generation", 1);
  }

  @Override
  public ObjectValue prepareForUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    Value status = old.get("status");
    ObjectValue changed = status == null ? object.without("status") : object.with("status", status);
    if (!Objects.equals(object.get("spec"), old.get("spec"))) {
      changed = Metadata.with(changed, "generation", Metadata.generation(old) + 1);
    }
    return withStorageVersion(changed);
  }

  private static ObjectValue withStorageVersion(ObjectValue object) {
    ListValue stored = object.list("status", "storedVersions");
    for (ObjectValue version : object.list("spec", "versions").objects()) {
      if (version.bool("storage")) {
        String name = version.string("name");
        return stored.strings().contains(name)
            ? object
            : object.withAt(stored.plus(Value.of(name)), "status", "storedVersions");
      }
    }
    return object;
  }

  @Override
  public void validateCreate(RequestContext context, ObjectValue object, List<FieldError> errors) {
    DefinitionValidation.validate(object, errors);
  }

  @Override
  public void validateUpdate(RequestContext context, ObjectValue object, ObjectValue old, List<FieldError> errors) {
    DefinitionValidation.validateUpdate(object, old, errors);
  }

  @Override
  public List<String> warningsOnCreate(RequestContext context, ObjectValue object) {
    return formats(object).map(Formats::warning).toList();
  }

  @Override
  public List<String> warningsOnUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    var known = new HashSet<>(formats(old).toList());
    return formats(object).filter(f -> !known.contains(f)).map(Formats::warning).toList();
  }

  private static Stream<String> formats(ObjectValue definition) {
    return DefinitionSpec.of(definition).schemas().stream().flatMap(s -> Formats.unrecognized(s).stream());
  }

  @Override
  public boolean allowUnconditionalUpdate() {
    return false;
  }

  @Override
  public List<List<String>> resetFields() {
    return List.of(List.of("status"));
  }

  /// The rules of `/status`: the spec stays.
  public static final class OfStatus implements ResourceStrategy {
    @Override
    public ObjectValue prepareForUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
      Value spec = old.get("spec");
      return spec == null ? object : object.with("spec", spec);
    }

    @Override
    public void validateUpdate(RequestContext context, ObjectValue object, ObjectValue old, List<FieldError> errors) {
      DefinitionValidation.validateStatusUpdate(object, old, errors);
    }

    @Override
    public boolean allowUnconditionalUpdate() {
      return false;
    }

    @Override
    public List<List<String>> resetFields() {
      return List.of(List.of("spec"));
    }
  }
}
