package io.thyra.groups.flowcontrol;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.TableColumns;

/// `flowcontrol.apiserver.k8s.io`: flow schemas and priority levels.
public final class FlowControlGroup {
  private FlowControlGroup() {}

  public static void declare(Group group) {
    group.resource(
        "flowschemas",
        r -> {
          r.columns(FlowControlGroup::flowSchema);
          FlowSchemaRules.declare(r);
        });
    group.resource(
        "prioritylevelconfigurations",
        r -> {
          r.columns(FlowControlGroup::priorityLevel);
          PriorityLevelRules.declare(r);
        });
  }

  private static TableColumns flowSchema(Columns columns) {
    String spec = "flowcontrol.v1.FlowSchemaSpec";
    return columns
        .text(
            "PriorityLevel",
            columns.doc("flowcontrol.v1.PriorityLevelConfigurationReference", "name"),
            o -> o.string("spec", "priorityLevelConfiguration", "name"))
        .cell(
            "MatchingPrecedence",
            "string",
            columns.doc(spec, "matchingPrecedence"),
            (o, _) -> Value.of(o.integer(0, "spec", "matchingPrecedence")))
        .text(
            "DistinguisherMethod",
            columns.doc(spec, "distinguisherMethod"),
            o -> o.object("spec").has("distinguisherMethod") ? o.string("spec", "distinguisherMethod", "type") : Cells.NONE)
        .age()
        .text("MissingPL", "references a broken or non-existent PriorityLevelConfiguration", FlowControlGroup::dangling)
        .build();
  }

  private static String dangling(ObjectValue schema) {
    String status = Cells.condition(schema.list("status", "conditions"), "Dangling");
    return status.isEmpty() ? "?" : status;
  }

  private static TableColumns priorityLevel(Columns columns) {
    String queuing = "flowcontrol.v1.QueuingConfiguration";
    return columns
        .text("Type", columns.doc("flowcontrol.v1.PriorityLevelConfigurationSpec", "type"), o -> o.string("spec", "type"))
        .cell(
            "NominalConcurrencyShares",
            "string",
            columns.doc("flowcontrol.v1.LimitedPriorityLevelConfiguration", "nominalConcurrencyShares"),
            (o, _) -> number(o.object("spec"), "limited", "nominalConcurrencyShares"))
        .cell("Queues", "string", columns.doc(queuing, "queues"), (o, _) -> queue(o, "queues"))
        .cell("HandSize", "string", columns.doc(queuing, "handSize"), (o, _) -> queue(o, "handSize"))
        .cell("QueueLengthLimit", "string", columns.doc(queuing, "queueLengthLimit"), (o, _) -> queue(o, "queueLengthLimit"))
        .age()
        .build();
  }

  private static Value queue(ObjectValue level, String field) {
    return number(level.object("spec", "limited", "limitResponse"), "queuing", field);
  }

  private static Value number(ObjectValue parent, String child, String field) {
    return parent.get(child) instanceof ObjectValue object ? Value.of(object.integer(0, field)) : Cells.text(Cells.NONE);
  }
}
