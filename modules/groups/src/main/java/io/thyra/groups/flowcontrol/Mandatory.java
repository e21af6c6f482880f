package io.thyra.groups.flowcontrol;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The specs that nobody may change, those of `exempt` and `catch-all`.
/// Source: apiserver pkg/apis/flowcontrol/bootstrap/default.go.
final class Mandatory {
  private static final ObjectValue EXEMPT_SCHEMA = schema("exempt", 1, "system:masters");
  private static final ObjectValue CATCH_ALL_SCHEMA =
      schema("catch-all", 10_000, "system:unauthenticated", "system:authenticated")
          .with("distinguisherMethod", ObjectValue.EMPTY.with("type", "ByUser"));
  private static final ObjectValue EXEMPT_LEVEL =
      ObjectValue.EMPTY
          .with("type", "Exempt")
          .with("exempt", ObjectValue.EMPTY.with("nominalConcurrencyShares", 0).with("lendablePercent", 0));
  private static final ObjectValue CATCH_ALL_LEVEL =
      ObjectValue.EMPTY
          .with("type", "Limited")
          .with(
              "limited",
              ObjectValue.EMPTY
                  .with("nominalConcurrencyShares", 5)
                  .with("lendablePercent", 0)
                  .with("limitResponse", ObjectValue.EMPTY.with("type", "Reject")));

  private Mandatory() {}

  private static ObjectValue schema(String level, long precedence, String... groups) {
    ListValue all = ListValue.ofStrings(List.of("*"));
    ObjectValue resources =
        ObjectValue.EMPTY
            .with("verbs", all)
            .with("apiGroups", all)
            .with("resources", all)
            .with("clusterScope", true)
            .with("namespaces", all);
    ObjectValue urls = ObjectValue.EMPTY.with("verbs", all).with("nonResourceURLs", all);
    var subjects = new ArrayList<ObjectValue>();
    for (String group : groups) {
      subjects.add(ObjectValue.EMPTY.with("kind", "Group").with("group", ObjectValue.EMPTY.with("name", group)));
    }
    ObjectValue rule =
        ObjectValue.EMPTY
            .with("subjects", new ListValue(List.copyOf(subjects)))
            .with("resourceRules", ListValue.of(resources))
            .with("nonResourceRules", ListValue.of(urls));
    return ObjectValue.EMPTY
        .with("priorityLevelConfiguration", ObjectValue.EMPTY.with("name", level))
        .with("matchingPrecedence", precedence)
        .with("rules", ListValue.of(rule));
  }

  static Optional<ObjectValue> findFlowSchema(String name) {
    return switch (name) {
      case "exempt" -> Optional.of(EXEMPT_SCHEMA);
      case "catch-all" -> Optional.of(CATCH_ALL_SCHEMA);
      default -> Optional.empty();
    };
  }

  static Optional<ObjectValue> findPriorityLevel(String name) {
    return switch (name) {
      case "exempt" -> Optional.of(EXEMPT_LEVEL);
      case "catch-all" -> Optional.of(CATCH_ALL_LEVEL);
      default -> Optional.empty();
    };
  }
}
