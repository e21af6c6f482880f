package io.thyra.audit;

import io.thyra.codec.GoTime;
import io.thyra.codec.JsonWriter;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.StringValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Events as lines of the log. Source: apiserver pkg/apis/audit/v1/types.go, pkg/audit/format.go, pkg/audit/request.go.
final class EventText {
  private static final int USER_AGENT_MAX = 1024;

  private final AuditObjects objects;

  EventText(AuditObjects objects) {
    this.objects = objects;
  }

  /// A line of JSON with its newline.
  ///
  /// @param truncated whether the bodies are left out because the event is too large with them
  byte[] json(AuditEvent event, boolean truncated) {
    byte[] line = JsonWriter.write(tree(event, truncated));
    byte[] whole = Arrays.copyOf(line, line.length + 1);
    whole[line.length] = '\n';
    return whole;
  }

  private ObjectValue tree(AuditEvent event, boolean truncated) {
    AuditBody requestBody = event.requestBody();
    Optional<Value> request =
        requestBody == null ? Optional.empty() : objects.request(event.info(), requestBody.contentType(), requestBody.bytes());
    AuditBody responseBody = event.responseBody();
    Optional<Value> response =
        responseBody == null ? Optional.empty() : objects.response(event.info(), responseBody.contentType(), responseBody.bytes());
    Optional<ObjectValue> answered = statusOf(event, response);
    var out = ObjectValue.builder();
    out.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
    out.put("level", event.verdict().level().word()).put("auditID", event.auditId()).put("stage", event.stage().word());
    out.put("requestURI", event.requestUri()).put("verb", event.info().verb());
    out.put("user", event.user() == null ? ObjectValue.EMPTY : event.user().toValue());
    if (event.impersonated() != null) {
      out.put("impersonatedUser", event.impersonated().toValue());
      if (!event.authenticationConstraint().isEmpty()) {
        out.put("authenticationMetadata", ObjectValue.of("impersonationConstraint", Value.of(event.authenticationConstraint())));
      }
    }
    if (!event.sourceIps().isEmpty()) {
      out.put("sourceIPs", ListValue.ofStrings(event.sourceIps()));
    }
    putText(out, "userAgent", shortened(event.userAgent()));
    if (event.info().resourceRequest()) {
      out.put("objectRef", reference(event.info(), request));
    }
    answered.ifPresent(status -> out.put("responseStatus", status));
    if (!truncated) {
      boolean bare = event.verdict().omitManagedFields();
      if (event.verdict().level().covers(AuditLevel.REQUEST)) {
        request.ifPresent(body -> out.put("requestObject", bare ? ManagedFields.strip(body) : body));
      }
      if (event.verdict().level().covers(AuditLevel.REQUEST_RESPONSE)) {
        Optional<Value> told = event.status() == null ? response : Optional.of(event.status().toValue());
        told.ifPresent(body -> out.put("responseObject", bare ? ManagedFields.strip(body) : body));
      }
    }
    out.put("requestReceivedTimestamp", time(event.received())).put("stageTimestamp", time(event.stageTime()));
    Map<String, String> annotations = new TreeMap<>(event.annotations());
    if (truncated) {
      annotations.put("audit.k8s.io/truncated", "true");
    }
    if (!annotations.isEmpty()) {
      out.put("annotations", ObjectValue.ofStrings(annotations));
    }
    return out.build();
  }

  /// A Status that was answered without its kind; for any other answer the code alone.
  private static Optional<ObjectValue> statusOf(AuditEvent event, Optional<Value> response) {
    if (event.code() == 0) {
      return Optional.empty();
    }
    ObjectValue status = null;
    if (event.status() != null) {
      status = event.status().toValue();
    } else if (response.orElse(null) instanceof ObjectValue object && object.string("kind").equals("Status")) {
      status = object;
    }
    if (status == null) {
      return Optional.of(ObjectValue.of("metadata", ObjectValue.EMPTY, "code", Value.of(event.code())));
    }
    return Optional.of(status.without("kind").without("apiVersion").with("metadata", ObjectValue.EMPTY).with("code", event.code()));
  }

  /// What the path leaves open the object itself tells.
  private static ObjectValue reference(RequestInfo info, Optional<Value> request) {
    ObjectValue metadata = request.orElse(null) instanceof ObjectValue object ? object.object("metadata") : ObjectValue.EMPTY;
    boolean patch = info.verb().equals("patch");
    var out = ObjectValue.builder();
    putText(out, "resource", info.resource());
    putText(out, "namespace", info.namespace().isEmpty() && !patch ? metadata.string("namespace") : info.namespace());
    putText(out, "name", info.name().isEmpty() && !patch ? metadata.string("name") : info.name());
    if (!patch) {
      putText(out, "uid", metadata.string("uid"));
    }
    putText(out, "apiGroup", info.group());
    putText(out, "apiVersion", info.version());
    if (!patch) {
      putText(out, "resourceVersion", metadata.string("resourceVersion"));
    }
    putText(out, "subresource", info.subresource());
    return out.build();
  }

  private static void putText(ObjectValue.Builder out, String name, String text) {
    if (!text.isEmpty()) {
      out.put(name, new StringValue(text));
    }
  }

  private static String shortened(String userAgent) {
    return userAgent.length() > USER_AGENT_MAX ? userAgent.substring(0, USER_AGENT_MAX) + "...TRUNCATED" : userAgent;
  }

  private static String time(Instant instant) {
    return GoTime.printMicros(instant.getEpochSecond(), instant.getNano());
  }

  /// The older form: one line of words.
  byte[] legacy(AuditEvent event) {
    UserInfo user = event.user();
    UserInfo as = event.impersonated();
    Status status = event.status();
    String line =
        rfc3339(event.received())
            + " AUDIT:"
            + word("id", event.auditId())
            + word("stage", event.stage().word())
            + word("ip", event.sourceIps().isEmpty() ? "<unknown>" : event.sourceIps().getFirst())
            + word("method", event.info().verb())
            + word("user", user == null ? "<none>" : user.name())
            + word("groups", user == null || user.groups().isEmpty() ? "<none>" : quoted(user.groups()))
            + word("as", as == null ? "<self>" : as.name())
            + word("asgroups", as == null ? "<lookup>" : quoted(as.groups()))
            + word("user-agent", shortened(event.userAgent()))
            + word("namespace", event.info().namespace().isEmpty() ? "<none>" : event.info().namespace())
            + word("uri", event.requestUri())
            + word("response", event.code() == 0 ? "<deferred>" : Integer.toString(status == null ? event.code() : status.code()))
            + "\n";
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private static String word(String name, String value) {
    return " " + name + "=" + GoText.quote(value);
  }

  private static String quoted(List<String> words) {
    return words.stream().map(GoText::quote).collect(Collectors.joining(","));
  }

  /// With as many digits of the fraction as it has.
  private static String rfc3339(Instant instant) {
    String text = instant.toString();
    return text.contains(".") ? text.replaceFirst("0*Z$", "Z") : text;
  }
}
