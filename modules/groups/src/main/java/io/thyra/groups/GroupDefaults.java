package io.thyra.groups;

import static io.thyra.groups.Defaults.isNil;
import static io.thyra.groups.Defaults.number;
import static io.thyra.groups.Defaults.numberForZero;
import static io.thyra.groups.Defaults.text;
import static io.thyra.groups.Defaults.truth;
import static io.thyra.groups.Defaults.value;

import io.thyra.codec.DecodeException;
import io.thyra.groups.core.CoreDefaults;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/// What is filled in for the types of every group, in one table.
/// Source: pkg/apis/*/*/defaults.go, apiextensions pkg/apis/apiextensions/v1/defaults.go.
final class GroupDefaults {
  private static final String[] V1 = {"v1"};
  private static final String[] RESOURCE = {"v1", "v1beta2", "v1beta1", "v1alpha3"};
  private static final String[] ADMISSION = {"v1", "v1beta1", "v1alpha1"};
  private static final String RBAC = "rbac.authorization.k8s.io";

  private GroupDefaults() {}

  /// @param clock tells when a device taint was added
  static Defaults all(Clock clock) {
    Defaults defaults = new Defaults();
    CoreDefaults.declare(defaults);
    workloads(defaults);
    policies(defaults);
    admission(defaults);
    flowControl(defaults);
    storage(defaults);
    devices(defaults, clock);
    defaults.of("scheduling.v1alpha2.PodGroupSpec", spec -> value(spec, "disruptionMode", new StringValue("Pod")));
    extensions(defaults);
    return defaults;
  }

  private static void workloads(Defaults defaults) {
    defaults
        .of("apps.v1.Deployment", o -> o.with("spec", deployment(o.object("spec"))))
        .of("apps.v1.DaemonSet", o -> counted(o.with("spec", daemonSet(o.object("spec")))))
        .of("apps.v1.StatefulSet", o -> o.with("spec", statefulSet(o.object("spec"))))
        .of("apps.v1.ReplicaSet", o -> o.with("spec", number(o.object("spec"), "replicas", 1)))
        .of("batch.v1.Job", GroupDefaults::job)
        .of("batch.v1.CronJob", o -> o.with("spec", cronJob(o.object("spec"))))
        .of("batch.v1.PodFailurePolicyOnPodConditionsPattern", pattern -> text(pattern, "status", "True"))
        .of("autoscaling.v1.HorizontalPodAutoscaler", o -> o.with("spec", number(o.object("spec"), "minReplicas", 1)))
        .of("autoscaling.v2.HorizontalPodAutoscaler", o -> o.with("spec", autoscaler(o.object("spec"))));
  }

  private static ObjectValue deployment(ObjectValue spec) {
    ObjectValue changed = number(spec, "replicas", 1);
    ObjectValue strategy = text(changed.object("strategy"), "type", "RollingUpdate");
    if (strategy.string("type").equals("RollingUpdate")) {
      ObjectValue rolling = value(strategy.object("rollingUpdate"), "maxUnavailable", new StringValue("25%"));
      strategy = strategy.with("rollingUpdate", value(rolling, "maxSurge", new StringValue("25%")));
    }
    changed = changed.with("strategy", strategy);
    return number(number(changed, "revisionHistoryLimit", 10), "progressDeadlineSeconds", 600);
  }

  // The internal type counts the changes of the template in a field; v1 has an annotation for it, which is always there.
  private static ObjectValue counted(ObjectValue daemonSet) {
    String count = "deprecated.daemonset.template.generation";
    ObjectValue annotations = daemonSet.object("metadata", "annotations");
    String told = annotations.has(count) ? annotations.string(count) : "0";
    long number = 0;
    try {
      number = Long.parseLong(told);
    } catch (NumberFormatException _) {
      boolean digits = told.matches("[+-]?[0-9]+");
      String why = digits ? "value out of range" : "invalid syntax";
      throw new DecodeException("strconv.ParseInt: parsing " + GoText.quote(told) + ": " + why);
    }
    ObjectValue counted = annotations.with(count, Long.toString(number));
    return counted.equals(annotations) ? daemonSet : daemonSet.withAt(counted.toBuilder().buildSorted(), "metadata", "annotations");
  }

