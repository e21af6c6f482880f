package io.thyra.machinery;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rules of selectors that objects contain, and how tables print them.
/// Source: apimachinery pkg/apis/meta/v1/validation/validation.go and pkg/apis/meta/v1/helpers.go.
public final class SelectorValidation {
  private SelectorValidation() {}

  /// The rules of a metav1.LabelSelector; an absent one breaks none.
  ///
  /// @param allowInvalidValues whether values that are no label values pass, for objects that were stored with them
  public static List<FieldError> labelSelector(@Nullable Value selector, boolean allowInvalidValues, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    if (selector instanceof ObjectValue object) {
      errors.addAll(ObjectMetaValidation.labels(object.object("matchLabels"), path.child("matchLabels")));
      ListValue expressions = object.list("matchExpressions");
      for (int i = 0; i < expressions.size(); i++) {
        errors.addAll(
            labelRequirement(
                expressions.object(i), allowInvalidValues, false, path.child("matchExpressions").index(i)));
      }
    }
    return errors;
  }

  /// @param allowUnknownOperators whether an operator that means nothing passes, as in access reviews
  public static List<FieldError> labelRequirement(
      ObjectValue requirement, boolean allowInvalidValues, boolean allowUnknownOperators, FieldPath path) {
    var errors = new ArrayList<FieldError>(operator(requirement, allowUnknownOperators, path));
    String key = requirement.string("key");
    Names.qualifiedName(key).forEach(e -> errors.add(FieldError.invalid(path.child("key"), key, e)));
    if (!allowInvalidValues) {
      List<String> values = requirement.list("values").strings();
      for (int i = 0; i < values.size(); i++) {
        String value = values.get(i);
        FieldPath at = path.child("values").index(i);
        Names.labelValue(value).forEach(e -> errors.add(FieldError.invalid(at, value, e)));
      }
    }
    return errors;
  }

  public static List<FieldError> fieldRequirement(
      ObjectValue requirement, boolean allowUnknownOperators, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    if (requirement.string("key").isEmpty()) {
      errors.add(FieldError.required(path.child("key"), "must be specified"));
    }
    errors.addAll(operator(requirement, allowUnknownOperators, path));
    return errors;
  }

  private static List<FieldError> operator(ObjectValue requirement, boolean allowUnknown, FieldPath path) {
    String operator = requirement.string("operator");
    boolean values = !requirement.list("values").isEmpty();
    return switch (operator) {
      case "In", "NotIn" ->
          values
              ? List.of()
              : List.of(
                  FieldError.required(
                      path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"));
      case "Exists", "DoesNotExist" ->
          values
              ? List.of(
                  FieldError.forbidden(
                      path.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
              : List.of();
      default ->
          allowUnknown
              ? List.of()
              : List.of(FieldError.invalid(path.child("operator"), operator, "not a valid selector operator"));
    };
  }

  /// The labels that a selector demands, for kinds that know only those.
  ///
  /// @throws SyntaxException when it demands anything else
  public static Map<String, String> asLabels(ObjectValue selector) {
    var labels = new TreeMap<String, String>();
    ObjectValue match = selector.object("matchLabels");
    for (String name : match.names()) {
      labels.put(name, match.get(name) instanceof StringValue(String text) ? text : "");
    }
    for (ObjectValue expression : selector.list("matchExpressions").objects()) {
      String operator = GoText.quote(expression.string("operator"));
      List<String> values = expression.list("values").strings();
      switch (expression.string("operator")) {
        case "In" -> {
          if (values.size() != 1) {
            throw new SyntaxException(
                "operator " + operator + " without a single value cannot be converted into the old label selector format");
          }
          labels.put(expression.string("key"), values.getFirst());
        }
        case "NotIn", "Exists", "DoesNotExist" ->
            throw new SyntaxException("operator " + operator + " cannot be converted into the old label selector format");
        default -> throw new SyntaxException(operator + " is not a valid selector operator");
      }
    }
    return labels;
  }

  /// A selector as tables show it: `<none>` for an empty or absent one, `<error>` for one that means nothing.
  public static String format(@Nullable Value selector) {
    try {
      String text = LabelSelector.fromObject(selector).toString();
      return text.isEmpty() ? "<none>" : text;
    } catch (SyntaxException _) {
      return "<error>";
    }
  }
}
