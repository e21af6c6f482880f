package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// `thyra store` on the files and the processes that an operator has: what a server wrote is looked at, copied, put back, and
/// read by a server again. The tests go on with what the ones before left.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoreIT {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int OBJECTS = 60;

  private static Path home;
  private static ThyraProcess server;
  private static Map<String, String> objects;
  private static long newest;

  @BeforeAll
  static void fill() throws IOException {
    Cluster.needsOwnProcess();
    home = Files.createTempDirectory("thyra-store-it-");
    server = ThyraProcess.start("StoreIT", home.resolve("data"));
    try (var api = new Api(server.kubeconfig())) {
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(api.post(CONFIG_MAPS, configMap("filled-" + i, "1")).status()).isEqualTo(201);
      }
      assertThat(api.put(CONFIG_MAPS + "/filled-0", configMap("filled-0", "2")).status()).isEqualTo(200);
      assertThat(api.delete(CONFIG_MAPS + "/filled-1").status()).isEqualTo(200);
      JsonNode list = api.get(CONFIG_MAPS).json();
      objects = versions(list);
      newest = list.at("/metadata/resourceVersion").asLong();
    }
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
      Cluster.delete(home);
    }
  }

  private static String configMap(String name, String value) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"value\":\"%s\"}}".formatted(name, value);
  }

  /// What the test made: a name with its version and value each. What servers make tells their certificates, which are other ones
  /// in another folder.
  private static Map<String, String> versions(JsonNode list) {
    var versions = new TreeMap<String, String>();
    list.get("items").forEach(item -> versions.put(item.at("/metadata/name").asText(), item.at("/metadata/resourceVersion").asText() + "=" + item.at("/data/value").asText()));
    versions.keySet().removeIf(name -> !name.startsWith("filled-"));
    return versions;
  }

  private static Output store(String... words) {
    return Command.of(Places.LAUNCHER.toString(), "store").with(List.of(words)).within(Duration.ofSeconds(60)).run();
  }

  private static String data(String name) {
    return home.resolve(name).toString();
  }

  /// Starts a server on a folder: it has the objects of the first, with their versions, and does not give one again.
  private void servesTheSame(String folder, String... flags) throws IOException {
    try (var again = ThyraProcess.start("StoreIT-" + folder, home.resolve(folder), flags); var api = new Api(again.kubeconfig())) {
      JsonNode list = api.get(CONFIG_MAPS).json();
      assertThat(versions(list)).isEqualTo(objects);
      assertThat(list.at("/metadata/resourceVersion").asLong()).isGreaterThanOrEqualTo(newest);
      JsonNode made = api.post(CONFIG_MAPS, configMap("made", "1")).json();
      assertThat(made.at("/metadata/resourceVersion").asLong()).isGreaterThan(newest);
      // A client's copy is as good as before.
      String version = objects.get("filled-5").replaceFirst("=.*", "");
      String update = configMap("filled-5", "3").replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",");
      assertThat(api.put(CONFIG_MAPS + "/filled-5", update).status()).isEqualTo(200);
      assertThat(api.put(CONFIG_MAPS + "/filled-5", update).status()).isEqualTo(409);
    }
  }

  @Test
  @Order(1)
  void looksAtTheStoreOfARunningServer() {
    store("du", "--data-dir=" + data("data")).ok().matches("configmaps +6\\d +\\d+ +\\d+").says("total", "on disk").complains("store du:");
    store("check", "--data-dir=" + data("data")).ok().says("Nothing is wrong").complains("store check:");
    assertThat(home.resolve("data/store")).isDirectoryNotContaining("glob:**looked-at*");
  }

  @Test
  @Order(2)
  void snapshotsARunningServerForItsOwnerAlone() throws IOException {
    store("snapshot", "--data-dir=" + data("data"), "--to=" + data("snapshot")).ok().says("Snapshot at revision").complains("asking the running server");
    store("snapshot", "--data-dir=" + data("data"), "--to=" + data("snapshot")).fails(1).complains("Error: ", "is there already");
    assertThat(Files.getPosixFilePermissions(home.resolve("data/store/control"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(home.resolve("snapshot"))).hasSize(3);
    store("check", "--from=" + data("snapshot")).ok();
  }

  @Test
  @Order(3)
  void changesNothingUnderARunningServer() {
    store("restore", "--from=" + data("snapshot"), "--data-dir=" + data("data")).fails(1).complains("is in use by another process");
    store("copy", "--from=" + data("data"), "--to=" + data("copy")).fails(1).complains("is in use");
    assertThat(home.resolve("copy")).doesNotExist();
    assertThat(server.alive()).isTrue();
  }

  @Test
  @Order(4)
  void aRestoredSnapshotIsServed() throws IOException {
    store("restore", "--from=" + data("snapshot"), "--data-dir=" + data("restored")).ok().says("Restored at revision");
    servesTheSame("restored");
  }

  @Test
  @Order(5)
  void aSnapshotOfAStoppedServerIsServedToo() throws IOException {
    assertThat(server.terminate()).isZero();
    store("snapshot", "--data-dir=" + data("data"), "--to=" + data("stopped")).ok();
    store("restore", "--from=" + data("stopped"), "--data-dir=" + data("from-stopped")).ok();
    servesTheSame("from-stopped");
  }

  @Test
  @Order(6)
  void revisionsNeverGoBack() throws IOException {
    // The first restored server wrote behind the snapshot.
    store("restore", "--from=" + data("snapshot"), "--data-dir=" + data("restored")).fails(1).complains("revisions must not go back", "--older");
    store("restore", "--from=" + data("snapshot"), "--data-dir=" + data("restored"), "--older").ok().says("every client lists anew");
    try (var again = ThyraProcess.start("StoreIT-older", home.resolve("restored")); var api = new Api(again.kubeconfig())) {
      JsonNode list = api.get(CONFIG_MAPS).json();
      assertThat(versions(list)).isEqualTo(objects);
      assertThat(list.at("/metadata/resourceVersion").asLong()).isGreaterThan(newest + 2);
      assertThat(api.get(CONFIG_MAPS + "?watch=true&timeoutSeconds=5&resourceVersion=" + (newest + 1)).body()).contains("\"code\":410");
    }
  }

  @Test
  @Order(7)
  void aFlippedByteIsFound() throws IOException {
    Path table;
    try (Stream<Path> files = Files.list(home.resolve("stopped/db"))) {
      table = files.filter(file -> file.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[bytes.length / 3] ^= 1;
    Files.write(table, bytes);
    store("check", "--from=" + data("stopped")).fails(1).says(table.getFileName().toString()).complains("is corrupt");
    store("restore", "--from=" + data("stopped"), "--data-dir=" + data("never")).fails(1).complains("corrupt");
    assertThat(home.resolve("never/store/db")).doesNotExist();
  }

  @Test
  @Order(8)
  void objectsGoToEtcdAndBackWithTheirVersions() throws IOException {
    try (var etcd = EtcdProcess.start("StoreIT", home.resolve("etcd"))) {
      store("copy", "--from=" + data("data"), "--to=" + etcd.url()).ok().says("All kept their resourceVersions").complains("objects");
      store("copy", "--from=" + data("data"), "--to=" + etcd.url()).fails(1).complains("etcd holds objects under /registry already");
      store("copy", "--from=" + etcd.url(), "--to=" + data("back")).ok().says("All kept their resourceVersions");
      store("check", "--from=" + data("back")).ok();
      servesTheSame("data", "--etcd-servers=" + etcd.url());
    }
    servesTheSame("back");
  }

  @Test
  @Order(9)
  void saysInOneLineWhatIsWrong() {
    for (String[] words :
        new String[][] {
          {"nothing"}, {"du", "--from=" + data("absent")}, {"check", "--data-dir=" + data("absent")}, {"copy", "--from=" + data("data")},
          {"snapshot", "--data-dir=" + data("absent"), "--to=" + data("x")}, {"restore", "--data-dir=" + data("data")}, {"du", "--from=http://nowhere"},
          {"copy", "--from=" + data("data"), "--to=" + data("data")}, {"check", "--from=http://127.0.0.1:1"}
        }) {
      Output output = store(words).fails(1);
      assertThat(output.err().lines()).as(output.toString()).hasSize(1).first().asString().startsWith("Error: ");
    }
    assertThat(home.resolve("absent")).doesNotExist();
    assertThat(home.resolve("x")).doesNotExist();
  }
}