  private static ObjectValue daemonSet(ObjectValue spec) {
    ObjectValue strategy = text(spec.object("updateStrategy"), "type", "RollingUpdate");
    if (strategy.string("type").equals("RollingUpdate")) {
      ObjectValue rolling = value(strategy.object("rollingUpdate"), "maxUnavailable", new IntegerValue(1));
      strategy = strategy.with("rollingUpdate", value(rolling, "maxSurge", IntegerValue.ZERO));
    }
    return number(spec.with("updateStrategy", strategy), "revisionHistoryLimit", 10);
  }

  private static ObjectValue statefulSet(ObjectValue spec) {
    ObjectValue changed = text(spec, "podManagementPolicy", "OrderedReady");
    ObjectValue strategy = changed.object("updateStrategy");
    if (strategy.string("type").isEmpty()) {
      strategy = strategy.with("type", "RollingUpdate");
      strategy = value(strategy, "rollingUpdate", ObjectValue.EMPTY);
    }
    if (strategy.string("type").equals("RollingUpdate") && strategy.get("rollingUpdate") instanceof ObjectValue rolling) {
      strategy = strategy.with("rollingUpdate", number(rolling, "partition", 0));
    }
    changed = changed.with("updateStrategy", strategy);
    ObjectValue retention = text(changed.object("persistentVolumeClaimRetentionPolicy"), "whenDeleted", "Retain");
    changed = changed.with("persistentVolumeClaimRetentionPolicy", text(retention, "whenScaled", "Retain"));
    return number(number(changed, "replicas", 1), "revisionHistoryLimit", 10);
  }

  private static ObjectValue job(ObjectValue job) {
    ObjectValue spec = job.object("spec");
    if (isNil(spec.get("completions")) && isNil(spec.get("parallelism"))) {
      spec = spec.with("completions", 1);
    }
    spec = number(spec, "parallelism", 1);
    spec = number(spec, "backoffLimit", isNil(spec.get("backoffLimitPerIndex")) ? 6 : Integer.MAX_VALUE);
    spec = value(spec, "completionMode", new StringValue("NonIndexed"));
    spec = truth(spec, "suspend", false);
    spec =
        value(
            spec,
            "podReplacementPolicy",
            new StringValue(isNil(spec.get("podFailurePolicy")) ? "TerminatingOrFailed" : "Failed"));
    spec = truth(spec, "manualSelector", false);
    ObjectValue changed = job.with("spec", spec);
    ObjectValue labels = spec.object("template", "metadata", "labels");
    return labels.isEmpty() || !job.object("metadata", "labels").isEmpty()
        ? changed
        : changed.withAt(labels, "metadata", "labels");
  }

  private static ObjectValue cronJob(ObjectValue spec) {
    ObjectValue changed = truth(text(spec, "concurrencyPolicy", "Allow"), "suspend", false);
    return number(number(changed, "successfulJobsHistoryLimit", 3), "failedJobsHistoryLimit", 1);
  }

  private static ObjectValue autoscaler(ObjectValue spec) {
    ObjectValue changed = number(spec, "minReplicas", 1);
    if (changed.list("metrics").isEmpty()) {
      ObjectValue target = ObjectValue.builder().put("type", "Utilization").put("averageUtilization", 80).build();
      ObjectValue cpu = ObjectValue.builder().put("name", "cpu").put("target", target).build();
      changed = changed.with("metrics", ListValue.of(ObjectValue.builder().put("type", "Resource").put("resource", cpu).build()));
    }
    return changed.change(
        "behavior",
        behavior -> {
          ObjectValue up = scalingRules(behavior.object("scaleUp"), policy("Pods", 4), policy("Percent", 100));
          ObjectValue down = scalingRules(behavior.object("scaleDown"), policy("Percent", 100));
          return behavior.with("scaleUp", number(up, "stabilizationWindowSeconds", 0)).with("scaleDown", down);
        });
  }

  private static ObjectValue policy(String type, long amount) {
    return ObjectValue.builder().put("type", type).put("value", amount).put("periodSeconds", 15).build();
  }

