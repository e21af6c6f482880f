package io.thyra.extensions;

import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The rules of the objects of one version of a custom kind. Stateless.
/// Source: apiextensions-apiserver pkg/registry/customresource/strategy.go, status_strategy.go, validator.go.
final class CustomRules {
  private static final Set<FieldError.Type> BLOCKING =
      Set.of(
          FieldError.Type.NOT_SUPPORTED,
          FieldError.Type.REQUIRED,
          FieldError.Type.TOO_LONG,
          FieldError.Type.TOO_MANY,
          FieldError.Type.TYPE_INVALID);
  private static final Set<String> STANDARD_FINALIZERS = Set.of("orphan", "foregroundDeletion", "kubernetes");

  private final CustomVersion version;
  private final boolean namespaced;
  private final boolean hasRules;
  // Compiled when the first object is judged; benign race.
  private volatile @Nullable Optional<RuleValidator> rules;

  CustomRules(CustomVersion version, boolean namespaced) {
    this.version = version;
    this.namespaced = namespaced;
    this.hasRules = version.schema().hasRules();
  }

  CustomVersion version() {
    return version;
  }

  /// @param object in this version, as are all objects here
  /// @param warnings where complaints go that an unchanged part is forgiven
  void create(ObjectValue object, Consumer<String> warnings, List<FieldError> errors) {
    if (isOtherKind(object, errors)) {
      return;
    }
    errors.addAll(
        ObjectMetaValidation.validate(object.object("metadata"), namespaced, Names.DNS_SUBDOMAIN, FieldPath.of("metadata")));
    errors.addAll(ValueValidation.validate(null, object, version.schema(), null));
    scaleSpec(object, errors);
    scaleStatus(object, errors);
    errors.addAll(EmbeddedMetadata.validate(object, version.schema(), null));
    errors.addAll(ListTypes.validate(object, version.schema()));
    expressions(object, null, null, warnings, errors);
  }

  void update(ObjectValue object, ObjectValue old, Consumer<String> warnings, List<FieldError> errors) {
    if (isOtherKind(object, errors)) {
      return;
    }
    metadata(object, old, errors);
    var correlated = new Correlated(object, old, version.schema());
    errors.addAll(ValueValidation.validate(null, object, version.schema(), correlated));
    scaleSpec(object, errors);
    scaleStatus(object, errors);
    errors.addAll(EmbeddedMetadata.validate(object, version.schema(), null));
    listTypes(object, old, errors);
    expressions(object, old, correlated, warnings, errors);
  }

  /// An object that says it is of another kind or version is judged no further.
  private boolean isOtherKind(ObjectValue object, List<FieldError> errors) {
    int before = errors.size();
    String wanted = version.kind().kind();
    String kind = object.string("kind");
    if (!kind.equals(wanted)) {
      errors.add(FieldError.invalid(FieldPath.of("kind"), kind, "must be " + wanted));
    }
    String apiVersion = version.kind().apiVersion();
    if (!object.string("apiVersion").equals(apiVersion)) {
      errors.add(FieldError.invalid(FieldPath.of("apiVersion"), object.string("apiVersion"), "must be " + apiVersion));
    }
    return errors.size() > before;
  }

  void updateStatus(ObjectValue object, ObjectValue old, Consumer<String> warnings, List<FieldError> errors) {
    if (isOtherKind(object, errors)) {
      return;
    }
    metadata(object, old, errors);
    Value status = object.get("status");
    StructuralSchema schema = version.schema().properties.get("status");
    if (status != null && schema != null) {
      Correlated correlated = new Correlated(object, old, version.schema()).field("status");
      errors.addAll(ValueValidation.validate(FieldPath.of("status"), status, schema, correlated));
    }
    scaleStatus(object, errors);
    listTypes(object, old, errors);
    expressions(object, old, new Correlated(object, old, version.schema()), warnings, errors);
  }

