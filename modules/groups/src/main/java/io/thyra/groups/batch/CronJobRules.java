package io.thyra.groups.batch;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.notNegative;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.apps.WorkloadRules;
import io.thyra.machinery.CronSchedule;
import io.thyra.machinery.Names;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// CronJobs. Source: pkg/apis/batch/validation/validation.go, pkg/registry/batch/cronjob/strategy.go.
final class CronJobRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath JOB_SPEC = SPEC.child("jobTemplate", "spec");
  private static final int NAME_LENGTH_MAX = 52;
  private static final int ZONE_PART_MAX = 14;

  private final JobSpecRules specs;

  private CronJobRules(PodTemplates templates, Group.Declaration r) {
    specs = new JobSpecRules(templates, GoStruct.at(r.struct(), "spec", "jobTemplate", "spec"));
  }

  static void declare(Group.Declaration r, PodTemplates templates) {
    var rules = new CronJobRules(templates, r);
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .createRules((cron, _, errors) -> rules.spec(cron.object("spec"), null, errors))
        .createRules(
            (cron, _, errors) -> {
              String name = cron.string("metadata", "name");
              if (name.length() > NAME_LENGTH_MAX) {
                errors.add(FieldError.invalid(FieldPath.of("metadata", "name"), name, "must be no more than 52 characters"));
              }
            })
        .updateRules((cron, old, _, errors) -> rules.spec(cron.object("spec"), old.object("spec"), errors))
        .warns(WorkloadRules::nameWarnings)
        .warns(rules::warnings);
    r.statusRules();
  }

  private List<String> warnings(ObjectValue cron, @Nullable ObjectValue old) {
    var warnings = new ArrayList<String>();
    ObjectValue job = cron.object("spec", "jobTemplate", "spec");
    if (old == null || !Objects.equals(cron.at("metadata", "generation"), old.at("metadata", "generation"))) {
      warnings.addAll(specs.warnings(job, old == null ? null : old.object("spec", "jobTemplate", "spec"), JOB_SPEC));
    }
    if (old != null && cron.string("spec", "schedule").contains("TZ")) {
      warnings.add(
          "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
              + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
    }
    return warnings;
  }

  private void spec(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    schedule(spec, old, errors);
    notNegative(spec, SPEC, errors, "startingDeadlineSeconds");
    if ((old == null || !Objects.equals(old.get("timeZone"), spec.get("timeZone"))) && isSet(spec, "timeZone")) {
      zone(spec.string("timeZone"), SPEC.child("timeZone"), errors);
    }
    String policy = spec.string("concurrencyPolicy");
    if (policy.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("concurrencyPolicy"), ""));
    } else {
      Checks.oneOf(policy, SPEC.child("concurrencyPolicy"), errors, "Allow", "Forbid", "Replace");
    }
    ObjectValue job = spec.object("jobTemplate", "spec");
    specs.check(job, old == null ? null : old.object("jobTemplate", "spec"), JOB_SPEC, errors);
    if (isSet(job, "selector")) {
      errors.add(Checks.invalid(JOB_SPEC.child("selector"), job.get("selector"), "`selector` will be auto-generated"));
    }
    if (job.bool("manualSelector")) {
      errors.add(Checks.notSupportedPrinted(JOB_SPEC.child("manualSelector"), "true", "nil", "false"));
    }
    notNegative(spec, SPEC, errors, "successfulJobsHistoryLimit", "failedJobsHistoryLimit");
  }

  private static void schedule(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    FieldPath path = SPEC.child("schedule");
    String schedule = spec.string("schedule");
    if (schedule.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    try {
      CronSchedule.require(schedule);
    } catch (SyntaxException e) {
      errors.add(FieldError.invalid(path, schedule, e.text()));
    }
    boolean zoned = schedule.contains("TZ");
    boolean allowed = old != null && old.string("schedule").contains("TZ");
    if (zoned && allowed && isSet(spec, "timeZone")) {
      errors.add(FieldError.invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
    } else if (zoned && !allowed) {
      errors.add(FieldError.invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
    }
  }

  private static void zone(String zone, FieldPath path, List<FieldError> errors) {
    if (zone.isEmpty()) {
      errors.add(FieldError.invalid(path, zone, "timeZone must be nil or non-empty string"));
      return;
    }
    String unknown = "unknown time zone " + zone;
    for (String part : zone.split("/", -1)) {
      if (!isZonePart(part)) {
        errors.add(FieldError.invalid(path, zone, unknown));
        return;
      }
    }
    if (zone.equalsIgnoreCase("Local")) {
      errors.add(
          FieldError.invalid(
              path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"));
    }
    if (!CronSchedule.isZone(zone)) {
      errors.add(FieldError.invalid(path, zone, unknown));
    }
  }

  private static boolean isZonePart(String part) {
    boolean letters =
        part.chars()
            .allMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || ".-_+".indexOf(c) >= 0);
    return letters && !part.isEmpty() && part.length() <= ZONE_PART_MAX && !part.startsWith("-") && !part.equals(".") && !part.equals("..");
  }
}
