package io.thyra.aggregation;

import io.thyra.backends.ServiceReference;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import java.util.List;
import java.util.Optional;

/// An APIService as far as the aggregation needs it.
///
/// @param service who serves the group version; empty when this server does
/// @param caBundle certificates in PEM, as base64; empty for the authorities of the system
/// @param available whether its condition Available is True
record ApiService(
    String name,
    GroupVersion groupVersion,
    Optional<ServiceReference> service,
    String caBundle,
    boolean insecure,
    int groupPriority,
    int versionPriority,
    boolean available) {
  static final GroupResource RESOURCE = new GroupResource("apiregistration.k8s.io", "apiservices");

  /// Who the aggregation is when it asks for itself.
  static final UserInfo AGGREGATOR = new UserInfo("system:kube-aggregator", "", List.of(UserInfo.SYSTEM_MASTERS));

  static ApiService of(ObjectValue object) {
    ObjectValue spec = object.object("spec");
    Optional<ServiceReference> service = Optional.empty();
    if (spec.get("service") instanceof ObjectValue reference) {
      int port = (int) reference.integer(443, "port");
      service = Optional.of(new ServiceReference(reference.string("namespace"), reference.string("name"), port));
    }
    return new ApiService(
        object.string("metadata", "name"),
        new GroupVersion(spec.string("group"), spec.string("version")),
        service,
        spec.string("caBundle"),
        spec.bool("insecureSkipTLSVerify"),
        (int) spec.integer(0, "groupPriorityMinimum"),
        (int) spec.integer(0, "versionPriority"),
        Condition.available(object).filter(condition -> condition.string("status").equals("True")).isPresent());
  }

  /// The path of the discovery document that every extension server has to serve.
  String discoveryPath() {
    return (groupVersion.group().isEmpty() ? "/api/" : "/apis/") + groupVersion.apiVersion();
  }
}
