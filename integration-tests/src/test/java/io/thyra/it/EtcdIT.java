package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Two servers on one etcd: what one writes the other shows, whichever of the three goes away and comes back. The servers have
/// one PKI, as replicas have. Each test has a namespace or names of its own; those that kill come last.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdIT {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private static Path home;
  private static EtcdProcess etcd;
  private static ThyraProcess first;
  private static ThyraProcess second;

  @BeforeAll
  static void open() throws IOException {
    Cluster.needsOwnProcess();
    home = Files.createTempDirectory("thyra-etcd-it-");
    etcd = EtcdProcess.start("EtcdIT", home.resolve("etcd"));
    String servers = "--etcd-servers=" + etcd.url();
    first = ThyraProcess.start("EtcdIT-first", home.resolve("first"), servers);
    copy(home.resolve("first/pki"), home.resolve("second/pki"));
    second = ThyraProcess.start("EtcdIT-second", home.resolve("second"), servers);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @AfterAll
  static void close() {
    if (second != null) {
      second.close();
    }
    if (first != null) {
      first.close();
    }
    if (etcd != null) {
      etcd.close();
      Cluster.delete(home);
    }
  }

  private static String configMap(String name, String value, String version) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s},\"data\":{\"value\":\"%s\"}}"
        .formatted(name, version.isEmpty() ? "" : ",\"resourceVersion\":\"" + version + "\"", value);
  }

  private static String version(Api.Answer answer) throws IOException {
    assertThat(answer.status()).as(answer.body()).isIn(200, 201);
    return answer.json().at("/metadata/resourceVersion").asText();
  }

  @Test
  @Order(1)
  void aReadAfterAWriteThroughAnotherReplicaShowsIt() throws IOException {
    try (var one = new Api(first.kubeconfig()); var other = new Api(second.kubeconfig())) {
      String version = version(one.post(CONFIG_MAPS, configMap("seen", "0", "")));
      for (int i = 1; i <= 30; i++) {
        Api writer = i % 2 == 0 ? one : other;
        Api reader = i % 2 == 0 ? other : one;
        version = version(writer.put(CONFIG_MAPS + "/seen", configMap("seen", "" + i, version)));
        JsonNode got = reader.get(CONFIG_MAPS + "/seen").json();
        assertThat(got.at("/data/value").asText()).isEqualTo("" + i);
        assertThat(got.at("/metadata/resourceVersion").asText()).isEqualTo(version);
        JsonNode list = reader.get(CONFIG_MAPS + "?fieldSelector=metadata.name%3Dseen").json();
        assertThat(list.at("/items/0/data/value").asText()).isEqualTo("" + i);
      }
      assertThat(other.put(CONFIG_MAPS + "/seen", configMap("seen", "late", "1")).status()).isEqualTo(409);
      assertThat(other.post(CONFIG_MAPS, configMap("seen", "again", "")).status()).isEqualTo(409);
      assertThat(one.delete(CONFIG_MAPS + "/seen").status()).isEqualTo(200);
      assertThat(other.get(CONFIG_MAPS + "/seen").status()).isEqualTo(404);
    }
  }

  @Test
  @Order(2)
  void bothReplicasWatchTheSame() throws IOException {
    try (var one = new Api(first.kubeconfig()); var other = new Api(second.kubeconfig())) {
      String from = one.get(CONFIG_MAPS).json().at("/metadata/resourceVersion").asText();
      try (var here = new WatchedNames(first.kubeconfig(), CONFIG_MAPS, from); var there = new WatchedNames(second.kubeconfig(), CONFIG_MAPS, from)) {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
          String name = "watched-" + i;
          String version = version((i % 2 == 0 ? one : other).post(CONFIG_MAPS, configMap(name, "1", "")));
          expected.add("ADDED " + name + "@" + version);
        }
        Eventually.holds(() -> assertThat(here.events()).isEqualTo(expected));
        Eventually.holds(() -> assertThat(there.events()).isEqualTo(expected));
      }
    }
  }

  @Test
  @Order(3)
  void pagesOfOneListComeFromEitherReplica() throws IOException {
    try (var one = new Api(first.kubeconfig()); var other = new Api(second.kubeconfig())) {
      for (int i = 0; i < 25; i++) {
        version(one.post(CONFIG_MAPS, configMap("page-%02d".formatted(i), "1", "")));
      }
      JsonNode whole = one.get(CONFIG_MAPS).json();
      var names = new ArrayList<String>();
      String token = "";
      String version = "";
      for (int page = 0; page == 0 || !token.isEmpty(); page++) {
        JsonNode list = (page % 2 == 0 ? one : other).get(CONFIG_MAPS + "?limit=10" + (token.isEmpty() ? "" : "&continue=" + token)).json();
        list.get("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
        assertThat(list.at("/metadata/resourceVersion").asText()).isEqualTo(version.isEmpty() ? list.at("/metadata/resourceVersion").asText() : version);
        version = list.at("/metadata/resourceVersion").asText();
        token = list.at("/metadata/continue").asText("");
        // A change in between is none of the list's business.
        version(other.post(CONFIG_MAPS, configMap("page-99-" + page, "1", "")));
      }
      assertThat(names).hasSize(whole.get("items").size()).doesNotHaveDuplicates();
    }
  }

  @Test
  @Order(4)
  void noAddressAndNoPortIsGivenTwice() throws Exception {
    String services = "/api/v1/namespaces/default/services";
    Set<String> addresses = ConcurrentHashMap.newKeySet();
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    var doubles = Collections.synchronizedList(new ArrayList<String>());
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 4; t++) {
      int id = t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var api = new Api((id % 2 == 0 ? first : second).kubeconfig())) {
                      for (int i = 0; i < 12; i++) {
                        String body =
                            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s-%d-%d\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80}]}}"
                                .formatted(id, i);
                        JsonNode made = api.post(services, body).json();
                        if (!addresses.add(made.at("/spec/clusterIP").asText()) || !ports.add(made.at("/spec/ports/0/nodePort").asInt())) {
                          doubles.add(made.toString());
                        }
                      }
                    } catch (IOException e) {
                      doubles.add(e.toString());
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(doubles).isEmpty();
    assertThat(addresses).hasSize(48);
    assertThat(ports).hasSize(48).allMatch(port -> port >= 30000 && port <= 32767);
    try (var one = new Api(first.kubeconfig()); var other = new Api(second.kubeconfig())) {
      int freed = one.get(services + "/s-0-0").json().at("/spec/ports/0/nodePort").asInt();
      String asking =
          "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"asks\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":%d}]}}"
              .formatted(freed);
      assertThat(other.post(services, asking).body()).contains("provided port is already allocated");
      assertThat(one.delete(services + "/s-0-0").status()).isEqualTo(200);
      assertThat(other.post(services, asking).status()).isEqualTo(201);
    }
  }

  @Test
  @Order(5)
  void aReplicaThatIsKilledIsMissedByNobody() throws IOException {
    try (var one = new Api(first.kubeconfig())) {
      var versions = new HashMap<String, String>();
      try (var other = new Api(second.kubeconfig())) {
        for (int i = 0; i < 10; i++) {
          versions.put("kept-" + i, version(other.post(CONFIG_MAPS, configMap("kept-" + i, "1", ""))));
        }
      }
      String listed = CONFIG_MAPS + "?limit=5";
      JsonNode page = one.get(listed).json();
      second.kill();
      String from = Collections.max(versions.values(), java.util.Comparator.comparing(Long::parseLong));
      String meanwhile = version(one.post(CONFIG_MAPS, configMap("meanwhile", "1", "")));
      for (Map.Entry<String, String> each : versions.entrySet()) {
        assertThat(version(one.get(CONFIG_MAPS + "/" + each.getKey()))).isEqualTo(each.getValue());
      }
      second.restart();
      // A list goes on where it was, though it began before this process did: etcd still knows.
      try (var other = new Api(second.kubeconfig())) {
        JsonNode next = other.get(listed + "&continue=" + page.at("/metadata/continue").asText()).json();
        assertThat(next.at("/metadata/resourceVersion")).isEqualTo(page.at("/metadata/resourceVersion"));
        assertThat(next.toString()).doesNotContain("meanwhile").isEqualTo(one.get(listed + "&continue=" + page.at("/metadata/continue").asText()).json().toString());
      }
      // A client goes on with its watch where it was.
      try (var again = new WatchedNames(second.kubeconfig(), CONFIG_MAPS, from)) {
        Eventually.holds(() -> assertThat(again.events()).contains("ADDED meanwhile@" + meanwhile));
        assertThat(again.events()).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  @Order(6)
  void watchesGoOnWhenEtcdComesBack() throws IOException {
    try (var one = new Api(first.kubeconfig()); var other = new Api(second.kubeconfig())) {
      String from = one.get(CONFIG_MAPS).json().at("/metadata/resourceVersion").asText();
      try (var here = new WatchedNames(first.kubeconfig(), CONFIG_MAPS, from); var there = new WatchedNames(second.kubeconfig(), CONFIG_MAPS, from)) {
        var acknowledged = new ArrayList<String>();
        Set<String> tried = new HashSet<>();
        for (int round = 0; round < 3; round++) {
          for (int i = 0; i < 5; i++) {
            String name = "round-" + round + "-" + i;
            acknowledged.add("ADDED " + name + "@" + version(one.post(CONFIG_MAPS, configMap(name, "1", ""))));
          }
          etcd.killAndRestart();
          // The first write may find the connection broken, and then nobody knows what became of it.
          String doubtful = "doubtful-" + round;
          tried.add(doubtful);
          one.post(CONFIG_MAPS, configMap(doubtful, "1", ""));
          String after = "after-" + round;
          Eventually.holds(
              () -> {
                Api.Answer answer = other.post(CONFIG_MAPS, configMap(after, "1", ""));
                assertThat(answer.status()).as(answer.body()).isIn(201, 409);
              });
          tried.add(after);
        }
        String last = version(one.post(CONFIG_MAPS, configMap("last", "1", "")));
        Eventually.holds(() -> assertThat(here.events()).contains("ADDED last@" + last));
        Eventually.holds(() -> assertThat(there.events()).contains("ADDED last@" + last));
        assertThat(here.events()).isEqualTo(there.events()).doesNotHaveDuplicates().containsAll(acknowledged);
        assertThat(here.events().stream().map(event -> Long.parseLong(event.substring(event.indexOf('@') + 1)))).isSorted();
        // Every object that is there was told of once, and nothing else.
        var told = here.events().stream().map(event -> event.replaceFirst("ADDED (.*)@.*", "$1")).toList();
        for (String name : tried) {
          assertThat(told.contains(name)).as(name).isEqualTo(one.get(CONFIG_MAPS + "/" + name).status() == 200);
        }
        assertThat(here.ended()).isFalse();
      }
    }
  }

  @Test
  @Order(7)
  void saysThatItIsNotReadyWhileEtcdIsAway() throws IOException {
    try (var one = new Api(first.kubeconfig())) {
      assertThat(one.get("/readyz/etcd").status()).isEqualTo(200);
      assertThat(one.get("/livez/etcd").status()).isEqualTo(200);
      etcd.kill();
      assertThat(one.get("/readyz/etcd").status()).isEqualTo(500);
      assertThat(one.get("/readyz?verbose").body()).contains("[-]etcd failed", "[-]etcd-readiness failed");
      etcd.killAndRestart();
      Eventually.holds(() -> assertThat(one.get("/readyz").status()).isEqualTo(200));
      assertThat(one.get("/metrics").body()).contains("etcd_request_duration_seconds_count{group=\"\",operation=\"create\",resource=\"configmaps\"}");
    }
  }

  @Test
  @Order(8)
  void keepsSingleResourcesInAnotherEtcd() throws IOException {
    try (var other = EtcdProcess.start("EtcdIT-other", home.resolve("other"));
        var server =
            ThyraProcess.start(
                "EtcdIT-override", home.resolve("override"), "--etcd-servers=" + etcd.url(), "--etcd-prefix=/override", "--etcd-servers-overrides=/configmaps#" + other.url());
        var api = new Api(server.kubeconfig())) {
      long before = api.get(CONFIG_MAPS).json().at("/metadata/resourceVersion").asLong();
      String made = version(api.post(CONFIG_MAPS, configMap("elsewhere", "1", "")));
      try (var watched = new WatchedNames(server.kubeconfig(), CONFIG_MAPS, "" + before)) {
        Eventually.holds(() -> assertThat(watched.events()).contains("ADDED elsewhere@" + made));
      }
      // Revisions are each cluster's own.
      long there = Long.parseLong(version(api.post("/api/v1/namespaces/default/secrets", "{\"metadata\":{\"name\":\"here\"}}")));
      assertThat(Long.parseLong(made)).isLessThan(there);
      Output main = use(etcd.url());
      main.says("secrets").doesNotSay("configmaps");
      use(other.url()).says("configmaps").doesNotSay("secrets");
      assertThat(api.get("/readyz?verbose").body()).contains("[+]etcd ok", "[+]etcd-override-0 ok", "[+]etcd-override-readiness-0 ok");
      other.kill();
      assertThat(api.get("/readyz?verbose").body()).contains("[+]etcd ok", "[-]etcd-override-0 failed");
      assertThat(api.get("/livez/etcd-override-0").status()).isEqualTo(500);
      assertThat(api.get("/api/v1/namespaces/default/secrets/here").status()).isEqualTo(200);
      other.killAndRestart();
      Eventually.holds(() -> assertThat(api.get("/readyz").status()).isEqualTo(200));
      assertThat(api.get(CONFIG_MAPS + "/elsewhere").status()).isEqualTo(200);
    }
  }

  private static Output use(String url) {
    return Command.of(Places.LAUNCHER.toString(), "store", "du", "--from=" + url, "--etcd-prefix=/override").run().ok();
  }
}
