package io.thyra.groups.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.codec.YamlReader;
import io.thyra.groups.StoredObjects;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClusterAllocatorsTest {
  private static final RequestContext CONTEXT =
      new RequestContext(
          new RequestInfo(true, "/", "create", "api", "", "v1", "ns", "services", "", ""),
          new UserInfo("alice", "", List.of()),
          "test",
          false,
          Instant.EPOCH);

  /// The IPAddress objects by their names.
  private final Map<String, ObjectValue> addresses = new TreeMap<>();

  private final StoredObjects objects =
      new StoredObjects() {
        @Override
        public Optional<ObjectValue> find(GroupResource resource, String namespace, String name) {
          return Optional.ofNullable(addresses.get(name));
        }

        @Override
        public List<ObjectValue> list(GroupResource resource, String namespace) {
          return resource.resource().equals("servicecidrs") ? ranges : List.of();
        }

        @Override
        public ObjectValue create(RequestContext context, GroupResource resource, ObjectValue object) {
          if (addresses.putIfAbsent(object.string("metadata", "name"), object) != null) {
            throw new Failure.AlreadyExists(resource, object.string("metadata", "name")).toException();
          }
          return object;
        }

        @Override
        public ObjectValue update(
            RequestContext context, GroupResource resource, String namespace, String name, UnaryOperator<ObjectValue> change) {
          throw new UnsupportedOperationException();
        }

        @Override
        public ObjectValue delete(RequestContext context, GroupResource resource, String namespace, String name, ObjectValue options) {
          return Optional.ofNullable(addresses.remove(name)).orElseThrow();
        }
      };

  private List<ObjectValue> ranges = List.of();
  private final ClusterAllocators single = allocators("10.0.0.0/24");
  private final ClusterAllocators dual = allocators("10.0.0.0/24", "fd00::/112");

  private ClusterAllocators allocators(String... ranges) {
    List<Addresses.Range> parsed = Stream.of(ranges).map(range -> Addresses.parseRange(range).orElseThrow()).toList();
    return new ClusterAllocators(() -> objects, parsed, 30000, 32767, _ -> AllocationMap.inMemory(), new Random(1));
  }

  private static ObjectValue object(String yaml) {
    return (ObjectValue) YamlReader.read(yaml.getBytes(StandardCharsets.UTF_8)).root();
  }

  private static ObjectValue service(String spec) {
    return object("{metadata: {name: s}, spec: {type: ClusterIP, selector: {a: b}, " + spec + "}}");
  }

  private static List<String> families(ObjectValue service) {
    return service.list("spec", "ipFamilies").strings();
  }

  private static List<String> held(ObjectValue service) {
    return service.list("spec", "clusterIPs").strings();
  }

  @Test
  void givesOneFamilyToWhoDoesNotAskForMore() {
    ObjectValue service = dual.allocate(CONTEXT, service(""));
    assertThat(families(service)).containsExactly("IPv4");
    assertThat(service.string("spec", "ipFamilyPolicy")).isEqualTo("SingleStack");
    assertThat(addresses).containsOnlyKeys(held(service));
  }

  @Test
  void givesTwoFamiliesInTheOrderThatIsAskedFor() {
    ObjectValue service = dual.allocate(CONTEXT, service("ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6]"));
    assertThat(families(service)).containsExactly("IPv6", "IPv4");
    assertThat(held(service).getFirst()).startsWith("fd00::").isEqualTo(service.string("spec", "clusterIP"));
    assertThat(addresses).containsOnlyKeys(held(service));
  }

  @Test
  void prefersTwoFamiliesAndTakesWhatThereIs() {
    assertThat(families(single.allocate(CONTEXT, service("ipFamilyPolicy: PreferDualStack")))).containsExactly("IPv4");
    assertThat(families(dual.allocate(CONTEXT, service("ipFamilyPolicy: PreferDualStack")))).containsExactly("IPv4", "IPv6");
  }

  @Test
  void refusesFamiliesThatTheClusterHasNot() {
    assertThatThrownBy(() -> single.allocate(CONTEXT, service("ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6]")))
        .hasMessageContaining(
            "[spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services,"
                + " spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster]");
    assertThat(addresses).isEmpty();
  }

  @Test
  void givesBothFamiliesToHeadlessServicesWithoutASelector() {
    ObjectValue headless = object("{metadata: {name: s}, spec: {type: ClusterIP, clusterIP: None, clusterIPs: [None]}}");
    assertThat(families(single.allocate(CONTEXT, headless))).containsExactly("IPv4", "IPv6");
    assertThat(addresses).isEmpty();
  }

  @Test
  void growsAndShrinksByThePolicy() {
    ObjectValue one = dual.allocate(CONTEXT, service(""));
    ObjectValue two = dual.reallocate(CONTEXT, one.withAt(io.thyra.model.Value.of("PreferDualStack"), "spec", "ipFamilyPolicy"), one);
    assertThat(held(two)).hasSize(2).startsWith(held(one).getFirst());
    ObjectValue back = dual.reallocate(CONTEXT, two.withAt(io.thyra.model.Value.of("SingleStack"), "spec", "ipFamilyPolicy"), two);
    assertThat(held(back)).isEqualTo(held(one));
    dual.changed(CONTEXT, back, two);
    assertThat(addresses).containsOnlyKeys(held(one));
  }

  @Test
  void leavesServicesThatPreferTwoFamiliesAsTheyAre() {
    ObjectValue one = single.allocate(CONTEXT, service("ipFamilyPolicy: PreferDualStack"));
    assertThat(dual.reallocate(CONTEXT, one, one)).isEqualTo(one);
  }

  @Test
  void givesBackTheFirstAddressWhenTheSecondIsTaken() {
    dual.allocate(CONTEXT, service("clusterIP: 'fd00::5', clusterIPs: ['fd00::5']"));
    ObjectValue other = service("clusterIP: 10.0.0.5, clusterIPs: [10.0.0.5, 'fd00::5'], ipFamilyPolicy: RequireDualStack");
    assertThatThrownBy(() -> dual.allocate(CONTEXT, other))
        .hasMessageContaining(
            "spec.clusterIPs: Invalid value: [\"10.0.0.5\",\"fd00::5\"]: failed to allocate IP fd00::5: provided IP is already allocated");
    assertThat(addresses).containsOnlyKeys("fd00::5");
  }

  @Test
  void givesBackNothingThatSomebodyElseHolds() {
    dual.allocate(CONTEXT, service("clusterIP: 10.0.0.5, clusterIPs: [10.0.0.5]"));
    ObjectValue other = service("clusterIP: 10.0.0.5, clusterIPs: [10.0.0.5]").withAt(io.thyra.model.Value.of("t"), "metadata", "name");
    dual.release(CONTEXT, other);
    assertThat(addresses).containsOnlyKeys("10.0.0.5");
  }

  @Test
  void answersDryRunsWithTheNetworkItself() {
    ObjectValue service = dual.allocate(CONTEXT.asDryRun(), service("ipFamilyPolicy: PreferDualStack"));
    assertThat(held(service)).containsExactly("10.0.0.0", "fd00::");
    assertThat(addresses).isEmpty();
  }

  @Test
  void takesAddressesOfReadyRangesOnly() {
    String condition = "status: {conditions: [{type: Ready, status: 'False'}]}";
    ranges =
        List.of(
            object("{metadata: {name: full}, spec: {cidrs: [10.0.0.0/30]}}"),
            object("{metadata: {name: off}, spec: {cidrs: [10.1.0.0/24]}, " + condition + "}"),
            object("{metadata: {name: more}, spec: {cidrs: [10.2.0.0/30]}}"));
    for (int i = 0; i < 4; i++) {
      single.allocate(CONTEXT, service(""));
    }
    assertThat(addresses).containsOnlyKeys("10.0.0.1", "10.0.0.2", "10.2.0.1", "10.2.0.2");
    assertThatThrownBy(() -> single.allocate(CONTEXT, service("")))
        .hasMessage("Internal error occurred: failed to allocate a serviceIP for Service \"s\": range is full");
    assertThatThrownBy(() -> single.allocate(CONTEXT, service("clusterIP: 10.1.0.5, clusterIPs: [10.1.0.5]")))
        .hasMessageContaining("failed to allocate IP 10.1.0.5: the provided network does not match the current range");
  }
}
