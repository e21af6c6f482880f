package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.nodes.ContainerAccess.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ContainerAccessTest {
  private static String target(Kind kind, String query, String container) {
    return ContainerAccess.target(kind, ContainerAccess.read(kind, Query.parse(query)), "ns", "p", container);
  }

  @Test
  void asksTheKubeletInItsOwnWords() {
    assertThat(target(Kind.EXEC, "command=sh&command=-c&command=echo%20hi&stdin=true&stdout=1&stderr=false", "c"))
        .isEqualTo("/exec/ns/p/c?command=sh&command=-c&command=echo+hi&input=1&output=1");
    assertThat(target(Kind.ATTACH, "tty=maybe&command=no", "c")).isEqualTo("/attach/ns/p/c?tty=1");
    assertThat(target(Kind.PORT_FORWARD, "ports=80,81&ports=0", "")).isEqualTo("/portForward/ns/p?port=80%2C81%2C0");
  }

  @Test
  void refusesWhatIsNoPort() {
    assertThatThrownBy(() -> target(Kind.PORT_FORWARD, "ports=http", ""))
        .hasMessage("cannot convert to []int32: strconv.ParseUint: parsing \"http\": invalid syntax");
    assertThatThrownBy(() -> target(Kind.PORT_FORWARD, "ports=70000", ""))
        .hasMessage("cannot convert to []int32: strconv.ParseUint: parsing \"70000\": value out of range");
  }

  @Test
  void choosesTheOnlyContainer() {
    ObjectValue single = pod("{'metadata':{'name':'p'},'spec':{'initContainers':[{'name':'i'}],'containers':[{'name':'c'}]}}");
    assertThat(Containers.choose(single, "")).isEqualTo("c");
    assertThat(Containers.choose(single, "i")).isEqualTo("i");
    assertThatThrownBy(() -> Containers.choose(single, "x")).hasMessage("container x is not valid for pod p");
    ObjectValue two = pod("{'metadata':{'name':'p'},'spec':{'initContainers':[{'name':'i'}],'containers':[{'name':'a'},{'name':'b'}]}}");
    assertThatThrownBy(() -> Containers.choose(two, ""))
        .hasMessage("a container name must be specified for pod p, choose one of: [i a b]");
  }

  private static ObjectValue pod(String json) {
    return (ObjectValue) JsonReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
