package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.audit.AuditEvent;
import io.thyra.audit.AuditLevel;
import io.thyra.audit.AuditSink;
import io.thyra.audit.AuditVerdict;
import io.thyra.model.Failure;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {
  private final TestIngress ingress = new TestIngress();
  private final Recorder recorder = new Recorder();

  /// Keeps events; holds requests up where it is told to.
  private static final class Recorder implements AuditSink {
    final BlockingQueue<AuditEvent> events = new LinkedBlockingQueue<>();
    volatile AuditLevel level = AuditLevel.REQUEST_RESPONSE;
    volatile Future<Boolean> kept = AuditSink.KEPT;

    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public AuditVerdict decide(@Nullable UserInfo user, RequestInfo info) {
      return new AuditVerdict(level, Set.of(), false);
    }

    @Override
    public Future<Boolean> accept(AuditEvent event) {
      events.add(event);
      return kept;
    }

    AuditEvent next() throws InterruptedException {
      AuditEvent event = events.poll(20, TimeUnit.SECONDS);
      assertThat(event).as("an event").isNotNull();
      return event;
    }
  }

  private void start() throws Exception {
    ingress.auditSink = recorder;
    ingress.start();
  }

  @AfterEach
  void stop() throws Exception {
    ingress.close();
  }

  @Test
  void tellsEachStageOfARequest() throws Exception {
    start();
    ingress.sendRaw(
        TestIngress.request(
            "POST /api/v1/namespaces/a/configmaps", "alice", "{\"a\":1}", "Content-Type: application/json", "User-Agent: test/1",
            "X-Forwarded-For: 10.0.0.7, nonsense, 10.0.0.8"));
    AuditEvent received = recorder.next();
    assertThat(received.stage()).isEqualTo(AuditEvent.Stage.REQUEST_RECEIVED);
    assertThat(received.code()).isZero();
    assertThat(received.stageTime()).isEqualTo(received.received());
    assertThat(received.sourceIps()).containsExactly("10.0.0.7", "10.0.0.8", "127.0.0.1");
    AuditEvent complete = recorder.next();
    assertThat(complete.stage()).isEqualTo(AuditEvent.Stage.RESPONSE_COMPLETE);
    assertThat(complete.auditId()).isEqualTo(received.auditId());
    assertThat(complete.user()).extracting(UserInfo::name).isEqualTo("alice");
    assertThat(complete.userAgent()).isEqualTo("test/1");
    assertThat(complete.code()).isEqualTo(200);
    assertThat(complete.requestBody()).isNotNull();
    assertThat(complete.responseBody()).isNotNull();
    assertThat(complete.annotations()).containsEntry("authorization.k8s.io/decision", "allow");
  }

  @Test
  void tellsNothingOfRequestsThatThePolicyLeavesOut() throws Exception {
    recorder.level = AuditLevel.NONE;
    start();
    assertThat(ingress.send("GET /api/v1/nodes", "alice")).startsWith("HTTP/1.1 200");
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void keepsBodiesBelowTheLevelOfBodiesOnlyForNamesAndRefusals() throws Exception {
    recorder.level = AuditLevel.METADATA;
    start();
    ingress.sendRaw(TestIngress.request("PUT /api/v1/namespaces/a/configmaps/b", "alice", "{\"a\":1}", "Content-Type: application/json"));
    recorder.next();
    AuditEvent complete = recorder.next();
    assertThat(complete.requestBody()).isNull();
    assertThat(complete.responseBody()).isNull();
  }

  @Test
  void tellsWhoWasRefusedAndWhy() throws Exception {
    start();
    ingress.send("GET /api/v1/nodes", "nobody");
    recorder.next();
    AuditEvent complete = recorder.next();
    assertThat(complete.code()).isEqualTo(403);
    assertThat(complete.status()).isNotNull();
    assertThat(complete.annotations()).containsEntry("authorization.k8s.io/decision", "forbid");
  }

  @Test
  void tellsOnceWhatNobodyCouldBeAuthenticatedFor() throws Exception {
    start();
    assertThat(ingress.send("GET /api/v1/nodes", "bad")).startsWith("HTTP/1.1 401");
    ingress.send("GET /version", "alice");
    AuditEvent refused = recorder.next();
    assertThat(refused.stage()).isEqualTo(AuditEvent.Stage.RESPONSE_STARTED);
    assertThat(refused.user()).isNull();
    assertThat(refused.code()).isEqualTo(401);
    assertThat(recorder.next().info().path()).isEqualTo("/version");
  }

  @Test
  void tellsWhenALongRequestStartsToBeAnswered() throws Exception {
    ingress.watches = _ -> {
      throw new Failure.Gone("too old").toException();
    };
    start();
    ingress.send("GET /api/v1/nodes?watch=true", "alice");
    List<AuditEvent.Stage> stages = List.of(recorder.next().stage(), recorder.next().stage(), recorder.next().stage());
    assertThat(stages)
        .containsExactly(AuditEvent.Stage.REQUEST_RECEIVED, AuditEvent.Stage.RESPONSE_STARTED, AuditEvent.Stage.RESPONSE_COMPLETE);
  }

  @Test
  void waitsForTheFirstEventToBeKept() throws Exception {
    Promise<Boolean> written = Promise.promise();
    recorder.kept = written.future();
    start();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                recorder.next();
                written.complete(true);
              } catch (InterruptedException e) {
                written.fail(e);
              }
            });
    assertThat(ingress.send("GET /api/v1/nodes", "alice")).startsWith("HTTP/1.1 200");
  }

  @Test
  void failsARequestWhoseEventIsLost() throws Exception {
    recorder.kept = Future.succeededFuture(false);
    start();
    assertThat(ingress.send("GET /api/v1/nodes", "alice")).startsWith("HTTP/1.1 500").contains("failed to store audit event");
  }
}
