package io.thyra.groups.core;

import io.thyra.groups.StoredObjects;
import io.thyra.machinery.DeleteOptions;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.ApiException;
import io.thyra.model.BooleanValue;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupKind;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Deletes a pod if the budget that covers it can spare it. Source: pkg/registry/core/pod/storage/eviction.go.
final class Evictions implements Subresource.Action.Handler {
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final GroupResource BUDGETS = new GroupResource("policy", "poddisruptionbudgets");
  private static final int DISRUPTED_PODS_MAX = 2000;
  private static final int TRIES_MAX = 20;
  private static final int RETRY_SECONDS = 10;
  private static final String BREAKING = "ignoreStoreReadErrorWithClusterBreakingPotential";

  private final StoredObjects objects;

  Evictions(StoredObjects objects) {
    this.objects = objects;
  }

  @Override
  public ObjectValue create(RequestContext context, String namespace, String name, ObjectValue eviction) {
    if (!name.equals(eviction.string("metadata", "name"))) {
      throw new Failure.BadRequest("name in URL does not match name in Eviction object").toException();
    }
    ObjectValue options = eviction.object("deleteOptions");
    if (options.bool(BREAKING)) {
      FieldPath path = FieldPath.of("deleteOptions", BREAKING);
      FieldError error = FieldError.invalid(path, BooleanValue.TRUE, "can not be set for pod eviction, try after removing the option");
      throw new Failure.Invalid(new GroupKind("policy", "Eviction"), name, List.of(error)).toException();
    }
    if (!options.list("dryRun").isEmpty() && context.dryRun() && !options.list("dryRun").strings().equals(List.of("All"))) {
      throw new Failure.Unclassified(
              500,
              "Non-matching dry-run options in request and content: [All] and ["
                  + String.join(" ", options.list("dryRun").strings())
                  + "]")
          .toException();
    }
    var run = new Run(context, namespace, name, options, context.dryRun() || !options.list("dryRun").isEmpty());
    if (!run.evictUnguarded()) {
      run.evictGuarded();
    }
    return ObjectValue.builder()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("metadata", ObjectValue.EMPTY)
        .put("status", "Success")
        .put("code", 201)
        .build();
  }

  private static boolean isOver(ObjectValue pod) {
    String phase = pod.string("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed") || pod.object("metadata").has("deletionTimestamp");
  }

  private static boolean isReady(ObjectValue pod) {
    return pod.list("status", "conditions").objects().stream()
        .anyMatch(c -> c.string("type").equals("Ready") && c.string("status").equals("True"));
  }

  private static ApiException tooMany(int retrySeconds, String cause) {
    var details =
        new Status.Details("", "", "", "", List.of(new Status.Cause("DisruptionBudget", cause, "")), retrySeconds);
    return new Failure.Told(
            Status.failure(
                429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details))
        .toException();
  }

  private static ApiException unprocessed(String budget) {
    return tooMany(RETRY_SECONDS, "The disruption budget " + budget + " is still being processed by the server.");
  }

  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// One eviction.
  private final class Run {
    private final RequestContext context;
    private final String namespace;
    private final String name;
    private final ObjectValue options;
    private final boolean dryRun;
    private final boolean versioned;

    Run(RequestContext context, String namespace, String name, ObjectValue options, boolean dryRun) {
      this.context = context;
      this.namespace = namespace;
      this.name = name;
      this.options = options;
      this.dryRun = dryRun;
      versioned = options.object("preconditions").has("resourceVersion");
    }

    private ObjectValue pod() {
      return objects.find(PODS, namespace, name).orElseThrow(() -> new Failure.NotFound(PODS, name).toException());
    }

