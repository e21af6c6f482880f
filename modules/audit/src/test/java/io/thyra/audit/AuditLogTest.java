package io.thyra.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private static final RequestInfo CREATE = new RequestInfo(true, "/", "create", "api", "", "v1", "ns", "configmaps", "", "");
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final AuditObjects JSON =
      new AuditObjects() {
        @Override
        public Optional<Value> request(RequestInfo info, String contentType, byte[] body) {
          return Optional.of(JsonReader.read(body));
        }

        @Override
        public Optional<Value> response(RequestInfo info, String contentType, byte[] body) {
          return Optional.of(JsonReader.read(body));
        }
      };

  private final AuditCounts counts = new AuditCounts();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static AuditPolicy policy(String level) {
    return AuditPolicy.parse(("{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: " + level + "}]}").getBytes(StandardCharsets.UTF_8));
  }

  private static AuditVerdict verdict(AuditLevel level, boolean omitManagedFields) {
    return new AuditVerdict(level, Set.of(), omitManagedFields);
  }

  private static AuditBody body(String json) {
    return new AuditBody("application/json", List.of(Buffer.buffer(json)));
  }

  private static AuditEvent event(AuditVerdict verdict, AuditEvent.Stage stage, String sent, String answered, Status status) {
    boolean early = stage == AuditEvent.Stage.REQUEST_RECEIVED;
    return new AuditEvent(
        verdict, "id-1", stage, "/api/v1/namespaces/ns/configmaps?a=b&c=d", CREATE, new UserInfo("alice", "u", List.of("dev")), null, "",
        List.of("10.0.0.1", "127.0.0.1"), "curl/8", early ? 0 : status == null ? 201 : status.code(), status, early ? null : body(sent),
        early || answered.isEmpty() ? null : body(answered), TIME, TIME.plusMillis(1),
        early ? Map.of() : Map.of("authorization.k8s.io/decision", "allow"));
  }

  private AuditLog log(AuditSettings settings, OutputStream to) {
    return AuditLog.start(policy("Metadata"), settings, LogOutput.of(to), JSON, counts);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static AuditSettings settings(AuditSettings.Mode mode, AuditSettings.Format format, long eventBytesMax, int buffer) {
    return new AuditSettings(
        format, mode, buffer, 1, java.time.Duration.ZERO, new AuditSettings.Throttle(false, 0, 0),
        new AuditSettings.Truncation(eventBytesMax > 0, eventBytesMax));
  }

  @Test
  void writesEventsAsUpstreamDoes() throws IOException {
    String sent = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"managedFields\":[{}]}}";
    try (AuditLog log = log(AuditSettings.DEFAULT, out)) {
      log.accept(event(verdict(AuditLevel.REQUEST, true), AuditEvent.Stage.RESPONSE_COMPLETE, sent, "", null));
    }
    assertThat(lines())
        .containsExactly(
            "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Request\",\"auditID\":\"id-1\",\"stage\":\"ResponseComplete\","
                + "\"requestURI\":\"/api/v1/namespaces/ns/configmaps?a=b\\u0026c=d\",\"verb\":\"create\","
                + "\"user\":{\"username\":\"alice\",\"uid\":\"u\",\"groups\":[\"dev\"]},\"sourceIPs\":[\"10.0.0.1\",\"127.0.0.1\"],"
                + "\"userAgent\":\"curl/8\",\"objectRef\":{\"resource\":\"configmaps\",\"namespace\":\"ns\",\"name\":\"a\",\"apiVersion\":\"v1\"},"
                + "\"responseStatus\":{\"metadata\":{},\"code\":201},"
                + "\"requestObject\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}},"
                + "\"requestReceivedTimestamp\":\"2026-01-02T03:04:05.678901Z\",\"stageTimestamp\":\"2026-01-02T03:04:05.679901Z\","
                + "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"}}");
  }

  @Test
  void tellsAStatusWithoutItsKind() throws IOException {
    Status status = Status.failure(409, "AlreadyExists", "there", null);
    try (AuditLog log = log(AuditSettings.DEFAULT, out)) {
      log.accept(event(verdict(AuditLevel.METADATA, false), AuditEvent.Stage.RESPONSE_COMPLETE, "{}", "", status));
    }
    ObjectValue event = (ObjectValue) JsonReader.read(lines().getFirst());
    assertThat(event.object("responseStatus"))
        .hasToString("{metadata={}, status=Failure, message=there, reason=AlreadyExists, code=409}");
    assertThat(event.has("requestObject")).isFalse();
  }

  @Test
  void writesTheOlderForm() throws IOException {
    try (AuditLog log = log(settings(AuditSettings.Mode.BLOCKING, AuditSettings.Format.LEGACY, 0, 10), out)) {
      log.accept(event(verdict(AuditLevel.METADATA, false), AuditEvent.Stage.REQUEST_RECEIVED, "", "", null));
    }
    assertThat(lines())
        .containsExactly(
            "2026-01-02T03:04:05.678901Z AUDIT: id=\"id-1\" stage=\"RequestReceived\" ip=\"10.0.0.1\" method=\"create\" user=\"alice\""
                + " groups=\"\\\"dev\\\"\" as=\"<self>\" asgroups=\"<lookup>\" user-agent=\"curl/8\" namespace=\"ns\""
                + " uri=\"/api/v1/namespaces/ns/configmaps?a=b&c=d\" response=\"<deferred>\"");
  }

  @Test
  void leavesOutBodiesOfEventsThatAreTooLarge() throws IOException {
    String large = "{\"data\":\"" + "x".repeat(2000) + "\"}";
    try (AuditLog log = log(settings(AuditSettings.Mode.BLOCKING, AuditSettings.Format.JSON, 1000, 10), out)) {
      log.accept(event(verdict(AuditLevel.REQUEST, false), AuditEvent.Stage.RESPONSE_COMPLETE, large, "", null));
    }
    ObjectValue event = (ObjectValue) JsonReader.read(lines().getFirst());
    assertThat(event.has("requestObject")).isFalse();
    assertThat(event.object("annotations").string("audit.k8s.io/truncated")).isEqualTo("true");
  }

  @Test
  void holdsARequestUpUntilItsFirstEventIsWritten() throws Exception {
    var released = new CountDownLatch(1);
    OutputStream slow = new Slow(released);
    try (AuditLog log = log(AuditSettings.DEFAULT, slow)) {
      Future<Boolean> kept = log.accept(event(verdict(AuditLevel.METADATA, false), AuditEvent.Stage.REQUEST_RECEIVED, "", "", null));
      assertThat(kept.isComplete()).isFalse();
      released.countDown();
      assertThat(kept.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void failsRequestsWhoseEventIsLostWhereThatIsAskedFor() throws Exception {
    for (AuditSettings.Mode mode : List.of(AuditSettings.Mode.BLOCKING, AuditSettings.Mode.BLOCKING_STRICT)) {
      AuditLog log = log(settings(mode, AuditSettings.Format.JSON, 0, 10), new Broken());
      Future<Boolean> kept = log.accept(event(verdict(AuditLevel.METADATA, false), AuditEvent.Stage.REQUEST_RECEIVED, "", "", null));
      assertThat(kept.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(mode == AuditSettings.Mode.BLOCKING);
    }
    assertThat(counts.rejections()).isEqualTo(1);
  }

  @Test
  void losesWhatDoesNotFitTheBuffer() throws Exception {
    var released = new CountDownLatch(1);
    AuditEvent event = event(verdict(AuditLevel.METADATA, false), AuditEvent.Stage.RESPONSE_COMPLETE, "{}", "", null);
    try (AuditLog log = log(settings(AuditSettings.Mode.BATCH, AuditSettings.Format.JSON, 0, 2), new Slow(released))) {
      for (int i = 0; i < 10; i++) {
        assertThat(log.accept(event).result()).isTrue();
      }
      released.countDown();
    }
    var lost = new java.util.HashMap<String, Long>();
    counts.losses(lost::put);
    assertThat(counts.events()).isEqualTo(10);
    assertThat(lost.get("buffered")).isGreaterThanOrEqualTo(1);
  }

  @Test
  void countsLevelsAndSkipsOmittedStages() throws IOException {
    try (AuditLog log = log(AuditSettings.DEFAULT, out)) {
      assertThat(log.decide(null, CREATE).level()).isEqualTo(AuditLevel.METADATA);
      var omitting = new AuditVerdict(AuditLevel.METADATA, Set.of(AuditEvent.Stage.RESPONSE_COMPLETE), false);
      log.accept(event(omitting, AuditEvent.Stage.RESPONSE_COMPLETE, "{}", "", null));
    }
    var levels = new java.util.HashMap<String, Long>();
    counts.levels(levels::put);
    assertThat(levels).containsExactly(Map.entry("Metadata", 1L));
    assertThat(lines()).isEmpty();
    assertThat(counts.events()).isZero();
  }

  /// Takes nothing before it is let go.
  private static final class Slow extends OutputStream {
    private final CountDownLatch released;

    Slow(CountDownLatch released) {
      this.released = released;
    }

    @Override
    public void write(int b) throws IOException {
      try {
        if (!released.await(30, TimeUnit.SECONDS)) {
          throw new IOException("never let go");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static final class Broken extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("no space left");
    }
  }
}
