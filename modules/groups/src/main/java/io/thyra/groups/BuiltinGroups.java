package io.thyra.groups;

import io.thyra.groups.admissionregistration.AdmissionGroup;
import io.thyra.groups.apps.AppsGroup;
import io.thyra.groups.authentication.ReviewGroups;
import io.thyra.groups.autoscaling.AutoscalingGroup;
import io.thyra.groups.batch.BatchGroup;
import io.thyra.groups.certificates.CertificatesGroup;
import io.thyra.groups.coordination.CoordinationGroup;
import io.thyra.groups.core.CoreGroup;
import io.thyra.groups.core.TemplateRules;
import io.thyra.groups.discovery.DiscoveryGroup;
import io.thyra.groups.events.EventsGroup;
import io.thyra.groups.extensions.ExtensionGroups;
import io.thyra.groups.flowcontrol.FlowControlGroup;
import io.thyra.groups.internal.InternalGroup;
import io.thyra.groups.networking.NetworkingGroup;
import io.thyra.groups.node.NodeGroup;
import io.thyra.groups.policy.PolicyGroup;
import io.thyra.groups.rbac.RbacGroup;
import io.thyra.groups.resource.ResourceGroup;
import io.thyra.groups.scheduling.SchedulingGroup;
import io.thyra.groups.storage.StorageGroup;
import io.thyra.groups.storagemigration.StorageMigrationGroup;
import io.thyra.registry.ResourceDefinition;
import io.thyra.schema.Schemas;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Every built-in resource, in the order of upstream's groups. A resource appears once for all its versions; events
/// appear in both of their groups and share one place in the store.
public final class BuiltinGroups {
  private final Schemas schemas;
  private final Defaults defaults;
  private final List<ResourceDefinition> resources = new ArrayList<>();

  private BuiltinGroups(Schemas schemas, Clock clock) {
    this.schemas = schemas;
    this.defaults = GroupDefaults.all(clock);
  }

  public static List<ResourceDefinition> all(Schemas schemas, GroupDependencies needs) {
    return all(schemas, needs, Clock.systemUTC());
  }

  /// @param clock tells the times that defaults fill in
  public static List<ResourceDefinition> all(Schemas schemas, GroupDependencies needs, Clock clock) {
    var groups = new BuiltinGroups(schemas, clock);
    groups.declare("", group -> CoreGroup.declare(group, needs));
    groups.declare("apiregistration.k8s.io", ExtensionGroups::declareServices);
    PodTemplates templates = new TemplateRules(needs.privilegedPods());
    groups.declare("apps", group -> AppsGroup.declare(group, templates));
    groups.declare("events.k8s.io", EventsGroup::declare);
    groups.declare("authentication.k8s.io", group -> ReviewGroups.declareAuthentication(group, needs.reviews()));
    groups.declare("authorization.k8s.io", group -> ReviewGroups.declareAuthorization(group, needs.reviews()));
    groups.declare("autoscaling", AutoscalingGroup::declare);
    groups.declare("batch", group -> BatchGroup.declare(group, templates));
    groups.declare("certificates.k8s.io", group -> CertificatesGroup.declare(group, needs));
    groups.declare("networking.k8s.io", NetworkingGroup::declare);
    groups.declare("policy", PolicyGroup::declare);
    groups.declare("rbac.authorization.k8s.io", group -> RbacGroup.declare(group, needs));
    groups.declare("storage.k8s.io", StorageGroup::declare);
    groups.declare("admissionregistration.k8s.io", group -> AdmissionGroup.declare(group, needs));
    groups.declare("apiextensions.k8s.io", ExtensionGroups::declareDefinitions);
    groups.declare("scheduling.k8s.io", group -> SchedulingGroup.declare(group, needs));
    groups.declare("coordination.k8s.io", CoordinationGroup::declare);
    groups.declare("node.k8s.io", NodeGroup::declare);
    groups.declare("discovery.k8s.io", DiscoveryGroup::declare);
    groups.declare("flowcontrol.apiserver.k8s.io", FlowControlGroup::declare);
    groups.declare("internal.apiserver.k8s.io", InternalGroup::declare);
    groups.declare("resource.k8s.io", group -> ResourceGroup.declare(group, needs));
    groups.declare("storagemigration.k8s.io", StorageMigrationGroup::declare);
    return List.copyOf(groups.resources);
  }

  private void declare(String name, Consumer<Group> declares) {
    Group group = new Group(schemas, defaults, name);
    declares.accept(group);
    resources.addAll(group.resources());
  }
}
