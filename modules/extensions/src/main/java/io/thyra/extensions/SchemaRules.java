package io.thyra.extensions;

import io.thyra.cel.Costs;
import io.thyra.cel.DeclType;
import io.thyra.model.BooleanValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the schema of a CustomResourceDefinition may say, node by node. Pure.
/// Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go,
/// ValidateCustomResourceDefinitionOpenAPISchema.
final class SchemaRules {
  private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
  private static final List<String> REASONS =
      List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

  /// What is asked of a schema; an update asks no more than what is stored keeps.
  ///
  /// @param ruleCosts whether each rule in CEL must keep to the limit for one
  record Options(boolean validTypes, boolean atomicSets, boolean mapKeys, boolean ruleCosts) {
    Options withoutRuleCosts() {
      return new Options(validTypes, atomicSets, mapKeys, false);
    }
  }

  /// What holds where a node stands.
  ///
  /// @param noDefaults why there may be no defaults, null where there may be
  /// @param uncorrelated the list or map whose items have no old selves, null outside of one
  private record Place(@Nullable String noDefaults, boolean insideMeta, @Nullable FieldPath uncorrelated) {
    Place without(FieldPath path) {
      return uncorrelated != null ? this : new Place(noDefaults, insideMeta, path);
    }
  }

  private final Options options;
  private final List<FieldError> errors = new ArrayList<>();
  // Told after all others.
  private final List<FieldError> ruleErrors = new ArrayList<>();

  private SchemaRules(Options options) {
    this.options = options;
  }

  /// @param context of the root, null when rules in CEL are not looked at
  static List<FieldError> validate(StructuralSchema schema, FieldPath path, Options options, @Nullable RuleContext context) {
    var rules = new SchemaRules(options);
    rules.node(schema, path, new Place(null, false, null), true, context);
    rules.errors.addAll(rules.ruleErrors);
    return rules.errors;
  }

  private void node(@Nullable StructuralSchema s, FieldPath path, Place place, boolean root) {
    node(s, path, place, root, null);
  }

