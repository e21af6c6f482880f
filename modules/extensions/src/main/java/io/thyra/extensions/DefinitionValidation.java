package io.thyra.extensions;

import io.thyra.machinery.JsonPath;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.BooleanValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of CustomResourceDefinitions. Pure; one run each.
/// Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go.
final class DefinitionValidation {
  private static final int SELECTABLE_FIELDS_MAX = 8;
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath STORED_VERSIONS = FieldPath.of("status", "storedVersions");

  private static final String COLUMN_TYPES = "boolean,date,integer,number,string";
  private static final String COLUMN_FORMATS = "byte,date,date-time,double,float,int32,int64,password";

  // Those that survive when the schema of the status is taken out of the root.
  private static final List<String> ROOT_FIELDS =
      List.of(
          "Description",
          "Type",
          "Format",
          "Title",
          "Maximum",
          "ExclusiveMaximum",
          "Minimum",
          "ExclusiveMinimum",
          "MaxLength",
          "MinLength",
          "Pattern",
          "MaxItems",
          "MinItems",
          "UniqueItems",
          "MultipleOf",
          "Required",
          "Items",
          "Properties",
          "ExternalDocs",
          "Example",
          "XPreserveUnknownFields",
          "XValidations");

  /// What is asked of a definition. An update asks no more than what is stored keeps already.
  private record Options(
      boolean reviewVersions,
      boolean schemas,
      boolean structural,
      boolean prunedDefaults,
      SchemaRules.Options rules,
      boolean anyCaBundle,
      Set<String> tooManyFields,
      Set<String> sameSchemas) {
    static final Options NEW =
        new Options(true, true, true, true, new SchemaRules.Options(true, true, true, true), true, Set.of(), Set.of());
  }

  private final List<FieldError> errors;

  private DefinitionValidation(List<FieldError> errors) {
    this.errors = errors;
  }

  /// The rules of a new definition.
  static void validate(ObjectValue definition, List<FieldError> errors) {
    var validation = new DefinitionValidation(errors);
    DefinitionSpec spec = DefinitionSpec.of(definition);
    String required = spec.names().string("plural") + "." + spec.group();
    Names.NameRule rule =
        (name, prefix) -> {
          var broken = new ArrayList<>(Names.DNS_SUBDOMAIN.check(name, prefix));
          if (!name.equals(required)) {
            broken.add("must be spec.names.plural+\".\"+spec.group");
          }
          return broken;
        };
    errors.addAll(ObjectMetaValidation.validate(definition.object("metadata"), false, rule, FieldPath.of("metadata")));
    validation.spec(spec, Options.NEW);
    validation.status(definition);
    validation.storedVersions(definition, spec);
    validation.approval(definition, null);
    validation.preserving(spec, null);
  }

  /// The rules of a changed definition.
  static void validateUpdate(ObjectValue definition, ObjectValue old, List<FieldError> errors) {
    var validation = new DefinitionValidation(errors);
    DefinitionSpec spec = DefinitionSpec.of(definition);
    DefinitionSpec before = DefinitionSpec.of(old);
    errors.addAll(
        ObjectMetaValidation.validateUpdate(definition.object("metadata"), old.object("metadata"), FieldPath.of("metadata")));
    validation.spec(spec, options(spec, before, old));
    if (Conditions.isTrue(old, Conditions.ESTABLISHED)) {
      validation.immutable(spec, before, "scope");
      validation.immutable(spec, before, "names", "kind");
    }
    validation.immutable(spec, before, "group");
    validation.immutable(spec, before, "names", "plural");
    validation.status(definition);
    validation.storedVersions(definition, spec);
    validation.approval(definition, old);
    validation.preserving(spec, before);
  }

  /// The rules of a changed status.
  static void validateStatusUpdate(ObjectValue definition, ObjectValue old, List<FieldError> errors) {
    errors.addAll(
        ObjectMetaValidation.validateUpdate(definition.object("metadata"), old.object("metadata"), FieldPath.of("metadata")));
    new DefinitionValidation(errors).status(definition);
  }

