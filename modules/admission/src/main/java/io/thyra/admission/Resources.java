package io.thyra.admission;

import io.thyra.machinery.Names;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import java.util.List;

/// The resources that plugins ask for, and questions about the request that many of them share.
final class Resources {
  static final GroupResource PODS = core("pods");
  static final GroupResource NODES = core("nodes");
  static final GroupResource NAMESPACES = core("namespaces");
  static final GroupResource SERVICES = core("services");
  static final GroupResource SERVICE_ACCOUNTS = core("serviceaccounts");
  static final GroupResource CLAIMS = core("persistentvolumeclaims");
  static final GroupResource VOLUMES = core("persistentvolumes");
  static final GroupResource LIMIT_RANGES = core("limitranges");
  static final GroupResource QUOTAS = core("resourcequotas");
  static final GroupResource PRIORITY_CLASSES = new GroupResource("scheduling.k8s.io", "priorityclasses");
  static final GroupResource POD_GROUPS = new GroupResource("scheduling.k8s.io", "podgroups");
  static final GroupResource WORKLOADS = new GroupResource("scheduling.k8s.io", "workloads");
  static final GroupResource STORAGE_CLASSES = new GroupResource("storage.k8s.io", "storageclasses");
  static final GroupResource VOLUME_ATTRIBUTES_CLASSES = new GroupResource("storage.k8s.io", "volumeattributesclasses");
  static final GroupResource RUNTIME_CLASSES = new GroupResource("node.k8s.io", "runtimeclasses");
  static final GroupResource INGRESSES = new GroupResource("networking.k8s.io", "ingresses");
  static final GroupResource INGRESS_CLASSES = new GroupResource("networking.k8s.io", "ingressclasses");
  static final GroupResource SIGNING_REQUESTS = new GroupResource("certificates.k8s.io", "certificatesigningrequests");
  static final GroupResource TRUST_BUNDLES = new GroupResource("certificates.k8s.io", "clustertrustbundles");
  static final GroupResource JOBS = new GroupResource("batch", "jobs");
  static final GroupResource RESOURCE_CLAIMS = new GroupResource("resource.k8s.io", "resourceclaims");
  static final GroupResource DEVICE_CLASSES = new GroupResource("resource.k8s.io", "deviceclasses");

  private Resources() {}

  private static GroupResource core(String resource) {
    return new GroupResource("", resource);
  }

  /// Whether the request is about the objects of a resource themselves, not about a part of them.
  static boolean isWhole(AdmissionAttributes attributes, GroupResource resource) {
    return attributes.subresource().isEmpty() && is(attributes, resource);
  }

  static boolean is(AdmissionAttributes attributes, GroupResource resource) {
    return attributes.resource().resource().equals(resource.resource()) && attributes.resource().group().equals(resource.group());
  }

  static boolean isKind(AdmissionAttributes attributes, String group, String kind) {
    return attributes.kind().kind().equals(kind) && attributes.kind().group().equals(group);
  }

  static boolean creates(AdmissionAttributes attributes) {
    return attributes.operation() == Operation.CREATE;
  }

  static boolean updates(AdmissionAttributes attributes) {
    return attributes.operation() == Operation.UPDATE;
  }

  static boolean writes(AdmissionAttributes attributes) {
    return creates(attributes) || updates(attributes);
  }

  /// Refuses a name that cannot stand in a path, in the words of the client with which upstream's plugins ask.
  static void checkName(String name) {
    List<String> complaints = Names.pathSegmentName(name);
    if (!complaints.isEmpty()) {
      throw new Failure.Unclassified(500, "invalid resource name " + GoText.quote(name) + ": [" + String.join(" ", complaints) + "]")
          .toException();
    }
  }

  static ObjectValue object(AdmissionAttributes attributes) {
    return attributes.object().orElse(ObjectValue.EMPTY);
  }

  static ObjectValue oldObject(AdmissionAttributes attributes) {
    return attributes.oldObject().orElse(ObjectValue.EMPTY);
  }
}