  private static void metadata(ObjectValue object, ObjectValue old, List<FieldError> errors) {
    errors.addAll(
        ObjectMetaValidation.validateUpdate(object.object("metadata"), old.object("metadata"), FieldPath.of("metadata")));
  }

  /// Items that were not distinct before need not be now.
  private void listTypes(ObjectValue object, ObjectValue old, List<FieldError> errors) {
    List<FieldError> broken = ListTypes.validate(object, version.schema());
    if (!broken.isEmpty() && ListTypes.validate(old, version.schema()).isEmpty()) {
      errors.addAll(broken);
    }
  }

  /// The rules in CEL, unless the object is so wrong that they could not make sense of it.
  private void expressions(
      ObjectValue object,
      @Nullable ObjectValue old,
      @Nullable Correlated correlated,
      Consumer<String> warnings,
      List<FieldError> errors) {
    if (!hasRules) {
      return;
    }
    if (errors.stream().anyMatch(e -> BLOCKING.contains(e.type()))) {
      errors.add(
          FieldError.invalid(
              null,
              NullValue.NULL,
              "some validation rules were not checked because the object was invalid; correct the existing errors to complete"
                  + " validation"));
      return;
    }
    Optional<RuleValidator> compiled = rules;
    if (compiled == null) {
      compiled = RuleValidator.of(version.schema(), true);
      rules = compiled;
    }
    compiled.ifPresent(validator -> validator.validate(null, object, old, correlated, warnings, errors));
  }

  private void scaleSpec(ObjectValue object, List<FieldError> errors) {
    ObjectValue scale = version.scale();
    if (scale != null) {
      replicas(object, scale.string("specReplicasPath"), errors);
    }
  }

  private void scaleStatus(ObjectValue object, List<FieldError> errors) {
    ObjectValue scale = version.scale();
    if (scale == null) {
      return;
    }
    replicas(object, scale.string("statusReplicasPath"), errors);
    String path = scale.string("labelSelectorPath");
    if (!path.isEmpty()) {
      NestedField found = NestedField.find(object, path);
      Value value = found.value();
      String broken = value == null || value instanceof StringValue ? found.error() : found.wrongType("string");
      if (!broken.isEmpty()) {
        errors.add(FieldError.invalid(FieldPath.of(path), "", broken));
      }
    }
  }

  private static void replicas(ObjectValue object, String path, List<FieldError> errors) {
    NestedField found = NestedField.find(object, path);
    FieldPath where = FieldPath.of(path);
    switch (found.value()) {
      case null -> {
        if (!found.error().isEmpty()) {
          errors.add(FieldError.invalid(where, 0, found.error()));
        }
      }
      case IntegerValue(long count) when count < 0 -> errors.add(FieldError.invalid(where, count, "should be a non-negative integer"));
      case IntegerValue(long count) when count > Integer.MAX_VALUE ->
          errors.add(FieldError.invalid(where, count, "should be less than or equal to " + Integer.MAX_VALUE));
      case IntegerValue _ -> {}
      case Value _ -> errors.add(FieldError.invalid(where, 0, found.wrongType("int64")));
    }
  }

  /// What is odd about the finalizers that a write adds.
  static List<String> finalizerWarnings(ObjectValue object, @Nullable ObjectValue old) {
    var added = new TreeSet<>(object.list("metadata", "finalizers").strings());
    if (old != null) {
      added.removeAll(new HashSet<>(old.list("metadata", "finalizers").strings()));
    }
    var warnings = new ArrayList<String>();
    for (String finalizer : added) {
      String about = "metadata.finalizers: " + GoText.quote(finalizer) + ": ";
      Names.qualifiedName(finalizer).forEach(broken -> warnings.add(about + broken));
      if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
        warnings.add(
            about
                + "prefer a domain-qualified finalizer name "
                + (finalizer.contains(".") ? "including a path (/) " : "")
                + "to avoid accidental conflicts with other finalizer writers");
      }
    }
    return warnings;
  }
}
