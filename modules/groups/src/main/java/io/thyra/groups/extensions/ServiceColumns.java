package io.thyra.groups.extensions;

import io.thyra.groups.Columns;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;

/// How API services are shown. Source: kube-aggregator pkg/registry/apiservice/etcd/etcd.go.
final class ServiceColumns {
  private ServiceColumns() {}

  static TableColumns of(Columns columns) {
    return columns
        .text(
            "Service",
            "The reference to the service that hosts this API endpoint.",
            o ->
                o.at("spec", "service") instanceof ObjectValue service
                    ? service.string("namespace") + "/" + service.string("name")
                    : "Local")
        .text("Available", "Whether this service is available.", ServiceColumns::available)
        .age()
        .build();
  }

  private static String available(ObjectValue apiService) {
    for (ObjectValue condition : apiService.list("status", "conditions").objects()) {
      if (condition.string("type").equals("Available")) {
        String status = condition.string("status");
        String reason = condition.string("reason");
        return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
      }
    }
    return "Unknown";
  }
}
