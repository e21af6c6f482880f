package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
  private final Map<String, ObjectValue> objects = new HashMap<>();
  private final ObjectSource source = (resource, namespace, name) -> Optional.ofNullable(objects.get(resource.resource() + "/" + namespace + "/" + name));
  private final Kubelets kubelets = new Kubelets(source, List.of("Hostname", "InternalIP"));
  private final Destinations destinations = new Destinations(source, kubelets, RandomGenerator.of("L64X128MixRandom"));

  private void put(String place, String json) {
    objects.put(place, (ObjectValue) JsonReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  private void pod(String name, String address) {
    put(
        "pods/ns/" + name,
        "{'spec':{'containers':[{'name':'a'},{'name':'b','ports':[{'containerPort':8080},{'containerPort':1}]}]},"
            + "'status':{'podIPs':[{'ip':'"
            + address
            + "'}]}}");
  }

  private void node(String address) {
    put(
        "nodes//n",
        "{'status':{'addresses':[{'type':'InternalIP','address':'" + address + "'}],'daemonEndpoints':{'kubeletEndpoint':{'Port':10251}}}}");
  }

  @Test
  void takesTheFirstPortOfAPod() {
    pod("p", "198.51.100.7");
    assertThat(destinations.pod("ns", "p").host()).isEqualTo("198.51.100.7:8080");
    assertThat(destinations.pod("ns", "https:p:443")).extracting(Destination::secure, Destination::kubelet).containsExactly(true, false);
    pod("six", "2001:db8::1");
    assertThat(destinations.pod("ns", "six:80").host()).isEqualTo("[2001:db8::1]:80");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1", "::1", "169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1", "0.0.0.0", "::", "255.255.255.255", "::ffff:127.0.0.1",
        "127.1", "", "localhost", "fe80::1%lo"
      })
  void refusesAddressesOfThisMachineAndItsLink(String address) {
    pod("p", address);
    assertThatThrownBy(() -> destinations.pod("ns", "p:80")).hasMessage("address not allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "localhost"})
  void refusesNodesThatLeadBackHere(String address) {
    node(address);
    assertThatThrownBy(() -> destinations.node("n")).hasMessage("address not allowed");
    assertThatThrownBy(() -> destinations.node("n:8080")).hasMessage("address not allowed");
  }

  @Test
  void knowsAKubeletByItsPort() {
    node("198.51.100.8");
    assertThat(destinations.node("n").kubelet()).isTrue();
    assertThat(destinations.node("http:n:10251")).extracting(Destination::kubelet, Destination::secure).containsExactly(true, true);
    assertThat(destinations.node("n:10250")).extracting(Destination::kubelet, Destination::secure).containsExactly(false, false);
  }

  @Test
  void tellsTheAddressesOfANodeThatNoneWasTakenOf() {
    put("nodes//n", "{'status':{'addresses':[{'type':'ExternalIP','address':'203.0.113.1'},{'type':'ExternalDNS','address':'n.test'}]}}");
    assertThatThrownBy(() -> destinations.node("n"))
        .hasMessage("no preferred addresses found; known addresses: [{ExternalIP 203.0.113.1} {ExternalDNS n.test}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {":80", "a:b:c:d", "ftp:p:80", "http::80"})
  void refusesNamesThatAreNone(String id) {
    assertThatThrownBy(() -> destinations.pod("ns", id)).hasMessage("invalid pod request \"" + id + "\"");
  }

  @Test
  void goesToPodsOfTheServicesNamespaceAlone() {
    pod("p", "198.51.100.7");
    put("services/ns/s", "{'spec':{'ports':[{'name':'web','port':80}]}}");
    String subset = "{'subsets':[{'addresses':[{'ip':'198.51.100.7','targetRef':{'name':'p','namespace':'%s'}}],'ports':[{'name':'web','port':81}]}]}";
    put("endpoints/ns/s", subset.formatted("ns"));
    assertThat(destinations.service("ns", "s:80").host()).isEqualTo("198.51.100.7:81");
    assertThatThrownBy(() -> destinations.service("ns", "s")).hasMessage("no endpoints available for service \"s\"");
    assertThatThrownBy(() -> destinations.service("ns", "s:82")).hasMessage("no service port 82 found for service \"s\"");
    put("endpoints/ns/s", subset.formatted("other"));
    assertThatThrownBy(() -> destinations.service("ns", "s:web")).hasMessage("no endpoints available for service \"s:web\"");
  }
}
