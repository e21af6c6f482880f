package io.thyra.groups.batch;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Rules;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// One write of a Job's status against the stored one. What was wrong before may stay wrong; what changes must be right.
/// Source: pkg/apis/batch/validation/validation.go, pkg/registry/batch/job/strategy.go.
final class JobStatusRules {
  private static final FieldPath STATUS = FieldPath.of("status");

  private final ObjectValue spec;
  private final ObjectValue now;
  private final ObjectValue before;
  private final List<FieldError> errors;
  private final boolean completes;
  private final boolean fails;
  private final boolean finished;
  private final boolean meets;

  JobStatusRules(ObjectValue job, ObjectValue old, List<FieldError> errors) {
    this.spec = job.object("spec");
    this.now = job.object("status");
    this.before = old.object("status");
    this.errors = errors;
    completes = is("Complete");
    fails = is("Failed");
    finished = completes || fails;
    meets = is("SuccessCriteriaMet");
  }

  private static long count(ObjectValue object, String field) {
    return Checks.number(object, field);
  }

  private boolean is(String condition) {
    return Checks.isTrue(now, condition);
  }

  private boolean was(String condition) {
    return Checks.isTrue(before, condition);
  }

  private boolean changes(String field) {
    return !Objects.equals(now.get(field), before.get(field));
  }

  private boolean turns(String condition) {
    return is(condition) != was(condition);
  }

  private void conditions(boolean broken, String detail) {
    if (broken) {
      errors.add(Checks.invalidUnshown(STATUS.child("conditions"), detail));
    }
  }

  private void number(boolean broken, String field, String detail) {
    if (broken) {
      errors.add(FieldError.invalid(STATUS.child(field), count(now, field), detail));
    }
  }

  private void value(boolean broken, String field, String detail) {
    if (broken) {
      errors.add(Checks.invalid(STATUS.child(field), now.get(field), detail));
    }
  }

