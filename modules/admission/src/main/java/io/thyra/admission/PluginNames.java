package io.thyra.admission;

import io.thyra.model.GoText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The plugins that upstream knows, in the order in which they are asked, and which of them run.
/// Source: kubernetes pkg/kubeapiserver/options/plugins.go, apiserver pkg/server/options/admission.go.
public final class PluginNames {
  private static final List<String> ORDER =
      List.of(
          "AlwaysAdmit",
          "NamespaceAutoProvision",
          "NamespaceLifecycle",
          "NamespaceExists",
          "LimitPodHardAntiAffinityTopology",
          "LimitRanger",
          "ServiceAccount",
          "NodeRestriction",
          "TaintNodesByCondition",
          "AlwaysPullImages",
          "ImagePolicyWebhook",
          "PodSecurity",
          "PodNodeSelector",
          "Priority",
          "DefaultTolerationSeconds",
          "PodTolerationRestriction",
          "EventRateLimit",
          "ExtendedResourceToleration",
          "DefaultStorageClass",
          "StorageObjectInUseProtection",
          "PodGroupProtection",
          "OwnerReferencesPermissionEnforcement",
          "PersistentVolumeClaimResize",
          "RuntimeClass",
          "CertificateApproval",
          "CertificateSigning",
          "ClusterTrustBundleAttest",
          "CertificateSubjectRestriction",
          "DefaultIngressClass",
          "DenyServiceExternalIPs",
          "PodTopologyLabels",
          "PodGroupWorkloadExists",
          "NodeDeclaredFeatureValidator",
          "JobValidation",
          "PodResizeValidator",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionWebhook",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionWebhook",
          "ResourceQuota",
          "AlwaysDeny");

  private static final Set<String> OFF =
      Set.of(
          "AlwaysAdmit",
          "NamespaceAutoProvision",
          "NamespaceExists",
          "LimitPodHardAntiAffinityTopology",
          "NodeRestriction",
          "AlwaysPullImages",
          "ImagePolicyWebhook",
          "PodNodeSelector",
          "PodTolerationRestriction",
          "EventRateLimit",
          "ExtendedResourceToleration",
          "OwnerReferencesPermissionEnforcement",
          "DenyServiceExternalIPs",
          "AlwaysDeny");

  private PluginNames() {}

  /// All names in the order in which they are asked.
  public static List<String> all() {
    return ORDER;
  }

  /// What is wrong with the lists of the two flags, in upstream's words; empty when nothing is.
  public static List<String> findProblems(List<String> enabled, List<String> disabled) {
    var problems = new ArrayList<String>();
    unknown(enabled, "enable", problems);
    unknown(disabled, "disable", problems);
    var both = new TreeSet<>(enabled);
    both.retainAll(disabled);
    if (!both.isEmpty()) {
      problems.add("[" + String.join(" ", both) + "] in enable-admission-plugins and disable-admission-plugins overlapped");
    }
    return problems;
  }

  private static void unknown(List<String> names, String word, List<String> problems) {
    for (String name : names) {
      if (!ORDER.contains(name)) {
        problems.add(word + "-admission-plugins plugin " + GoText.quote(name) + " is unknown");
      }
    }
  }

  /// Those that run, in order: the ones that are on by default or enabled, without those that are disabled.
  public static List<String> running(Settings settings) {
    var off = new LinkedHashSet<>(OFF);
    off.addAll(settings.disabled());
    settings.enabled().forEach(off::remove);
    return ORDER.stream().filter(name -> !off.contains(name)).toList();
  }
}