  private static Options options(DefinitionSpec spec, DefinitionSpec before, ObjectValue old) {
    ObjectValue conversion = before.tree().object("conversion");
    List<String> reviews = conversion.list("webhook", "conversionReviewVersions").strings();
    boolean structural =
        before.schemas().stream()
            .allMatch(s -> StructuralValidation.findObstacle(s).isEmpty() && StructuralValidation.validate(s, null).isEmpty());
    boolean pruned = !structural || before.schemas().stream().allMatch(DefinitionValidation::hasPrunedDefaults);
    var rules =
        new SchemaRules.Options(
            before.schemas().stream().noneMatch(SchemaRules::hasInvalidTypes),
            before.schemas().stream().noneMatch(SchemaRules::hasNonAtomicSet),
            !before.anySchema(s -> !SchemaRules.mapKeyErrors(s, SPEC).isEmpty()),
            true);
    return new Options(
        reviews.isEmpty() || reviews.stream().anyMatch(DefinitionValidation::isReviewVersion),
        before.allHaveSchemas(),
        structural,
        pruned,
        rules,
        !Conditions.isTrue(old, Conditions.ESTABLISHED) || ConversionRules.hasBrokenCaBundle(conversion),
        tooManyFields(spec, before),
        sameSchemas(spec, before));
  }

  /// The versions whose schemas an update leaves as they were; their rules may stay as dear as they are.
  private static Set<String> sameSchemas(DefinitionSpec spec, DefinitionSpec before) {
    var same = new HashSet<String>();
    for (DefinitionSpec.Version version : spec.versions()) {
      ObjectValue schema = spec.schema() == null ? version.schema() : spec.schema();
      boolean known =
          before.versions().stream()
              .filter(old -> old.name().equals(version.name()))
              .anyMatch(old -> Objects.equals(schema, before.schema() == null ? old.schema() : before.schema()));
      if (known) {
        same.add(version.name());
      }
    }
    return same;
  }

  private static boolean hasPrunedDefaults(StructuralSchema schema) {
    return DefaultsValidation.validate(schema, SPEC, true).stream()
        .noneMatch(e -> e.detail().equals("must not have unknown fields"));
  }

  private static Set<String> tooManyFields(DefinitionSpec spec, DefinitionSpec before) {
    var allowed = new HashSet<String>();
    if (before.selectableFields().size() > SELECTABLE_FIELDS_MAX && before.selectableFields().equals(spec.selectableFields())) {
      allowed.add("");
    }
    for (DefinitionSpec.Version version : spec.versions()) {
      for (DefinitionSpec.Version old : before.versions()) {
        if (old.name().equals(version.name())
            && old.selectableFields().size() > SELECTABLE_FIELDS_MAX
            && old.selectableFields().equals(version.selectableFields())) {
          allowed.add(version.name());
        }
      }
    }
    return allowed;
  }

  private void immutable(DefinitionSpec spec, DefinitionSpec before, String... path) {
    Value now = Value.of(spec.tree().string(path));
    errors.addAll(ObjectMetaValidation.immutable(now, Value.of(before.tree().string(path)), SPEC.child(path)));
  }

  private void spec(DefinitionSpec spec, Options asked) {
    group(spec.group());
    enumeration(SPEC.child("scope"), spec.scope(), List.of("Cluster", "Namespaced"));
    boolean preserving = spec.preservesUnknownFields();
    boolean structural = asked.structural() || !preserving;
    boolean schemaless = DefinitionSpec.schemaOf(spec.schema()).isEmpty();
    for (int i = 0; schemaless && i < spec.versions().size(); i++) {
      DefinitionSpec.Version version = spec.versions().get(i);
      if (DefinitionSpec.schemaOf(version.schema()).isEmpty()) {
        FieldPath path = SPEC.child("versions").index(i).child("schema", "openAPIV3Schema");
        if (asked.schemas()) {
          errors.add(FieldError.required(path, ""));
        } else if (!preserving && version.served()) {
          errors.add(FieldError.required(path, "because otherwise all fields are pruned"));
        }
      }
    }
    if (spec.anySchema(s -> s.byDefault != null)) {
      structural = true;
      if (preserving) {
        errors.add(
            FieldError.invalid(
                SPEC.child("preserveUnknownFields"), BooleanValue.TRUE, "must be false in order to use defaults in the schema"));
      }
    }
    structural |= spec.anySchema(DefinitionValidation::hasExtensions);
    versions(spec, asked, structural);
    names(spec.names(), SPEC.child("names"), true);
    String first = spec.versions().isEmpty() ? "" : spec.versions().getFirst().name();
    schema(spec.schema(), first, hasAnyStatus(spec), asked, structural, SPEC.child("validation"));
    subresources(spec.subresources(), SPEC.child("subresources"));
    columns(spec.columns(), SPEC.child("additionalPrinterColumns"));
    if (!spec.selectableFields().isEmpty()) {
      if (spec.schema() == null) {
        errors.add(FieldError.invalid(SPEC.child("selectableFields"), "", "may only be set when validations.schema is included"));
      } else {
        selectable(spec.selectableFields(), spec.schema(), SPEC, asked, "");
      }
    }
    ObjectValue conversion = spec.tree().object("conversion");
    if (spec.tree().has("conversion") && !conversion.string("strategy").equals("None") && preserving) {
      errors.add(
          FieldError.invalid(
              SPEC.child("conversion", "strategy"),
              conversion.string("strategy"),
              "must be None if spec.preserveUnknownFields is true"));
    }
    if (spec.tree().has("conversion")) {
      ConversionRules.validate(conversion, asked.reviewVersions(), asked.anyCaBundle(), SPEC.child("conversion"), errors);
    }
  }