  private static ObjectValue scalingRules(ObjectValue rules, ObjectValue... policies) {
    ObjectValue changed = value(rules, "selectPolicy", new StringValue("Max"));
    return value(changed, "policies", ListValue.of(policies));
  }

  private static void policies(Defaults defaults) {
    defaults
        .of("discovery.v1.EndpointPort", port -> value(value(port, "name", StringValue.EMPTY), "protocol", new StringValue("TCP")))
        .of("networking.v1.NetworkPolicyPort", port -> value(port, "protocol", new StringValue("TCP")))
        .of("networking.v1.NetworkPolicy", o -> o.with("spec", networkPolicy(o.object("spec"))))
        .of(
            "networking.v1.IngressClass",
            o ->
                o.change(
                    "spec", spec -> spec.change("parameters", p -> value(p, "scope", new StringValue("Cluster")))))
        .of("rbac.v1.ClusterRoleBinding", GroupDefaults::binding)
        .of("rbac.v1.RoleBinding", GroupDefaults::binding)
        .of("rbac.v1.Subject", GroupDefaults::subject)
        .of("scheduling.v1.PriorityClass", o -> value(o, "preemptionPolicy", new StringValue("PreemptLowerPriority")))
        .of("authentication.v1.TokenRequestSpec", spec -> number(spec, "expirationSeconds", 3600));
  }

  private static ObjectValue networkPolicy(ObjectValue spec) {
    if (!spec.list("policyTypes").isEmpty()) {
      return spec;
    }
    ListValue types = ListValue.of(new StringValue("Ingress"));
    return spec.with("policyTypes", spec.list("egress").isEmpty() ? types : types.plus(new StringValue("Egress")));
  }

  private static ObjectValue binding(ObjectValue binding) {
    return binding.with("roleRef", text(binding.object("roleRef"), "apiGroup", RBAC));
  }

  private static ObjectValue subject(ObjectValue subject) {
    return switch (subject.string("kind")) {
      case "User", "Group" -> text(subject, "apiGroup", RBAC);
      default -> subject;
    };
  }

  private static void admission(Defaults defaults) {
    defaults
        .of("admissionregistration.v1.ValidatingWebhook", GroupDefaults::webhook)
        .of(
            "admissionregistration.v1.MutatingWebhook",
            o -> value(webhook(o), "reinvocationPolicy", new StringValue("Never")))
        .of("admissionregistration", ADMISSION, "Rule", rule -> value(rule, "scope", new StringValue("*")))
        .of("admissionregistration", ADMISSION, "RuleWithOperations", rule -> value(rule, "scope", new StringValue("*")))
        .of("admissionregistration", ADMISSION, "NamedRuleWithOperations", rule -> value(rule, "scope", new StringValue("*")))
        .of("admissionregistration", ADMISSION, "ServiceReference", o -> number(o, "port", 443))
        .of("admissionregistration", ADMISSION, "ValidatingAdmissionPolicySpec", GroupDefaults::failing)
        .of("admissionregistration", ADMISSION, "MutatingAdmissionPolicySpec", GroupDefaults::failing)
        .of("admissionregistration", ADMISSION, "MatchResources", GroupDefaults::matching)
        .of(
            "admissionregistration.v1alpha1.ParamRef",
            reference -> value(reference, "parameterNotFoundAction", new StringValue("Deny")));
  }

  private static ObjectValue failing(ObjectValue spec) {
    return value(spec, "failurePolicy", new StringValue("Fail"));
  }

  private static ObjectValue matching(ObjectValue match) {
    ObjectValue changed = value(match, "matchPolicy", new StringValue("Equivalent"));
    return value(value(changed, "namespaceSelector", ObjectValue.EMPTY), "objectSelector", ObjectValue.EMPTY);
  }

  private static ObjectValue webhook(ObjectValue webhook) {
    return number(matching(failing(webhook)), "timeoutSeconds", 10);
  }

