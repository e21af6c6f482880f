package io.thyra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
  private static final List<String> DEFAULTS =
      List.of("--bind-address=127.0.0.1", "--authorization-mode=RBAC", "--service-account-issuer=https://issuer");

  @TempDir Path dir;
  private final ConfigReader reader =
      new ConfigReader(FlagTable.load(), name -> name.equals("XDG_DATA_HOME") ? Optional.of("/data") : Optional.empty());
  private String key;

  @BeforeEach
  void writeKey() throws Exception {
    key = Files.writeString(dir.resolve("sa.key"), "key").toString();
  }

  private ServerConfig read(String... arguments) {
    var all = new ArrayList<>(List.of("--service-account-issuer=i", "--service-account-signing-key-file=" + key));
    all.addAll(List.of(arguments));
    return reader.read(all, DEFAULTS);
  }

  @Test
  void usesTheDefaultConfigurationWhenOnlyOwnFlagsAreGiven() {
    ServerConfig config = reader.read(List.of("--secure-port", "7000", "--data-dir=/d"), DEFAULTS);
    assertThat(config.defaulted()).isTrue();
    assertThat(config.serving().port()).isEqualTo(7000);
    assertThat(config.serving().bindAddress()).isEqualTo("127.0.0.1");
    assertThat(config.controllers()).containsExactly("*");
    assertThat(config.authorizationModes()).containsExactly("RBAC");
    assertThat(config.store().dataDir()).isEqualTo(Path.of("/d"));
  }

  @Test
  void keepsItsDataWhereXdgSays() {
    assertThat(reader.read(List.of(), DEFAULTS).store().dataDir()).isEqualTo(Path.of("/data/thyra"));
  }

  @Test
  void behavesAsUpstreamWhenAFlagOfUpstreamsIsGiven() {
    ServerConfig config = read();
    assertThat(config.defaulted()).isFalse();
    assertThat(config.controllers()).isEmpty();
    assertThat(config.authorizationModes()).containsExactly("AlwaysAllow");
    assertThat(config.serving().bindAddress()).isEqualTo("0.0.0.0");
  }

  @Test
  void takesUnderscoresForDashesAndValuesBehindASpace() {
    assertThat(read("--event_ttl", "30m", "--anonymous-auth=false").eventTimeToLive()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void refusesUnknownFlagsWithUpstreamsText() {
    assertThatThrownBy(() -> read("--nope")).hasMessage("unknown flag: --nope");
    assertThatThrownBy(() -> read("--secure-port=abc"))
        .hasMessage("invalid argument \"abc\" for \"--secure-port\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax");
    assertThatThrownBy(() -> read("--secure-port")).hasMessage("flag needs an argument: --secure-port");
  }

  @Test
  void readsWhereEtcdIs() {
    assertThat(read().store().etcd()).isEmpty();
    ServerConfig.Etcd plain = read("--etcd-servers=http://127.0.0.1:2379,127.0.0.1:2380").store().etcd().orElseThrow();
    assertThat(plain.servers()).extracting(Object::toString).containsExactly("http://127.0.0.1:2379", "http://127.0.0.1:2380");
    ServerConfig.Etcd tls = read("--etcd-servers=etcd:2379", "--etcd-cafile=" + key).store().etcd().orElseThrow();
    assertThat(tls.servers()).extracting(Object::toString).containsExactly("https://etcd:2379");
    assertThat(tls.caFile()).contains(Path.of(key));
    assertThatThrownBy(() -> read("--etcd-servers=http://etcd")).hasMessageStartingWith("--etcd-servers: \"http://etcd\"");
    assertThatThrownBy(() -> read("--etcd-servers=http://a:1,https://b:1")).hasMessageContaining("cannot be mixed");
    assertThatThrownBy(() -> read("--etcd-servers=a:1", "--etcd-certfile=" + key)).hasMessageContaining("must be set together");
  }

  @Test
  void readsWhereSingleResourcesAre() {
    ServerConfig.Etcd etcd =
        read("--etcd-servers=a:1", "--etcd-servers-overrides=/events#http://b:1;http://c:1,apps/*#d:1", "--etcd-servers-overrides=apps/deployments#e:1")
            .store()
            .etcd()
            .orElseThrow();
    assertThat(etcd.overrides())
        .extracting(override -> override.group() + "/" + override.resource() + " " + override.servers())
        .containsExactly("/events [http://b:1, http://c:1]", "apps/* [http://d:1]", "apps/deployments [http://e:1]");
    String invalid = "--etcd-servers-overrides invalid, must be of format: group/resource#servers, where servers are URLs, semicolon separated";
    for (String wrong : List.of("events#http://b:1", "/events", "/events#http://b:1;", "a/b/c#d:1", "/events#a:1#b:1")) {
      assertThatThrownBy(() -> read("--etcd-servers=a:1", "--etcd-servers-overrides=" + wrong)).hasMessage(invalid);
    }
    assertThatThrownBy(() -> read("--etcd-servers-overrides=/events#http://a:1")).hasMessage("--etcd-servers must be specified");
  }

  @Test
  void refusesWhatWouldWeakenSecurityAndWarnsOfWhatWaits() {
    assertThatThrownBy(() -> read("--encryption-provider-config=" + key)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> read("--authorization-mode=Webhook")).isInstanceOf(ConfigException.class);
    assertThat(read("--tracing-config-file=x").warnings()).containsExactly("--tracing-config-file has no effect yet: it waits for tracing");
    assertThat(read("--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction").warnings()).isEmpty();
    assertThat(read("--feature-gates=Other=true").warnings()).containsExactly("--feature-gates: Other has no effect yet");
  }

  @Test
  void turnsOnTheGatesThatAreNamedOrOfAStage() {
    assertThat(read("--feature-gates=GenericWorkload=true,PodCertificateRequest=false").features()).containsExactly("GenericWorkload");
    assertThat(read("--feature-gates=AllBeta=true,ClusterTrustBundle=false").features())
        .contains("PodCertificateRequest")
        .doesNotContain("ClusterTrustBundle", "GenericWorkload");
    assertThatThrownBy(() -> read("--feature-gates=GenericWorkload=maybe")).isInstanceOf(ConfigException.class);
  }

  @Test
  void checksWhatTheFiltersAreTold() {
    assertThat(read("--strict-transport-security-directives=max-age=1,preload").filters().hstsDirectives()).containsExactly("max-age=1", "preload");
    assertThatThrownBy(() -> read("--strict-transport-security-directives=forever"))
        .hasMessageStartingWith("--strict-transport-security-directives invalid, allowed values:");
    assertThat(read("--cors-allowed-origins=//a.example(:|$)").filters().corsOrigins()).containsExactly("//a.example(:|$)");
    assertThatThrownBy(() -> read("--cors-allowed-origins=a.example"))
        .hasMessageStartingWith(
            "--cors-allowed-origins has an invalid regular expression: regular expression does not pin to start/end of host in the origin"
                + " header, help: List of allowed origins");
    assertThat(read("--goaway-chance=0.01").filters().goawayChance()).isEqualTo(0.01);
    assertThatThrownBy(() -> read("--goaway-chance=0.5")).hasMessage("--goaway-chance can not be less than 0 or greater than 0.02");
  }

  @Test
  void readsHowAuditEventsAreKept() {
    assertThat(read("--audit-policy-file=" + key).audit().log()).isEmpty();
    var log = read("--audit-log-path=/tmp/a", "--audit-log-mode=batch", "--audit-log-maxsize=2", "--audit-log-maxage=3").audit().log().orElseThrow();
    assertThat(log.maxSizeBytes()).isEqualTo(2 << 20);
    assertThat(log.maxAge()).isEqualTo(Duration.ofDays(3));
    assertThat(log.buffer().size()).isEqualTo(10_000);
    assertThatThrownBy(() -> read("--audit-log-path=/tmp/a", "--audit-log-mode=sometimes"))
        .hasMessage("invalid audit log mode sometimes, allowed modes are \"batch,blocking,blocking-strict\"");
    assertThatThrownBy(() -> read("--audit-log-path=/tmp/a", "--audit-log-maxage=-1"))
        .hasMessage("--audit-log-maxage -1 can't be a negative number");
    assertThatThrownBy(() -> read("--audit-log-path=/tmp/a", "--audit-log-mode=batch", "--audit-log-batch-buffer-size=0"))
        .hasMessage("invalid audit batch log buffer size 0, must be a positive number");
  }

  @Test
  void showsFlagsAsGoPrintsThem() {
    assertThat(read("--event-ttl=90m", "--runtime-config=b=1,a=2", "--authorization-mode=RBAC,AlwaysDeny").flags())
        .containsEntry("event-ttl", "1h30m0s")
        .containsEntry("request-timeout", "1m0s")
        .containsEntry("runtime-config", "a=2,b=1")
        .containsEntry("authorization-mode", "[RBAC,AlwaysDeny]")
        .containsEntry("profiling", "true")
        .containsEntry("tls-cipher-suites", "[]");
  }

  @Test
  void namesTheFileThatCannotBeRead() {
    assertThatThrownBy(() -> read("--client-ca-file=/nowhere")).hasMessage("--client-ca-file: cannot read /nowhere");
  }

  @Test
  void showsEveryFlagInHelp() {
    String help = FlagTable.load().help();
    FlagTable.load().all().forEach(flag -> assertThat(help).contains(flag.name()));
    assertThat(help).doesNotContain("insecure-port");
  }
}
