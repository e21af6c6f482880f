package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngressVerticleTest {
  private TestIngress ingress;

  @BeforeEach
  void start() throws Exception {
    ingress = new TestIngress().start();
  }

  @AfterEach
  void stop() throws Exception {
    ingress.close();
  }

  @Test
  void carriesTheHeadersOfEveryAnswer() throws Exception {
    String answer = ingress.send("GET /api/v1/namespaces/a/pods/p", "alice", "Audit-ID: my-own-id");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nAudit-Id: my-own-id\r\n", "\r\nCache-Control: no-cache, private\r\n", "\r\nContent-Type: application/json\r\n")
        .contains("\r\nX-Kubernetes-Pf-Flowschema-Uid: fs-uid\r\n", "\r\nX-Kubernetes-Pf-Prioritylevel-Uid: pl-uid\r\n")
        .contains("\r\nContent-Length: ", "\r\nDate: ");
  }

  @Test
  void makesAnAuditIdForEachRequest() throws Exception {
    assertThat(ingress.send("GET /version", "alice"))
        .containsPattern("Audit-Id: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\r\n");
  }

  @Test
  void refusesBadCredentials() throws Exception {
    assertThat(ingress.send("GET /api/v1/pods", "bad"))
        .startsWith("HTTP/1.1 401 Unauthorized\r\n")
        .doesNotContain("X-Kubernetes-Pf", "X-Content-Type-Options", "WWW-Authenticate")
        .endsWith(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"Unauthorized\","
                + "\"reason\":\"Unauthorized\",\"code\":401}\n");
  }

  @Test
  void refusesWithUpstreamsTexts() throws Exception {
    assertThat(ingress.send("GET /api/v1/namespaces/default/pods/x/nothing", "nobody"))
        .startsWith("HTTP/1.1 403 Forbidden\r\n")
        .contains("X-Content-Type-Options: nosniff\r\n", "X-Kubernetes-Pf-Flowschema-Uid: fs-uid")
        .contains(
            "pods \\\"x\\\" is forbidden: User \\\"nobody\\\" cannot get resource \\\"pods/nothing\\\" in API group \\\"\\\" in the"
                + " namespace \\\"default\\\"")
        .contains("\"details\":{\"name\":\"x\",\"kind\":\"pods\"}");
    assertThat(ingress.send("BREW /healthz", "nobody")).contains("forbidden: User \\\"nobody\\\" cannot brew path \\\"/healthz\\\"");
    assertThat(ingress.send("GET /apis/unheard.of/v1/things", "nobody"))
        .contains(
            "things.unheard.of is forbidden: User \\\"nobody\\\" cannot list resource \\\"things\\\" in API group \\\"unheard.of\\\" at"
                + " the cluster scope");
  }

  @Test
  void tellsUnknownGroupsFromUnknownResources() throws Exception {
    assertThat(ingress.send("GET /apis/unheard.of/v1/things", "alice"))
        .startsWith("HTTP/1.1 404 Not Found\r\n")
        .contains("Content-Type: text/plain; charset=utf-8\r\n", "X-Content-Type-Options: nosniff\r\n")
        .endsWith("\r\n\r\n404 page not found\n");
    String missing = "\"message\":\"the server could not find the requested resource\",\"reason\":\"NotFound\",\"details\":{},\"code\":404";
    assertThat(ingress.send("GET /apis/apps/v3/deployments", "alice")).contains(missing);
    assertThat(ingress.send("GET /api//v1/namespaces", "alice")).contains(missing);
    assertThat(ingress.send("GET /api/v1/proxy/nodes/x", "alice")).contains(missing);
    assertThat(ingress.send("GET /api/v1/namespaces/a/pods/p/status/more", "alice")).contains(missing);
  }

  @Test
  void answersALegacyPrefixWithoutAResourceWithPlainText() throws Exception {
    assertThat(ingress.send("GET /api/v1/watch", "alice"))
        .startsWith("HTTP/1.1 500 ")
        .endsWith(
            "Internal Server Error: \"/api/v1/watch\": failed to create RequestInfo: unable to determine kind and namespace from url,"
                + " /api/v1/watch\n");
  }

  @Test
  void refusesTimeoutsThatAreNone() throws Exception {
    assertThat(ingress.send("GET /api/v1/pods?timeout=abc", "alice"))
        .startsWith("HTTP/1.1 400 ")
        .contains("invalid timeout specified in the request URL - time: invalid duration \\\"abc\\\"");
    assertThat(ingress.send("GET /api/v1/pods?timeout=0", "alice")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void endsRequestsThatTakeTooLong() throws Exception {
    var never = new CountDownLatch(1);
    ingress.resources =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new IllegalStateException("too late");
        };
    // The fake endpoint blocks its own event loop, not that of the ingress.
    try {
      assertThat(ingress.send("GET /api/v1/pods?timeout=150ms", "alice"))
          .startsWith("HTTP/1.1 504 ")
          .contains("\"message\":\"Timeout: request did not complete within the allotted timeout\",\"reason\":\"Timeout\"");
    } finally {
      never.countDown();
    }
  }

  @Test
  void turnsFailuresIntoStatuses() throws Exception {
    ingress.resources =
        _ -> {
          throw new Failure.NotFound(new GroupResource("", "pods"), "p").toException();
        };
    assertThat(ingress.send("GET /api/v1/namespaces/a/pods/p", "alice"))
        .startsWith("HTTP/1.1 404 ")
        .doesNotContain("nosniff")
        .contains("pods \\\"p\\\" not found");
    assertThat(ingress.send("GET /api/v1/namespaces/a/pods/p", "alice", "User-Agent: curl/8.0")).contains("{\n  \"kind\": \"Status\",\n");
  }

  @Test
  void readsBodiesUpToTheLimit() throws Exception {
    ingress.resources = request -> ApiResponse.of(201, "application/json", Buffer.buffer("" + request.body().length()));
    String line = "POST /api/v1/namespaces/a/pods";
    assertThat(ingress.sendRaw(TestIngress.request(line, "alice", "x".repeat(3 * 1024 * 1024)))).endsWith("\r\n\r\n3145728");
    assertThat(ingress.sendRaw(TestIngress.request(line, "alice", "x".repeat(3 * 1024 * 1024 + 1))))
        .startsWith("HTTP/1.1 413 ")
        .contains("\"message\":\"Request entity too large: limit is 3145728\",\"reason\":\"RequestEntityTooLarge\",\"code\":413");
  }

  @Test
  void givesTheLengthOfSmallAnswersOnly() throws Exception {
    ingress.resources = _ -> ApiResponse.of(200, "application/json", Buffer.buffer("y".repeat(5000)));
    assertThat(ingress.send("GET /api/v1/pods", "alice")).contains("ransfer-").doesNotContain("Content-Length");
    assertThat(ingress.sendRaw("GET /api/v1/pods HTTP/1.0\r\nAuthorization: Bearer alice\r\n\r\n"))
        .contains("Content-Length: 5000")
        .endsWith("yyyy");
  }

  @Test
  void packsLargeAnswersOnDemand() throws Exception {
    ingress.resources = _ -> ApiResponse.of(200, "application/json", Buffer.buffer("0123456789".repeat(20_000)));
    assertThat(ingress.send("GET /api/v1/pods", "alice", "Accept-Encoding: deflate, gzip"))
        .contains("Content-Encoding: gzip\r\n", "Vary: Accept-Encoding\r\n", "Content-Length: ");
    assertThat(ingress.send("GET /api/v1/pods", "alice", "Accept-Encoding: br, gzip;q=0.5")).doesNotContain("Content-Encoding", "Vary");
  }

  @Test
  void leavesTheBodyOutForHead() throws Exception {
    ingress.resources = _ -> new ApiResponse(405, "application/json", List.of(Buffer.buffer("{}")), List.of(), List.of());
    assertThat(ingress.send("HEAD /api/v1/pods", "alice")).startsWith("HTTP/1.1 405 ").endsWith("\r\n\r\n").contains("Content-Length: 2");
  }

  @Test
  void sendsWarnings() throws Exception {
    ingress.resources = _ -> new ApiResponse(200, "application/json", List.of(), List.of("a \"quoted\" text"), List.of());
    assertThat(ingress.send("GET /api/v1/pods", "alice")).contains("Warning: 299 - \"a \\\"quoted\\\" text\"\r\n");
  }

  @Test
  void refusesPastTheLimitInPlainText() throws Exception {
    ingress.close();
    ingress = new TestIngress();
    ingress.maxInFlight = new MaxInFlight(1, 1);
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    ingress.resources =
        _ -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ApiResponse.of(200, "application/json", Buffer.buffer("{}"));
        };
    ingress.start();
    Thread first = Thread.startVirtualThread(() -> sendQuietly("GET /api/v1/pods"));
    entered.await();
    assertThat(ingress.send("GET /api/v1/pods", "alice"))
        .startsWith("HTTP/1.1 429 Too Many Requests\r\n")
        .contains("Retry-After: 1\r\n", "Content-Type: text/plain; charset=utf-8\r\n")
        .endsWith("\r\n\r\nToo many requests, please try again later.\n");
    leave.countDown();
    first.join();
    assertThat(ingress.send("GET /api/v1/pods", "alice")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void handsExtensionGroupsOver() throws Exception {
    assertThat(ingress.send("GET /apis/extended.example/v1/things?x=1", "alice"))
        .endsWith("proxied for alice /apis/extended.example/v1/things?x=1");
    assertThat(ingress.send("GET /apis/extended.example/v1", "alice")).endsWith("proxied for alice /apis/extended.example/v1");
  }

  @Test
  void impersonates() throws Exception {
    ingress.resources = request -> ApiResponse.of(200, "text/x", Buffer.buffer(request.user().toString()));
    assertThat(ingress.send("GET /api/v1/pods", "admin", "Impersonate-User: carol", "Impersonate-Group: dev"))
        .contains("name=carol", "groups=[dev, system:authenticated]");
    assertThat(ingress.send("GET /api/v1/pods", "admin", "Impersonate-Group: dev"))
        .startsWith("HTTP/1.1 400 ")
        .contains(
            "requested \\u0026user.DefaultInfo{Name:\\\"\\\", UID:\\\"\\\", Groups:[]string{\\\"dev\\\"}, Extra:map[string][]string(nil)}"
                + " without impersonating a user name");
    assertThat(ingress.send("GET /api/v1/namespaces/default", "nobody", "Impersonate-User: carol"))
        .startsWith("HTTP/1.1 403 ")
        .contains(
            "namespaces \\\"default\\\" is forbidden: User \\\"nobody\\\" cannot impersonate-on:user-info:get resource"
                + " \\\"namespaces\\\" in API group \\\"\\\" in the namespace \\\"default\\\"");
  }

  @Test
  void survivesBugsOfItsParts() throws Exception {
    ingress.authorizer =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    assertThat(ingress.send("GET /api/v1/pods", "alice"))
        .startsWith("HTTP/1.1 500 ")
        .endsWith("This request caused apiserver to panic. Look in the logs for details.\n");
    ingress.authorizer = _ -> new Authorizer.Decision.Allow("");
    assertThat(ingress.send("GET /api/v1/pods", "alice")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void refusesWhatIsNoHttp() throws Exception {
    assertThat(ingress.sendRaw("GET /version HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .endsWith("400 Bad Request: missing required Host header");
    assertThat(ingress.send("GET /api/v1/namespaces/%zz", "alice")).startsWith("HTTP/1.1 400 ").endsWith("400 Bad Request");
    assertThat(ingress.sendRaw("hello\r\n\r\n")).startsWith("HTTP/1.1 400 ").endsWith("400 Bad Request");
  }

  @Test
  void drainsWithAnAnswerForNewRequests() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    ingress.resources =
        _ -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ApiResponse.of(200, "application/json", Buffer.buffer("{}"));
        };
    String[] first = new String[1];
    Thread running = Thread.startVirtualThread(() -> first[0] = sendQuietly("GET /api/v1/pods"));
    entered.await();
    var drained = ingress.verticle().drain(Duration.ofSeconds(20));
    assertThat(ingress.send("GET /version", "alice"))
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 1\r\n", "\"message\":\"apiserver is shutting down\",\"reason\":\"ServiceUnavailable\",\"code\":503");
    leave.countDown();
    running.join();
    assertThat(first[0]).startsWith("HTTP/1.1 200 ");
    TestIngress.await(drained);
  }

  private String sendQuietly(String line) {
    try {
      return ingress.send(line, "alice");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

}
