package io.thyra.nodes;

import io.thyra.backends.GoUrl;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parameters of `pods/log`. Source: pkg/apis/core/validation ValidatePodLogOptions; pkg/registry/core/pod/strategy.go
/// LogLocation.
final class LogOptions {
  private LogOptions() {}

  /// @throws io.thyra.model.ApiException 400 where a parameter cannot be read
  static ObjectValue read(Query query) {
    return new OptionsReader(query, "PodLogOptions")
        .text("container")
        .truth("follow", "previous")
        .number("sinceSeconds")
        .time("sinceTime")
        .truth("timestamps")
        .number("tailLines")
        .number("limitBytes")
        .truth("insecureSkipTLSVerifyBackend")
        .text("stream")
        .build();
  }

  /// @throws io.thyra.model.ApiException 422
  static void validate(ObjectValue options, String name) {
    var errors = new ArrayList<FieldError>();
    if (options.integer(0, "tailLines") < 0) {
      errors.add(FieldError.invalid(FieldPath.of("tailLines"), options.integer(0, "tailLines"), "must be greater than or equal to 0"));
    }
    positive(options, "limitBytes", errors);
    if (options.has("sinceSeconds") && options.has("sinceTime")) {
      errors.add(
          new FieldError(FieldError.Type.FORBIDDEN, "[]", null, "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    } else {
      positive(options, "sinceSeconds", errors);
    }
    // The gate that would let one stream alone be read is off, as it is upstream.
    if (options.has("stream")) {
      errors.add(FieldError.forbidden(FieldPath.of("stream"), "may not be specified"));
    }
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(new GroupKind("", "PodLogOptions"), name, errors).toException();
    }
  }

  private static void positive(ObjectValue options, String name, List<FieldError> errors) {
    if (options.has(name) && options.integer(0, name) < 1) {
      errors.add(FieldError.invalid(FieldPath.of(name), options.integer(0, name), "must be greater than 0"));
    }
  }

  /// What the kubelet is asked, path and query.
  static String target(ObjectValue options, String namespace, String pod, String container) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String name : List.of("follow", "previous", "timestamps")) {
      if (options.bool(name)) {
        query.put(name, List.of("true"));
      }
    }
    for (String name : List.of("sinceSeconds", "tailLines", "limitBytes")) {
      if (options.has(name)) {
        query.put(name, List.of(Long.toString(options.integer(0, name))));
      }
    }
    if (options.has("sinceTime")) {
      query.put("sinceTime", List.of(options.string("sinceTime")));
    }
    String path = "/containerLogs/" + namespace + "/" + pod + "/" + container;
    return query.isEmpty() ? path : path + "?" + GoUrl.encode(new Query(query));
  }
}
