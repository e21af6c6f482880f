package io.thyra.authorization;

import io.thyra.machinery.FieldSelector;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.ApiException;
import io.thyra.model.AuthorizationAttributes.Requirement;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The selector of an access review. Requirements that cannot be understood are dropped, which only widens the question;
/// the answer tells of it. Source: kubernetes pkg/registry/authorization/util/helpers.go.
///
/// @param failed whether something was dropped
record AskedSelector(List<Requirement> requirements, boolean failed) {
  AskedSelector {
    requirements = List.copyOf(requirements);
  }

  static AskedSelector ofFields(ObjectValue selector) {
    ListValue asked = selector.list("requirements");
    if (!asked.isEmpty()) {
      return fieldRequirements(asked.objects());
    }
    try {
      List<Requirement> found = new ArrayList<>();
      for (FieldSelector.Requirement r : FieldSelector.parse(selector.string("rawSelector")).requirements()) {
        found.add(new Requirement(r.field(), r.equal() ? "In" : "NotIn", List.of(r.value())));
      }
      return new AskedSelector(found, false);
    } catch (ApiException | SyntaxException _) {
      return new AskedSelector(List.of(), true);
    }
  }

  private static AskedSelector fieldRequirements(Iterable<ObjectValue> asked) {
    var found = new ArrayList<Requirement>();
    boolean failed = false;
    for (ObjectValue requirement : asked) {
      String operator = requirement.string("operator");
      List<String> values = requirement.list("values").strings();
      if (values.size() == 1 && (operator.equals("In") || operator.equals("NotIn"))) {
        found.add(new Requirement(requirement.string("key"), operator, values));
      } else {
        failed = true;
      }
    }
    return new AskedSelector(found, failed);
  }

  static AskedSelector ofLabels(ObjectValue selector) {
    ListValue asked = selector.list("requirements");
    if (!asked.isEmpty()) {
      return labelRequirements(asked.objects());
    }
    try {
      List<Requirement> found = new ArrayList<>();
      for (LabelSelector.Requirement r : LabelSelector.parse(selector.string("rawSelector")).requirements()) {
        found.add(new Requirement(r.key(), word(r.operator()), r.values()));
      }
      return new AskedSelector(found, false);
    } catch (ApiException | SyntaxException _) {
      return new AskedSelector(List.of(), true);
    }
  }

  private static AskedSelector labelRequirements(Iterable<ObjectValue> asked) {
    var found = new ArrayList<Requirement>();
    boolean failed = false;
    for (ObjectValue requirement : asked) {
      try {
        String key = requirement.string("key");
        List<String> values = requirement.list("values").strings();
        String operator = requirement.string("operator");
        LabelSelector.Operator known =
            switch (operator) {
              case "In" -> LabelSelector.Operator.IN;
              case "NotIn" -> LabelSelector.Operator.NOT_IN;
              case "Exists" -> LabelSelector.Operator.EXISTS;
              case "DoesNotExist" -> LabelSelector.Operator.DOES_NOT_EXIST;
              default -> throw new SyntaxException("unknown operator " + operator);
            };
        LabelSelector.Requirement.of(key, known, values);
        found.add(new Requirement(key, operator, values));
      } catch (ApiException | SyntaxException _) {
        failed = true;
      }
    }
    return new AskedSelector(found, failed);
  }

  private static String word(LabelSelector.Operator operator) {
    return switch (operator) {
      case IN, EQUALS, DOUBLE_EQUALS -> "In";
      case NOT_IN, NOT_EQUALS -> "NotIn";
      case GREATER_THAN -> "GreaterThan";
      case LESS_THAN -> "LessThan";
      case EXISTS -> "Exists";
      case DOES_NOT_EXIST -> "DoesNotExist";
    };
  }

  /// What the answer says of a selector that was not understood.
  Optional<String> complaint(String path) {
    return failed ? Optional.of(path + (requirements.isEmpty() ? "" : " partially") + " ignored due to parse error") : Optional.empty();
  }
}
