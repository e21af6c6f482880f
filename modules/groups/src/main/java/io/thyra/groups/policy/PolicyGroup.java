package io.thyra.groups.policy;

import io.thyra.groups.Cells;
import io.thyra.groups.Group;
import io.thyra.groups.core.CoreColumns;

/// `policy/v1`: disruption budgets.
public final class PolicyGroup {
  private PolicyGroup() {}

  public static void declare(Group group) {
    group.resource(
        "poddisruptionbudgets",
        r -> {
          r.columns(
              c ->
                  c.text(
                          "Min Available",
                          "The minimum number of pods that must be available.",
                          o -> Cells.plain(o.at("spec", "minAvailable"), "N/A"))
                      .text(
                          "Max Unavailable",
                          "The maximum number of pods that may be unavailable.",
                          o -> Cells.plain(o.at("spec", "maxUnavailable"), "N/A"))
                      .number(
                          "Allowed Disruptions",
                          "Calculated number of pods that may be disrupted at this time.",
                          CoreColumns.count("status", "disruptionsAllowed"))
                      .age()
                      .build());
          BudgetRules.declare(r);
        });
  }
}
