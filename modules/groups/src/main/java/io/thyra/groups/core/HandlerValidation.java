package io.thyra.groups.core;

import io.thyra.groups.Rules;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;

/// Probes and lifecycle hooks. Source: pkg/apis/core/validation/validation.go.
final class HandlerValidation {
  private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");
  private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");

  private HandlerValidation() {}

  static void lifecycle(ObjectValue container, long gracePeriod, FieldPath path, List<FieldError> errors) {
    for (String hook : List.of("postStart", "preStop")) {
      if (container.at("lifecycle", hook) instanceof ObjectValue handler) {
        handler(handler, gracePeriod, path.child("lifecycle", hook), errors);
      }
    }
  }

  static void probes(ObjectValue container, long gracePeriod, FieldPath path, List<FieldError> errors) {
    for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (!(container.get(name) instanceof ObjectValue probe)) {
        continue;
      }
      FieldPath at = path.child(name);
      probe(probe, gracePeriod, at, errors);
      if (name.equals("readinessProbe")) {
        if (probe.has("terminationGracePeriodSeconds")) {
          errors.add(
              FieldError.invalid(
                  at.child("terminationGracePeriodSeconds"),
                  probe.integer(0, "terminationGracePeriodSeconds"),
                  "must not be set for readinessProbes"));
        }
      } else if (probe.integer(0, "successThreshold") != 1) {
        errors.add(FieldError.invalid(at.child("successThreshold"), probe.integer(0, "successThreshold"), "must be 1"));
      }
    }
  }

  private static void probe(ObjectValue probe, long gracePeriod, FieldPath path, List<FieldError> errors) {
    handler(probe, gracePeriod, path, errors);
    for (String field : List.of("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
      Rules.checkNotNegative(probe.integer(0, field), path.child(field), errors);
    }
    long grace = probe.integer(1, "terminationGracePeriodSeconds");
    if (grace <= 0) {
      errors.add(FieldError.invalid(path.child("terminationGracePeriodSeconds"), grace, "must be greater than 0"));
    }
  }

  private static void handler(ObjectValue handler, long gracePeriod, FieldPath path, List<FieldError> errors) {
    int count = 0;
    for (String type : HANDLERS) {
      if (!(handler.get(type) instanceof ObjectValue action)) {
        continue;
      }
      if (count++ > 0) {
        errors.add(FieldError.forbidden(path.child(type), "may not specify more than 1 handler type"));
        continue;
      }
      FieldPath at = path.child(type);
      switch (type) {
        case "exec" -> {
          if (action.list("command").isEmpty()) {
            errors.add(FieldError.required(at.child("command"), ""));
          }
        }
        case "httpGet" -> http(action, at, errors);
        case "sleep" -> sleep(action.integer(0, "seconds"), gracePeriod, at, errors);
        default -> Checks.portNumberOrName(action.get("port"), at.child("port"), errors);
      }
    }
    if (count == 0) {
      errors.add(FieldError.required(path, "must specify a handler type"));
    }
  }

  private static void http(ObjectValue http, FieldPath path, List<FieldError> errors) {
    if (http.string("path").isEmpty()) {
      errors.add(FieldError.required(path.child("path"), ""));
    }
    Checks.portNumberOrName(http.get("port"), path.child("port"), errors);
    if (!SCHEMES.contains(http.string("scheme"))) {
      errors.add(FieldError.notSupported(path.child("scheme"), http.string("scheme"), SCHEMES));
    }
    for (ObjectValue header : http.list("httpHeaders").objects()) {
      String name = header.string("name");
      Checks.format(name, Words.httpHeaderName(name), path.child("httpHeaders"), errors);
    }
  }

  private static void sleep(long seconds, long gracePeriod, FieldPath path, List<FieldError> errors) {
    if (seconds < 0 || seconds > gracePeriod) {
      errors.add(
          FieldError.invalid(
              path, seconds, "must be non-negative and less than terminationGracePeriodSeconds (" + gracePeriod + ")"));
    }
  }
}
