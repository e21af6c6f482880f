package io.thyra.groups.scheduling;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.core.CoreColumns;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;

/// `scheduling.k8s.io`: priority classes, workloads and pod groups.
public final class SchedulingGroup {
  private SchedulingGroup() {}

  public static void declare(Group group, GroupDependencies needs) {
    var workloads = new WorkloadRules(needs.features());
    group.resource(
        "priorityclasses",
        r -> {
          r.columns(SchedulingGroup::priorityClass);
          PriorityClassRules.declare(r);
        });
    group.resource(
        "workloads",
        r -> {
          r.gate("GenericWorkload").columns(c -> c.age().build());
          workloads.declareWorkload(r);
        });
    group.resource(
        "podgroups",
        r -> {
          r.gate("GenericWorkload").columns(SchedulingGroup::podGroup);
          workloads.declarePodGroup(r);
        });
  }

  private static TableColumns priorityClass(Columns columns) {
    String type = "scheduling.v1.PriorityClass";
    return columns
        .number("Value", columns.doc(type, "value"), CoreColumns.count("value"))
        .truth("Global-Default", columns.doc(type, "globalDefault"), o -> o.bool("globalDefault"))
        .age()
        .text("PreemptionPolicy", columns.doc(type, "preemptionPolicy"), o -> o.string("preemptionPolicy"))
        .build();
  }

  private static TableColumns podGroup(Columns columns) {
    return columns
        .text(
            "Policy",
            columns.doc("scheduling.v1alpha2.PodGroupSpec", "schedulingPolicy"),
            o -> o.object("spec", "schedulingPolicy").has("gang") ? "Gang" : "Basic")
        .text(
            "Workload",
            "Name of the referenced Workload object",
            o ->
                o.object("spec").has("podGroupTemplateRef")
                    ? o.string("spec", "podGroupTemplateRef", "workload", "workloadName")
                    : Cells.NONE)
        .text("Status", "Status of the PodGroup", SchedulingGroup::status)
        .age()
        .build();
  }

  private static String status(ObjectValue group) {
    String status = "Pending";
    for (ObjectValue condition : group.list("status", "conditions").objects()) {
      if (condition.string("type").equals("DisruptionTarget")) {
        return condition.string("reason");
      }
      if (condition.string("type").equals("PodGroupScheduled")) {
        status = condition.string("status").equals("True") ? "Scheduled" : "Unschedulable";
      }
    }
    return status;
  }
}