    /// Deletes a pod that no budget guards: one that has ended, has not begun, or is going already.
    boolean evictUnguarded() {
      for (int i = 1; ; i++) {
        ObjectValue pod = pod();
        boolean over = isOver(pod);
        if (!over && !pod.string("status", "phase").equals("Pending")) {
          return false;
        }
        try {
          delete(over || versioned ? options : pinned(pod));
          return true;
        } catch (ApiException e) {
          if (!(e.failure() instanceof Failure.Conflict) || versioned || i == TRIES_MAX) {
            throw e;
          }
        }
      }
    }

    private ObjectValue pinned(ObjectValue pod) {
      return options.with(
          "preconditions", options.object("preconditions").with("resourceVersion", pod.string("metadata", "resourceVersion")));
    }

    void evictGuarded() {
      ObjectValue pod = pod();
      List<ObjectValue> budgets = budgets(pod);
      if (budgets.size() > 1) {
        throw new Failure.Unclassified(
                500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
            .toException();
      }
      if (budgets.isEmpty()) {
        delete(options);
        return;
      }
      ObjectValue budget = budgets.getFirst();
      boolean spared = !isReady(pod) && sparesUnready(budget);
      if (!spared) {
        take(budget);
        delete(options);
        return;
      }
      try {
        delete(pinned(pod));
      } catch (ApiException e) {
        if (e.failure() instanceof Failure.Conflict && !versioned) {
          throw unprocessed(budget.string("metadata", "name"));
        }
        throw e;
      }
    }

    private List<ObjectValue> budgets(ObjectValue pod) {
      ObjectValue labels = pod.object("metadata", "labels");
      var found = new ArrayList<ObjectValue>();
      for (ObjectValue budget : objects.list(BUDGETS, namespace)) {
        try {
          Value selector = budget.at("spec", "selector");
          if (LabelSelector.fromObject(selector instanceof NullValue ? null : selector).matches(labels)) {
            found.add(budget);
          }
        } catch (IllegalArgumentException | SyntaxException _) {
          // A selector that means nothing selects nothing.
        }
      }
      return found;
    }

    private boolean sparesUnready(ObjectValue budget) {
      long desired = budget.integer(0, "status", "desiredHealthy");
      return budget.string("spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow")
          || desired > 0 && budget.integer(0, "status", "currentHealthy") >= desired;
    }

    /// Takes one disruption from the budget.
    private void take(ObjectValue budget) {
      if (dryRun) {
        taken(budget);
        return;
      }
      objects.update(context, BUDGETS, namespace, budget.string("metadata", "name"), this::taken);
    }

    private ObjectValue taken(ObjectValue budget) {
      ObjectValue status = budget.object("status");
      String budgetName = budget.string("metadata", "name");
      if (status.integer(0, "observedGeneration") < budget.integer(0, "metadata", "generation")) {
        throw unprocessed(budgetName);
      }
      long allowed = status.integer(0, "disruptionsAllowed");
      var resource = new GroupResource("policy", "poddisruptionbudget");
      if (allowed < 0) {
        throw new Failure.Forbidden(resource, budgetName, "pdb disruptions allowed is negative").toException();
      }
      if (status.object("disruptedPods").size() > DISRUPTED_PODS_MAX) {
        throw new Failure.Forbidden(
                resource, budgetName, "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
            .toException();
      }
      if (allowed == 0) {
        throw tooMany(0, refusal(budgetName, status));
      }
      ObjectValue changed = status.with("disruptionsAllowed", allowed - 1);
      if (allowed == 1) {
        changed = changed.with("conditions", exhausted(changed));
      }
      ObjectValue.Builder disrupted = status.object("disruptedPods").toBuilder().put(name, time(context.now()));
      return budget.with("status", changed.with("disruptedPods", disrupted.buildSorted()));
    }

    private String refusal(String budget, ObjectValue status) {
      long needed = status.integer(0, "desiredHealthy");
      long healthy = status.integer(0, "currentHealthy");
      ObjectValue condition =
          status.list("conditions").objects().stream()
              .filter(c -> c.string("type").equals("DisruptionAllowed"))
              .findFirst()
              .orElse(ObjectValue.EMPTY);
      String message = condition.string("message");
      boolean told = condition.string("status").equals("False") && !message.isEmpty();
      String begin = "The disruption budget " + budget;
      String refused = begin + " does not allow evicting pods currently";
      if (told && condition.string("reason").equals("SyncFailed")) {
        return refused + " because it failed sync: " + message;
      }
      if (healthy <= needed) {
        return begin + " needs " + needed + " healthy pods and has " + healthy + " currently";
      }
      return told ? refused + " (" + condition.string("reason") + "): " + message : refused;
    }

    private ListValue exhausted(ObjectValue status) {
      ObjectValue.Builder condition = ObjectValue.builder().put("type", "DisruptionAllowed").put("status", "False");
      if (status.integer(0, "observedGeneration") != 0) {
        condition.put("observedGeneration", status.integer(0, "observedGeneration"));
      }
      ListValue conditions = status.list("conditions");
      String since = time(context.now());
      for (ObjectValue known : conditions.objects()) {
        if (known.string("type").equals("DisruptionAllowed") && known.string("status").equals("False")) {
          since = known.string("lastTransitionTime");
        }
      }
      condition.put("lastTransitionTime", since).put("reason", "InsufficientPods").put("message", "");
      return placed(conditions, condition.build());
    }

    private static ListValue placed(ListValue conditions, ObjectValue condition) {
      var all = new ArrayList<Value>(conditions.items());
      for (int i = 0; i < all.size(); i++) {
        if (conditions.object(i).string("type").equals(condition.string("type"))) {
          all.set(i, condition);
          return new ListValue(all);
        }
      }
      all.add(condition);
      return new ListValue(all);
    }

    /// Tells the pod why it goes, then deletes it.
    private void delete(ObjectValue terms) {
      if (dryRun) {
        check(pod(), terms);
        DeleteOptions.fromBody(terms);
        return;
      }
      ObjectValue marked =
          objects.update(
              context,
              PODS,
              namespace,
              name,
              pod -> {
                check(pod, terms);
                return condemned(pod);
              });
      // Upstream looks at the options when the pod has been told.
      DeleteOptions.fromBody(terms);
      ObjectValue conditions = terms.object("preconditions");
      objects.delete(
          context,
          PODS,
          namespace,
          name,
          conditions.has("resourceVersion")
              ? terms.with("preconditions", conditions.with("resourceVersion", marked.string("metadata", "resourceVersion")))
              : terms);
    }

    private void check(ObjectValue pod, ObjectValue terms) {
      compare(pod, terms, "uid", "UID", ". The object might have been deleted and then recreated");
      compare(pod, terms, "resourceVersion", "ResourceVersion", ". The object might have been modified");
    }

    private void compare(ObjectValue pod, ObjectValue terms, String field, String word, String tail) {
      String wanted = terms.object("preconditions").string(field);
      String actual = pod.string("metadata", field);
      if (!wanted.isEmpty() && !wanted.equals(actual)) {
        String why = "the %1$s in the precondition (%2$s) does not match the %1$s in record (%3$s)".formatted(word, wanted, actual);
        throw new Failure.Conflict(new GroupResource("", "Pod"), name, why + tail).toException();
      }
    }

    private ObjectValue condemned(ObjectValue pod) {
      String since = time(context.now());
      for (ObjectValue known : pod.list("status", "conditions").objects()) {
        if (known.string("type").equals("DisruptionTarget") && known.string("status").equals("True")) {
          since = known.string("lastTransitionTime");
        }
      }
      ObjectValue condition =
          ObjectValue.builder()
              .put("type", "DisruptionTarget")
              .put("status", "True")
              .put("lastProbeTime", NullValue.NULL)
              .put("lastTransitionTime", since)
              .put("reason", "EvictionByEvictionAPI")
              .put("message", "Eviction API: evicting")
              .build();
      return pod.withAt(placed(pod.list("status", "conditions"), condition), "status", "conditions");
    }
  }
}