  void check() {
    Checks.notNegative(now, STATUS, errors, "active", "succeeded", "failed", "ready", "terminating");
    uncounted();
    ending();
    indexes();
    boolean ready = changes("ready") || changes("active");
    number(
        (finished != (was("Complete") || was("Failed")) || changes("terminating")) && finished && count(now, "terminating") > 0,
        "terminating",
        "terminating>0 is invalid for finished job");
    number(
        ready && isSet(now, "ready") && count(now, "ready") > count(now, "active"),
        "ready",
        "cannot set more ready pods than active");
    conditions(meets && fails, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
    conditions(meets && is("FailureTarget"), "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    conditions(
        isSet(spec, "successPolicy") && !meets && completes,
        "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
    progress();
  }

  private void uncounted() {
    Set<String> seen = new HashSet<>();
    for (String field : List.of("succeeded", "failed")) {
      List<String> uids = now.list("uncountedTerminatedPods", field).strings();
      for (int i = 0; i < uids.size(); i++) {
        FieldPath at = STATUS.child("uncountedTerminatedPods", field).index(i);
        if (uids.get(i).isEmpty()) {
          errors.add(FieldError.invalid(at, "", "must not be empty"));
        } else if (!seen.add(uids.get(i))) {
          errors.add(FieldError.duplicate(at, uids.get(i)));
        }
      }
    }
  }

  private void ending() {
    boolean timed = isSet(now, "completionTime");
    boolean started = isSet(now, "startTime");
    boolean completion = turns("Complete") || changes("completionTime");
    boolean ending = finished != (was("Complete") || was("Failed"));
    conditions(
        (turns("Complete") || turns("Failed")) && completes && fails, "cannot set Complete=True and Failed=true conditions");
    conditions(
        (turns("Complete") || turns("FailureTarget")) && completes && is("FailureTarget"),
        "cannot set Complete=True and FailureTarget=true conditions");
    value(
        completion && timed && !completes,
        "completionTime",
        "cannot set completionTime when there is no Complete=True condition");
    if (completion && !timed && completes) {
      errors.add(FieldError.required(STATUS.child("completionTime"), "completionTime is required for Complete jobs"));
    }
    value(
        (changes("startTime") || changes("completionTime")) && started && timed && time("completionTime").isBefore(time("startTime")),
        "completionTime",
        "must be equal to or after `startTime`");
    conditions(
        (turns("Failed") || changes("failedIndexes")) && fails && !is("FailureTarget"),
        "cannot set Failed=True condition without the FailureTarget=true condition");
    conditions(
        (turns("Complete") || turns("SuccessCriteriaMet")) && completes && !meets,
        "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
    number(
        (ending || changes("active")) && count(now, "active") > 0 && finished,
        "active",
        "active>0 is invalid for finished job");
    boolean empty = spec.bool("suspend") && isSet(spec, "completions") && count(spec, "completions") == 0;
    if ((ending || changes("startTime")) && !empty && !started && finished) {
      errors.add(FieldError.required(STATUS.child("startTime"), "startTime is required for finished job"));
    }
    ObjectValue uncounted = now.object("uncountedTerminatedPods");
    if ((ending || changes("uncountedTerminatedPods"))
        && finished
        && uncounted.list("failed").size() + uncounted.list("succeeded").size() > 0) {
      ObjectValue printed =
          ObjectValue.EMPTY.with("Succeeded", nullable(uncounted.list("succeeded"))).with("Failed", nullable(uncounted.list("failed")));
      errors.add(
          FieldError.invalidPrinted(STATUS.child("uncountedTerminatedPods"), GoText.of(printed), "must be empty for finished job"));
    }
  }

  private static io.thyra.model.Value nullable(ListValue list) {
    return list.isEmpty() ? io.thyra.model.NullValue.NULL : list;
  }

  private Instant time(String field) {
    return io.thyra.groups.Cells.instant(now.string(field)).orElse(Instant.EPOCH);
  }

  private void indexes() {
    long completions = count(spec, "completions");
    boolean counted = isSet(spec, "completions");
    boolean perIndex = isSet(spec, "backoffLimitPerIndex");
    boolean failed = isSet(now, "failedIndexes");
    String completed = now.string("completedIndexes");
    if (changes("completedIndexes") && counted) {
      IndexList.findComplaint(completed, completions)
          .ifPresent(c -> value(true, "completedIndexes", "error parsing completedIndexes: " + c));
    }
    if (changes("failedIndexes") && counted && perIndex && failed) {
      IndexList.findComplaint(now.string("failedIndexes"), completions)
          .ifPresent(c -> value(true, "failedIndexes", "error parsing failedIndexes: " + c));
    }
    value(
        changes("completedIndexes") && !completed.isEmpty() && !JobSpecRules.isIndexed(spec),
        "completedIndexes",
        "cannot set non-empty completedIndexes when non-indexed completion mode");
    value(
        changes("failedIndexes") && !perIndex && failed,
        "failedIndexes",
        "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    if ((changes("failedIndexes") || changes("completedIndexes")) && counted && failed) {
      IndexList.findOverlap(completed, now.string("failedIndexes"), completions)
          .ifPresent(c -> value(true, "failedIndexes", c));
    }
  }

  /// What only goes forward.
  private void progress() {
    for (String type : List.of("Failed", "Complete", "FailureTarget")) {
      conditions(was(type) && !is(type), "cannot disable the terminal " + type + "=True condition");
    }
    number(
        count(now, "failed") < count(before, "failed"), "failed", "cannot decrease the failed counter");
    boolean elastic = JobSpecRules.isIndexed(spec) && Objects.equals(spec.get("completions"), spec.get("parallelism"));
    number(
        !elastic && count(now, "succeeded") < count(before, "succeeded"),
        "succeeded",
        "cannot decrease the succeeded counter");
    value(
        isSet(now, "completionTime") && isSet(before, "completionTime") && changes("completionTime"),
        "completionTime",
        Rules.IMMUTABLE);
    boolean resumes = was("Suspended") && Checks.condition(now, "Suspended").equals("False");
    value(
        !resumes && isSet(before, "startTime") && changes("startTime") && !spec.bool("suspend"),
        "startTime",
        "field is immutable for unsuspended job once set");
    conditions(was("SuccessCriteriaMet") && !meets, "cannot disable the SuccessCriteriaMet=True condition");
    conditions(
        was("Complete") && !was("SuccessCriteriaMet") && meets,
        "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
  }
}
