package io.thyra.ingress;

import io.thyra.model.RequestInfo;
import java.util.List;

/// What metrics call a request. Source: apiserver pkg/endpoints/metrics/metrics.go.
final class MetricLabels {
  private MetricLabels() {}

  static RequestMetrics.Labels of(Exchange exchange) {
    RequestInfo info = exchange.info;
    if (info == null) {
      return new RequestMetrics.Labels(verb(exchange.method, ""), "", "", "", "", "", "");
    }
    String scope = scope(info);
    return new RequestMetrics.Labels(
        verb(exchange, info, scope), info.group(), info.version(), info.resource(), info.subresource(), scope, dryRun(exchange.target));
  }

  private static String verb(Exchange exchange, RequestInfo info, String scope) {
    if (info.verb().equals("watch")) {
      return "WATCH";
    }
    switch (info.subresource()) {
      case "log", "exec", "portforward", "attach", "proxy" -> {
        return "CONNECT";
      }
      default -> {
        boolean apply =
            exchange.method.equals("PATCH") && exchange.header("Content-Type").equals("application/apply-patch+yaml");
        return apply ? "APPLY" : verb(exchange.method, scope);
      }
    }
  }

  private static String verb(String method, String scope) {
    return switch (method) {
      case "GET", "HEAD" -> scope.isEmpty() || scope.equals("resource") ? "GET" : "LIST";
      case "POST", "PUT", "PATCH", "DELETE", "CONNECT" -> method;
      default -> "other";
    };
  }

  private static String scope(RequestInfo info) {
    if (!info.name().isEmpty() || info.verb().equals("create")) {
      return "resource";
    }
    if (!info.namespace().isEmpty()) {
      return "namespace";
    }
    return info.resourceRequest() ? "cluster" : "";
  }

  private static String dryRun(RequestTarget target) {
    if (!target.rawQuery().contains("dryRun")) {
      return "";
    }
    List<String> values = target.parameters("dryRun");
    if (values.isEmpty()) {
      return "";
    }
    return values.stream().allMatch("All"::equals) ? "All" : "invalid";
  }
}