  private static boolean hasExtensions(StructuralSchema s) {
    return s.embedded || s.preserve != null || s.intOrString || !s.listMapKeys.isEmpty() || s.listType != null || !s.rules.isEmpty();
  }

  private static boolean hasAnyStatus(DefinitionSpec spec) {
    return DefinitionSpec.hasStatus(spec.subresources())
        || spec.versions().stream().anyMatch(v -> DefinitionSpec.hasStatus(v.subresources()));
  }

  private void group(String group) {
    FieldPath path = SPEC.child("group");
    List<String> broken = Names.dns1123Subdomain(group);
    if (group.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else if (!broken.isEmpty()) {
      errors.add(FieldError.invalid(path, group, String.join(",", broken)));
    } else if (!group.contains(".")) {
      errors.add(FieldError.invalid(path, group, "should be a domain with at least one dot"));
    }
  }

  private void enumeration(FieldPath path, String value, List<String> accepted) {
    if (value.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else if (!accepted.contains(value)) {
      errors.add(FieldError.notSupported(path, value, accepted));
    }
  }

  private void versions(DefinitionSpec spec, Options asked, boolean structural) {
    FieldPath path = SPEC.child("versions");
    var seen = new HashSet<String>();
    int storage = 0;
    boolean unique = true;
    for (int i = 0; i < spec.versions().size(); i++) {
      DefinitionSpec.Version version = spec.versions().get(i);
      FieldPath where = path.index(i);
      storage += version.storage() ? 1 : 0;
      unique &= seen.add(version.name());
      List<String> broken = Names.dns1035Label(version.name());
      if (!broken.isEmpty()) {
        errors.add(FieldError.invalid(where.child("name"), version.name(), String.join(",", broken)));
      }
      version(version, where, DefinitionSpec.hasStatus(spec.subresourcesOf(version)), asked, structural);
    }
    if (!unique) {
      errors.add(FieldError.invalidPrinted(path, InternalForm.versions(spec), "must contain unique version names"));
    }
    if (storage != 1) {
      String words = "must have exactly one version marked as storage version";
      errors.add(FieldError.invalidPrinted(path, InternalForm.versions(spec), words));
    }
    if (!spec.versions().isEmpty()) {
      // The first version's name is the deprecated spec.version, too.
      String first = spec.versions().getFirst().name();
      List<String> broken = Names.dns1035Label(first);
      if (!first.isEmpty() && !broken.isEmpty()) {
        errors.add(FieldError.invalid(SPEC.child("version"), first, String.join(",", broken)));
      }
    }
  }

  private void version(DefinitionSpec.Version version, FieldPath path, boolean status, Options asked, boolean structural) {
    String warning = version.deprecationWarning();
    if (warning != null) {
      for (String broken : deprecation(version.deprecated(), warning)) {
        // A pointer in Go: printed as JSON.
        errors.add(FieldError.invalidPrinted(path.child("deprecationWarning"), GoText.json(Value.of(warning)), broken));
      }
    }
    schema(version.schema(), version.name(), status, asked, structural, path.child("schema"));
    subresources(version.subresources(), path.child("subresources"));
    columns(version.columns(), path.child("additionalPrinterColumns"));
    if (!version.selectableFields().isEmpty()) {
      ObjectValue schema = version.schema();
      if (DefinitionSpec.schemaOf(schema).isEmpty() || schema == null) {
        errors.add(
            FieldError.invalid(
                path.child("selectableFields"), "", "may only be set when `version.schema.openAPIV3Schema` is not included"));
      } else {
        selectable(version.selectableFields(), schema, path, asked, version.name());
      }
    }
  }

  private static List<String> deprecation(boolean deprecated, String warning) {
    if (!deprecated) {
      return List.of("can only be set for deprecated versions");
    }
    var broken = new ArrayList<String>();
    byte[] bytes = warning.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    if (bytes.length > 256) {
      broken.add("must be <= 256 characters long");
    }
    if (warning.isEmpty()) {
      broken.add("must not be an empty string");
    }
    int offset = 0;
    for (int i = 0; i < warning.length(); ) {
      int c = warning.codePointAt(i);
      // Go prints as it is what it calls printable, and escapes the rest.
      String shown = Character.toString(c);
      if (c != '"' && c != '\\' && !GoText.quote(shown).equals("\"" + shown + "\"")) {
        broken.add("must only contain printable UTF-8 characters; non-printable character found at index " + offset);
        break;
      }
      offset += shown.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      i += Character.charCount(c);
    }
    return broken;
  }

  /// The rules of names, which must all be there in the spec.
  private void names(ObjectValue names, FieldPath path, boolean required) {
    for (String field : required ? List.of("plural", "singular", "kind", "listKind") : List.<String>of()) {
      if (names.string(field).isEmpty()) {
        errors.add(FieldError.required(path.child(field), ""));
      }
    }
    label(names.string("plural"), path.child("plural"));
    label(names.string("singular"), path.child("singular"));
    for (String field : List.of("kind", "listKind")) {
      String name = names.string(field);
      List<String> broken = Names.dns1035Label(name.toLowerCase(Locale.ROOT));
      if (!name.isEmpty() && !broken.isEmpty()) {
        String words = "may have mixed case, but should otherwise match: " + String.join(",", broken);
        errors.add(FieldError.invalid(path.child(field), name, words));
      }
    }
    labels(names.list("shortNames").strings(), path.child("shortNames"));
    String kind = names.string("kind");
    if (!kind.isEmpty() && kind.equals(names.string("listKind"))) {
      errors.add(FieldError.invalid(path.child("listKind"), kind, "kind and listKind may not be the same"));
    }
    labels(names.list("categories").strings(), path.child("categories"));
  }

  private void label(String name, FieldPath path) {
    List<String> broken = Names.dns1035Label(name);
    if (!name.isEmpty() && !broken.isEmpty()) {
      errors.add(FieldError.invalid(path, name, String.join(",", broken)));
    }
  }

  private void labels(List<String> names, FieldPath path) {
    for (int i = 0; i < names.size(); i++) {
      List<String> broken = Names.dns1035Label(names.get(i));
      if (!broken.isEmpty()) {
        errors.add(FieldError.invalid(path.index(i), names.get(i), String.join(",", broken)));
      }
    }
  }

  private void schema(
      @Nullable ObjectValue validation, String version, boolean status, Options asked, boolean structural, FieldPath path) {
    StructuralSchema schema = DefinitionSpec.schemaOf(validation).orElse(null);
    if (schema == null) {
      return;
    }
    FieldPath where = path.child("openAPIV3Schema");
    int before = errors.size();
    if (status) {
      root(schema, path, where);
    }
    if (schema.nullable) {
      errors.add(FieldError.forbidden(path.child("openAPIV3Schema.nullable"), "nullable cannot be true at the root"));
    }
    String obstacle = "";
    int structuralBefore = errors.size();
    if (structural) {
      obstacle = StructuralValidation.findObstacle(schema).orElse("");
      if (obstacle.isEmpty()) {
        List<FieldError> broken = StructuralValidation.validate(schema, where);
        errors.addAll(broken.isEmpty() ? DefaultsValidation.validate(schema, where, asked.prunedDefaults()) : broken);
      }
    }
    RuleContext context = structural && obstacle.isEmpty() && errors.size() == structuralBefore ? RuleContext.of(schema) : null;
    SchemaRules.Options options = asked.sameSchemas().contains(version) ? asked.rules().withoutRuleCosts() : asked.rules();
    errors.addAll(SchemaRules.validate(schema, where, options, context));
    if (errors.size() == before && !obstacle.isEmpty()) {
      errors.add(FieldError.invalid(where, "", obstacle));
    }
    if (context != null) {
      context.total().tell(where, errors);
    }
  }

  /// With a status of its own, the root may say only what keeps its meaning without it.
  private void root(StructuralSchema schema, FieldPath path, FieldPath where) {
    boolean wrongType = !schema.type.isEmpty() && !schema.type.equals("object");
    String odd = InternalForm.firstFieldBut(schema, wrongType ? List.of() : ROOT_FIELDS);
    if (wrongType) {
      // Whatever comes first in Go's struct is told, the type or another field.
      odd = InternalForm.firstFieldBut(schema, ROOT_FIELDS.stream().filter(f -> !f.equals("Type")).toList());
    }
    if (odd.equals("Type")) {
      errors.add(
          FieldError.invalid(
              path.child("openAPIV3Schema.type"),
              schema.type,
              "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"));
    } else if (!odd.isEmpty()) {
      String words =
          "only [" + String.join(" ", ROOT_FIELDS) + "] fields are allowed at the root of the schema if the status subresource is enabled";
      errors.add(FieldError.invalidPrinted(where, InternalForm.schema(schema), words));
    }
  }

  private void subresources(@Nullable ObjectValue subresources, FieldPath path) {
    if (subresources == null || !(subresources.get("scale") instanceof ObjectValue scale)) {
      return;
    }
    replicas(scale.string("specReplicasPath"), ".spec.", ".spec", path.child("scale.specReplicasPath"));
    replicas(scale.string("statusReplicasPath"), ".status.", ".status", path.child("scale.statusReplicasPath"));
    String selector = scale.string("labelSelectorPath");
    if (!selector.isEmpty()) {
      FieldPath where = path.child("scale.labelSelectorPath");
      List<FieldError> broken = JsonPath.validateSimple(selector, where);
      errors.addAll(broken);
      if (broken.isEmpty() && !selector.startsWith(".spec.") && !selector.startsWith(".status.")) {
        errors.add(
            FieldError.invalidPrinted(
                where, GoText.json(Value.of(selector)), "should be a json path under either .spec or .status"));
      }
    }
  }

  private void replicas(String replicas, String prefix, String parent, FieldPath path) {
    if (replicas.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    List<FieldError> broken = JsonPath.validateSimple(replicas, path);
    errors.addAll(broken);
    if (broken.isEmpty() && !replicas.startsWith(prefix)) {
      errors.add(FieldError.invalid(path, replicas, "should be a json path under " + parent));
    }
  }

  private void columns(ListValue columns, FieldPath path) {
    for (int i = 0; i < columns.size(); i++) {
      ObjectValue column = columns.object(i);
      FieldPath where = path.index(i);
      if (column.string("name").isEmpty()) {
        errors.add(FieldError.required(where.child("name"), ""));
      }
      String type = column.string("type");
      if (type.isEmpty()) {
        errors.add(FieldError.required(where.child("type"), "must be one of " + COLUMN_TYPES));
      } else if (!List.of(COLUMN_TYPES.split(",")).contains(type)) {
        errors.add(FieldError.invalid(where.child("type"), type, "must be one of " + COLUMN_TYPES));
      }
      String format = column.string("format");
      if (!format.isEmpty() && !List.of(COLUMN_FORMATS.split(",")).contains(format)) {
        errors.add(FieldError.invalid(where.child("format"), format, "must be one of " + COLUMN_FORMATS));
      }
      String jsonPath = column.string("jsonPath");
      if (jsonPath.isEmpty()) {
        errors.add(FieldError.required(where.child("JSONPath"), ""));
      } else {
        errors.addAll(JsonPath.validateSimple(jsonPath, where.child("JSONPath")));
      }
    }
  }

  private void selectable(ListValue fields, ObjectValue validation, FieldPath parent, Options asked, String version) {
    StructuralSchema schema = DefinitionSpec.schemaOf(validation).orElse(null);
    if (schema != null) {
      String obstacle = StructuralValidation.findObstacle(schema).orElse("");
      if (!obstacle.isEmpty()) {
        errors.add(FieldError.invalid(parent.child("schema.openAPIV3Schema"), "", obstacle));
      }
    }
    FieldPath path = parent.child("selectableFields");
    Map<List<String>, Boolean> seen = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.object(i).string("jsonPath");
      FieldPath where = path.index(i).child("jsonPath");
      if (field.isEmpty()) {
        errors.add(FieldError.required(where, ""));
        continue;
      }
      SchemaFieldPath found = SchemaFieldPath.find(field, schema == null ? StructuralSchema.EMPTY : schema, false);
      if (!found.error().isEmpty()) {
        errors.add(FieldError.invalid(where, field, "is an invalid path: " + found.error()));
        continue;
      }
      if (!found.names().isEmpty() && found.names().getFirst().equals("metadata")) {
        errors.add(FieldError.invalid(where, field, "must not point to fields in metadata"));
      }
      if (found.schema() == null || !List.of("string", "boolean", "integer").contains(found.schema().type)) {
        errors.add(
            FieldError.invalid(
                where,
                field,
                "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are"
                    + " allowed."));
      }
      if (seen.put(found.names(), true) != null) {
        errors.add(FieldError.duplicate(where, field));
      }
    }
    if (seen.size() > SELECTABLE_FIELDS_MAX && !asked.tooManyFields().contains(version)) {
      errors.add(FieldError.tooMany(path, seen.size(), SELECTABLE_FIELDS_MAX));
    }
  }

  private void status(ObjectValue definition) {
    names(definition.object("status", "acceptedNames"), STATUS.child("acceptedNames"), false);
  }

  private void storedVersions(ObjectValue definition, DefinitionSpec spec) {
    ListValue stored = definition.list("status", "storedVersions");
    List<String> names = stored.strings();
    if (names.isEmpty()) {
      Value shown = definition.at("status", "storedVersions");
      errors.add(
          FieldError.invalid(STORED_VERSIONS, shown == null ? NullValue.NULL : shown, "must have at least one stored version"));
      return;
    }
    // Each is found once: a version of the same name again is not.
    var left = new HashSet<>(names);
    for (DefinitionSpec.Version version : spec.versions()) {
      if (!left.remove(version.name()) && version.storage()) {
        errors.add(FieldError.invalid(STORED_VERSIONS, stored, "must have the storage version " + version.name()));
      }
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (names.lastIndexOf(name) == i && spec.versions().stream().noneMatch(v -> v.name().equals(name))) {
        errors.add(
            FieldError.invalid(
                STORED_VERSIONS.index(i),
                name,
                ("missing from spec.versions; %1$s was previously a storage version, and must remain in spec.versions until a"
                        + " storage migration ensures no data remains persisted in %1$s and removes %1$s from"
                        + " status.storedVersions")
                    .formatted(name)));
      }
    }
  }

  private void approval(ObjectValue definition, @Nullable ObjectValue old) {
    if (!ApiApproval.isProtected(definition.string("spec", "group"))) {
      return;
    }
    ApiApproval approval = ApiApproval.of(definition);
    if (old != null && ApiApproval.of(old).state() == approval.state()) {
      return;
    }
    FieldPath path = FieldPath.of("metadata", "annotations").key(ApiApproval.ANNOTATION);
    switch (approval.state()) {
      case INVALID -> errors.add(FieldError.invalid(path, approval.annotation(), approval.reason()));
      case MISSING -> errors.add(FieldError.required(path, approval.reason()));
      case APPROVED, BYPASSED -> {}
    }
  }

  private void preserving(DefinitionSpec spec, @Nullable DefinitionSpec before) {
    if (spec.preservesUnknownFields() && (before == null || !before.preservesUnknownFields())) {
      errors.add(
          FieldError.invalid(
              SPEC.child("preserveUnknownFields"),
              BooleanValue.TRUE,
              "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
    }
  }

  private static boolean isReviewVersion(String version) {
    return version.equals("v1") || version.equals("v1beta1");
  }
}