  private static void flowControl(Defaults defaults) {
    defaults
        .of("flowcontrol.v1.FlowSchemaSpec", spec -> numberForZero(spec, "matchingPrecedence", 1000))
        .of(
            "flowcontrol.v1.ExemptPriorityLevelConfiguration",
            o -> number(number(o, "nominalConcurrencyShares", 0), "lendablePercent", 0))
        .of(
            "flowcontrol.v1.LimitedPriorityLevelConfiguration",
            o -> number(number(o, "nominalConcurrencyShares", 30), "lendablePercent", 0))
        .of(
            "flowcontrol.v1.QueuingConfiguration",
            o -> numberForZero(numberForZero(numberForZero(o, "handSize", 8), "queues", 64), "queueLengthLimit", 50));
  }

  private static void storage(Defaults defaults) {
    defaults
        .of(
            "storage.v1.StorageClass",
            o ->
                value(
                    value(o, "reclaimPolicy", new StringValue("Delete")), "volumeBindingMode", new StringValue("Immediate")))
        .of("storage", V1, "CSIDriver", o -> o.with("spec", driver(o.object("spec"))));
  }

  private static ObjectValue driver(ObjectValue spec) {
    ObjectValue changed = truth(spec, "attachRequired", true);
    changed = truth(truth(changed, "podInfoOnMount", false), "storageCapacity", false);
    changed = value(changed, "fsGroupPolicy", new StringValue("ReadWriteOnceWithFSType"));
    if (changed.list("volumeLifecycleModes").isEmpty()) {
      changed = changed.with("volumeLifecycleModes", ListValue.of(new StringValue("Persistent")));
    }
    return truth(truth(changed, "requiresRepublish", false), "seLinuxMount", false);
  }

  private static void devices(Defaults defaults, Clock clock) {
    defaults
        .of("resource", RESOURCE, "ExactDeviceRequest", GroupDefaults::deviceRequest)
        .of("resource", RESOURCE, "DeviceSubRequest", GroupDefaults::deviceRequest)
        .of(
            "resource.v1beta1.DeviceRequest",
            request -> request.string("deviceClassName").isEmpty() ? request : deviceRequest(request))
        .of(
            "resource",
            RESOURCE,
            "DeviceTaint",
            taint -> value(taint, "timeAdded", new StringValue(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())))
        .of("resource", new String[] {"v1", "v1beta2"}, "Device", GroupDefaults::device)
        .of("resource.v1beta1.BasicDevice", GroupDefaults::device)
        .of("resource.v1alpha3.ResourcePoolStatusRequestSpec", spec -> number(spec, "limit", 100));
  }

  private static ObjectValue deviceRequest(ObjectValue request) {
    ObjectValue changed = text(request, "allocationMode", "ExactCount");
    return changed.string("allocationMode").equals("ExactCount") ? numberForZero(changed, "count", 1) : changed;
  }

  private static ObjectValue device(ObjectValue device) {
    return device.change(
        "nodeAllocatableResourceMappings",
        mappings -> {
          ObjectValue changed = mappings;
          for (String name : mappings.names()) {
            changed = changed.change(name, m -> value(m, "allocationMultiplier", new StringValue("1")));
          }
          return changed;
        });
  }

  private static void extensions(Defaults defaults) {
    String crd = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    defaults
        .of(crd + "CustomResourceDefinition", GroupDefaults::storedVersions)
        .of(crd + "CustomResourceDefinitionSpec", GroupDefaults::definitionSpec)
        .of(crd + "ServiceReference", o -> number(o, "port", 443))
        .of("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", o -> number(o, "port", 443));
  }

  private static ObjectValue definitionSpec(ObjectValue spec) {
    ObjectValue names = spec.object("names");
    String kind = names.string("kind");
    names = text(names, "singular", kind.toLowerCase(java.util.Locale.ROOT));
    if (!kind.isEmpty()) {
      names = text(names, "listKind", kind + "List");
    }
    return value(spec.with("names", names), "conversion", ObjectValue.of("strategy", new StringValue("None")));
  }

  private static ObjectValue storedVersions(ObjectValue definition) {
    ObjectValue status = definition.object("status");
    if (!status.list("storedVersions").isEmpty()) {
      return definition;
    }
    for (ObjectValue version : definition.list("spec", "versions").objects()) {
      if (version.bool("storage")) {
        return definition.with("status", status.with("storedVersions", ListValue.of(new StringValue(version.string("name")))));
      }
    }
    return definition;
  }
}