  private void node(@Nullable StructuralSchema s, FieldPath path, Place place, boolean root, @Nullable RuleContext context) {
    if (s == null) {
      return;
    }
    int before = errors.size();
    standard(s, path, place);
    if (s.uniqueItems) {
      forbid(path.child("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    additionalProperties(s, path, place, context);
    properties(s, path, place, root, context);
    node(s.not, path.child("not"), place, false);
    each(s.allOf, path.child("allOf"), place);
    each(s.oneOf, path.child("oneOf"), place);
    each(s.anyOf, path.child("anyOf"), place);
    s.definitions.forEach((name, d) -> node(d, path.child("definitions").key(name), place, false));
    if (s.items != null) {
      // Only items of lists by keys can be told from others later.
      Place inside = "map".equals(s.listType) ? place : place.without(path);
      node(s.items, path.child("items"), inside, false, context == null ? null : context.element(s.items));
    }
    each(s.itemSchemas, path.child("items"), place);
    s.dependencies.forEach((name, d) -> node(d, path.child("dependencies").key(name), place, false));
    if (s.preserve != null && !s.preserve) {
      errors.add(
          FieldError.invalid(path.child("x-kubernetes-preserve-unknown-fields"), BooleanValue.FALSE, "must be true or undefined"));
    }
    mapType(s, path);
    listType(s, path);
    listMap(s, path);
    if (options.mapKeys()) {
      errors.addAll(mapKeyErrors(s, path));
    }
    for (int i = 0; i < s.rules.size(); i++) {
      rule(s, s.rules.get(i), path.child("x-kubernetes-validations").index(i));
    }
    // What is wrong with a schema shows in its types, too, and is told once.
    if (!s.rules.isEmpty() && errors.size() == before && context != null) {
      compiled(s, path.child("x-kubernetes-validations"), place, context);
    }
  }

  private void compiled(StructuralSchema s, FieldPath path, Place place, RuleContext context) {
    Optional<DeclType> type = context.type();
    if (type.isEmpty()) {
      ruleErrors.add(
          FieldError.internal(
              path,
              "internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert"
                  + " structural schema to CEL declarations"));
      return;
    }
    List<CompiledRule> rules = CompiledRule.all(s, s.rules, type.get());
    for (int i = 0; i < rules.size(); i++) {
      compiled(rules.get(i), type.get(), path.index(i), place, context);
    }
  }

  private void compiled(CompiledRule rule, DeclType type, FieldPath path, Place place, RuleContext context) {
    FieldPath ofRule = path.child("rule");
    FieldPath ofMessage = path.child("messageExpression");
    long cost = rule.program() == null ? 0 : context.timesCardinality(rule.program().estimatedCost(type), type);
    limit("estimated rule cost", cost, ofRule, context);
    if (!rule.error().isEmpty()) {
      ruleErrors.add(FieldError.invalidPrinted(ofRule, GoText.json(InternalForm.rule(rule.rule())), rule.error()));
    }
    if (!rule.messageError().isEmpty()) {
      ruleErrors.add(FieldError.invalidPrinted(ofMessage, GoText.json(InternalForm.rule(rule.rule())), rule.messageError()));
    } else if (rule.message() != null) {
      limit("estimated messageExpression cost", rule.message().estimatedCost(type), ofMessage, context);
    }
    if (rule.usesOldSelf()) {
      if (place.uncorrelated() != null) {
        String words = "oldSelf cannot be used on the uncorrelatable portion of the schema within " + place.uncorrelated();
        ruleErrors.add(FieldError.invalid(ofRule, rule.rule().string("rule"), words));
      }
    } else if (rule.rule().get("optionalOldSelf") instanceof BooleanValue optional) {
      ruleErrors.add(FieldError.invalid(path.child("optionalOldSelf"), optional, "may not be set if oldSelf is not used in rule"));
    }
  }

  private void limit(String what, long cost, FieldPath path, RuleContext context) {
    if (options.ruleCosts() && cost > Costs.ESTIMATED_RULE_LIMIT) {
      ruleErrors.add(FieldError.forbidden(path, RuleContext.tooMuch(what, cost, Costs.ESTIMATED_RULE_LIMIT)));
    }
    context.total().add(path, cost);
  }

  private void each(List<StructuralSchema> schemas, FieldPath path, Place place) {
    for (int i = 0; i < schemas.size(); i++) {
      node(schemas.get(i), path.index(i), place, false);
    }
  }

  private void forbid(FieldPath path, String words) {
    errors.add(FieldError.forbidden(path, words));
  }

  private void standard(StructuralSchema s, FieldPath path, Place place) {
    ObjectValue source = s.source();
    if (options.validTypes() && !s.type.isEmpty() && !TYPES.contains(s.type)) {
      errors.add(FieldError.notSupported(path.child("type"), s.type, TYPES));
    }
    if (s.byDefault != null && place.noDefaults() != null) {
      forbid(path.child("default"), "must not be set " + place.noDefaults());
    }
    forbidField(!source.string("id").isEmpty(), path, "id");
    forbidField(source.has("additionalItems"), path, "additionalItems");
    forbidField(!s.patternProperties.isEmpty(), path, "patternProperties");
    forbidField(!s.definitions.isEmpty(), path, "definitions");
    forbidField(source.has("dependencies"), path, "dependencies");
    forbidField(source.has("$ref"), path, "$ref");
    if (s.type.equals("null")) {
      forbid(path.child("type"), "type cannot be set to null, use nullable as an alternative");
    }
    if (!s.itemSchemas.isEmpty()) {
      forbid(path.child("items"), "items must be a schema object and not an array");
    }
    if (place.insideMeta() && s.embedded) {
      forbid(path.child("x-kubernetes-embedded-resource"), "must not be used inside of resource meta");
    }
  }

  private void forbidField(boolean there, FieldPath path, String field) {
    if (there) {
      forbid(path.child(field), field + " is not supported");
    }
  }

  private void additionalProperties(StructuralSchema s, FieldPath path, Place place, @Nullable RuleContext context) {
    if (!s.hasAdditional) {
      return;
    }
    FieldPath where = path.child("additionalProperties");
    if (!s.properties.isEmpty() && (!s.allowsAdditional || s.additional != null)) {
      forbid(where, "additionalProperties and properties are mutual exclusive");
    }
    Place below =
        place.insideMeta()
            ? new Place("inside additionalProperties applying to object metadata", true, place.uncorrelated())
            : place;
    if (s.additional != null) {
      node(s.additional, where, below, false, context == null ? null : context.element(s.additional));
    }
  }

  private void properties(StructuralSchema s, FieldPath path, Place place, boolean root, @Nullable RuleContext context) {
    for (Map.Entry<String, StructuralSchema> property : s.properties.entrySet()) {
      String name = property.getKey();
      Place below = place;
      if ((root || s.embedded) && Pruning.META_FIELDS.contains(name)) {
        below = new Place(root ? "in top-level " + name : place.noDefaults(), true, place.uncorrelated());
      }
      RuleContext inside = context == null ? null : context.property(name, property.getValue());
      node(property.getValue(), path.child("properties").key(name), below, false, inside);
    }
  }

  private void wrongType(StructuralSchema s, FieldPath path, String words) {
    FieldPath type = path.child("type");
    errors.add(s.type.isEmpty() ? FieldError.required(type, words) : FieldError.invalid(type, s.type, words));
  }

  private void mapType(StructuralSchema s, FieldPath path) {
    if (s.mapType == null) {
      return;
    }
    if (!s.type.equals("object")) {
      wrongType(s, path, "must be object if x-kubernetes-map-type is specified");
    }
    if (!s.mapType.equals("atomic") && !s.mapType.equals("granular")) {
      errors.add(FieldError.notSupported(path.child("x-kubernetes-map-type"), s.mapType, List.of("atomic", "granular")));
    }
  }

  private void listType(StructuralSchema s, FieldPath path) {
    if (s.listType == null) {
      return;
    }
    if (!s.type.equals("array")) {
      wrongType(s, path, "must be array if x-kubernetes-list-type is specified");
    } else if (options.atomicSets() && s.listType.equals("set") && s.items != null) {
      setItems(s.items, path.child("items"));
    }
    if (!Set.of("atomic", "set", "map").contains(s.listType)) {
      errors.add(FieldError.notSupported(path.child("x-kubernetes-list-type"), s.listType, List.of("atomic", "set", "map")));
    }
  }

  private void setItems(StructuralSchema items, FieldPath path) {
    String words = "must be atomic as item of a list with x-kubernetes-list-type=set";
    // Upstream shows the list type of the items in both cases.
    Value shown = items.listType == null ? io.thyra.model.NullValue.NULL : Value.of(items.listType);
    if (items.type.equals("array") && items.listType != null && !items.listType.equals("atomic")) {
      errors.add(FieldError.invalid(path.child("x-kubernetes-list-type"), shown, words));
    } else if (items.type.equals("object") && !"atomic".equals(items.mapType)) {
      errors.add(FieldError.invalid(path.child("x-kubernetes-map-type"), shown, words));
    }
  }

  /// Whether a set somewhere in a schema has items that may be merged by parts.
  static boolean hasNonAtomicSet(StructuralSchema schema) {
    return schema.has(
        s ->
            "set".equals(s.listType)
                && s.items != null
                && (s.items.type.equals("array")
                    ? s.items.listType != null && !s.items.listType.equals("atomic")
                    : s.items.type.equals("object") && !"atomic".equals(s.items.mapType)));
  }

  private void listMap(StructuralSchema s, FieldPath path) {
    FieldPath listType = path.child("x-kubernetes-list-type");
    FieldPath listMapKeys = path.child("x-kubernetes-list-map-keys");
    if (!s.listMapKeys.isEmpty() && s.listType == null) {
      errors.add(FieldError.required(listType, "must be map if x-kubernetes-list-map-keys is non-empty"));
    } else if (!s.listMapKeys.isEmpty() && s.listType != null && !s.listType.equals("map")) {
      errors.add(FieldError.invalid(listType, s.listType, "must be map if x-kubernetes-list-map-keys is non-empty"));
    }
    if (!"map".equals(s.listType)) {
      return;
    }
    if (s.listMapKeys.isEmpty()) {
      errors.add(FieldError.required(listMapKeys, "must not be empty if x-kubernetes-list-type is map"));
    }
    FieldPath items = path.child("items");
    if (!s.hasItems) {
      errors.add(FieldError.required(items, "must have a schema if x-kubernetes-list-type is map"));
    } else if (s.items == null) {
      String words = "must only have a single schema if x-kubernetes-list-type is map";
      errors.add(FieldError.invalidPrinted(items, InternalForm.items(s), words));
    } else if (!s.items.type.equals("object")) {
      String words = "must be object if parent array's x-kubernetes-list-type is map";
      errors.add(FieldError.invalid(items.child("type"), s.items.type, words));
    } else {
      listMapKeys(s, s.items, path);
    }
  }

  private void listMapKeys(StructuralSchema s, StructuralSchema items, FieldPath path) {
    FieldPath where = path.child("x-kubernetes-list-map-keys");
    Value keys = ListValue.ofStrings(s.listMapKeys);
    var seen = new HashSet<String>();
    for (String key : s.listMapKeys) {
      StructuralSchema property = items.properties.get(key);
      if (property == null) {
        errors.add(FieldError.invalid(where, keys, "entries must all be names of item properties"));
      } else if (property.type.equals("array") || property.type.equals("object")) {
        // Upstream shows the type of the item.
        errors.add(
            FieldError.invalid(
                path.child("items", "properties").key(key).child("type"),
                items.type,
                "must be a scalar type if parent array's x-kubernetes-list-type is map"));
      }
      if (!seen.add(key)) {
        errors.add(FieldError.invalid(where, keys, "must not contain duplicate entries"));
      }
    }
  }

  /// What keeps the items of a set or map from being told apart.
  static List<FieldError> mapKeyErrors(StructuralSchema s, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    StructuralSchema items = s.items;
    if (items == null || !"set".equals(s.listType) && !"map".equals(s.listType)) {
      return errors;
    }
    FieldPath itemPath = path.child("items");
    if (items.nullable) {
      errors.add(
          FieldError.forbidden(itemPath.child("nullable"), "cannot be nullable when x-kubernetes-list-type is " + s.listType));
    }
    if (s.listType.equals("map")) {
      for (String key : s.listMapKeys) {
        StructuralSchema property = items.properties.get(key);
        if (property == null) {
          continue;
        }
        FieldPath where = itemPath.child("properties").key(key);
        if (!items.required.contains(key) && property.byDefault == null) {
          errors.add(
              FieldError.required(
                  where.child("default"),
                  "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
        }
        if (property.nullable) {
          errors.add(
              FieldError.forbidden(
                  where.child("nullable"), "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"));
        }
      }
    }
    return errors;
  }

  private void rule(StructuralSchema s, ObjectValue rule, FieldPath path) {
    String text = rule.string("rule").strip();
    String message = rule.string("message");
    if (text.isEmpty()) {
      errors.add(FieldError.required(path.child("rule"), "rule is not specified"));
    } else if (!message.isEmpty() && message.isBlank()) {
      errors.add(FieldError.invalid(path.child("message"), message, "must be non-empty if specified"));
    } else if (hasNewlines(message.strip())) {
      errors.add(FieldError.invalid(path.child("message"), message, "must not contain line breaks"));
    } else if (hasNewlines(text) && message.isBlank()) {
      errors.add(FieldError.required(path.child("message"), "message must be specified if rule contains line breaks"));
    }
    String expression = rule.string("messageExpression");
    if (!expression.isEmpty() && expression.isBlank()) {
      errors.add(FieldError.required(path.child("messageExpression"), "messageExpression must be non-empty if specified"));
    }
    if (rule.has("reason") && !REASONS.contains(rule.string("reason"))) {
      errors.add(FieldError.notSupported(path.child("reason"), rule.string("reason"), REASONS));
    }
    String fieldPath = rule.string("fieldPath");
    if (!fieldPath.isEmpty() && fieldPath.isBlank()) {
      errors.add(FieldError.invalid(path.child("fieldPath"), fieldPath, "must be non-empty if specified"));
    }
    if (hasNewlines(fieldPath)) {
      errors.add(FieldError.invalid(path.child("fieldPath"), fieldPath, "must not contain line breaks"));
    }
    boolean readable = StructuralValidation.findObstacle(s).isEmpty();
    if (!fieldPath.isEmpty() && readable && !SchemaFieldPath.find(fieldPath, s, true).error().isEmpty()) {
      errors.add(FieldError.invalid(path.child("fieldPath"), fieldPath, "must be a valid path"));
    }
  }

  private static boolean hasNewlines(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }

  /// Whether a schema names types that there are not.
  static boolean hasInvalidTypes(StructuralSchema schema) {
    return schema.has(s -> !s.type.isEmpty() && !TYPES.contains(s.type));
  }
}
