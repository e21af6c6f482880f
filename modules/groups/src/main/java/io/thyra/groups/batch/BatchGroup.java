package io.thyra.groups.batch;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.core.CoreColumns;
import io.thyra.groups.core.CoreFields;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.ResourceDefinition.Deletion;
import io.thyra.registry.SelectableFields;
import io.thyra.registry.TableColumns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// `batch/v1`: Jobs and CronJobs.
public final class BatchGroup {
  private static final SelectableFields JOB_FIELDS =
      new SelectableFields(
          Map.of("status.successful", CoreFields.number("status", "succeeded")),
          Map.of(),
          label -> "field label " + GoText.quote(label) + " not supported for Job");

  private BatchGroup() {}

  public static void declare(Group group, PodTemplates templates) {
    group.resource(
        "jobs",
        r -> {
          r.columns(BatchGroup::job).selectable(JOB_FIELDS).deletion(Deletion.ORPHANS);
          JobRules.declare(r, templates);
        });
    group.resource(
        "cronjobs",
        r -> {
          r.columns(BatchGroup::cronJob);
          CronJobRules.declare(r, templates);
        });
  }

  private static TableColumns job(Columns columns) {
    columns
        .text("Status", "Status of the job.", BatchGroup::status)
        .text("Completions", columns.doc("batch.v1.JobStatus", "succeeded"), BatchGroup::completions)
        .cell("Duration", "string", "Time required to complete the job.", (o, now) -> Cells.text(duration(o, now)))
        .age()
        .wide();
    return CoreColumns.containers(columns, "spec", "template", "spec", "containers")
        .text("Selector", columns.doc("batch.v1.JobSpec", "selector"), o -> Cells.selector(o.at("spec", "selector")))
        .build();
  }

  private static String status(ObjectValue job) {
    ListValue conditions = job.list("status", "conditions");
    for (String type : List.of("Complete", "Failed")) {
      if (Cells.condition(conditions, type).equals("True")) {
        return type;
      }
    }
    if (!job.string("metadata", "deletionTimestamp").isEmpty()) {
      return "Terminating";
    }
    for (String type : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
      if (Cells.condition(conditions, type).equals("True")) {
        return type;
      }
    }
    return "Running";
  }

  private static String completions(ObjectValue job) {
    long succeeded = job.integer(0, "status", "succeeded");
    long wanted = job.integer(-1, "spec", "completions");
    if (wanted >= 0) {
      return succeeded + "/" + wanted;
    }
    long parallel = job.integer(0, "spec", "parallelism");
    return parallel > 1 ? succeeded + "/1 of " + parallel : succeeded + "/1";
  }

  private static String duration(ObjectValue job, Instant now) {
    return Cells.instant(job.string("status", "startTime"))
        .map(
            start -> {
              Instant end = Cells.instant(job.string("status", "completionTime")).orElse(now);
              return Cells.human(Duration.between(start, end));
            })
        .orElse("");
  }

  private static TableColumns cronJob(Columns columns) {
    String spec = "batch.v1.CronJobSpec";
    String status = "batch.v1.CronJobStatus";
    columns
        .text("Schedule", columns.doc(spec, "schedule"), o -> o.string("spec", "schedule"))
        .text("Timezone", columns.doc(spec, "timeZone"), o -> Cells.plain(o.at("spec", "timeZone"), Cells.NONE))
        .cell("Suspend", "boolean", columns.doc(spec, "suspend"), (o, _) -> Cells.text(suspended(o)))
        .number("Active", columns.doc(status, "active"), o -> o.list("status", "active").size())
        .cell("Last Schedule", "string", columns.doc(status, "lastScheduleTime"), (o, now) -> Cells.text(lastSchedule(o, now)))
        .age()
        .wide();
    return CoreColumns.containers(columns, "spec", "jobTemplate", "spec", "template", "spec", "containers")
        .text(
            "Selector",
            columns.doc("batch.v1.JobSpec", "selector"),
            o -> Cells.selector(o.at("spec", "jobTemplate", "spec", "selector")))
        .build();
  }

  private static String suspended(ObjectValue job) {
    String flag = Cells.plain(job.at("spec", "suspend"), "");
    return flag.isEmpty() ? Cells.UNSET : flag.equals("true") ? "True" : "False";
  }

  private static String lastSchedule(ObjectValue job, Instant now) {
    String last = job.string("status", "lastScheduleTime");
    return last.isEmpty() ? Cells.NONE : Cells.since(last, now);
  }
}
