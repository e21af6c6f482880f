package io.thyra.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.JsonReader;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceListingsTest {
  private static List<ObjectValue> resources(String json) {
    return ((ListValue) JsonReader.read(json)).objects();
  }

  @Test
  void putsSubresourcesBelowTheirResource() {
    var plain =
        resources(
            """
            [{"name":"pages/status","singularName":"","namespaced":true,"kind":"Page","verbs":["get"]},
             {"name":"pages","singularName":"page","namespaced":true,"kind":"Page","verbs":["list"],"shortNames":["pg"]}]
            """);
    var expected =
        JsonReader.read(
            """
            [{"resource":"pages","responseKind":{"group":"","version":"","kind":"Page"},"scope":"Namespaced","singularResource":"page",
              "verbs":["list"],"shortNames":["pg"],
              "subresources":[{"subresource":"status","responseKind":{"group":"","version":"","kind":"Page"},"verbs":["get"]}]}]
            """);
    assertThat(ResourceListings.ofPlain(plain)).contains((ListValue) expected);
  }

  @Test
  void refusesSubresourcesOfAnotherScope() {
    var plain =
        resources(
            """
            [{"name":"pages","namespaced":true,"kind":"Page","verbs":[]},{"name":"pages/status","namespaced":false,"kind":"Page","verbs":[]}]
            """);
    assertThat(ResourceListings.ofPlain(plain)).isEmpty();
  }

  @Test
  void keepsOnlyKnownFieldsOfAnAggregatedDocument() {
    var told = resources("[{\"resource\":\"a\",\"scope\":\"Cluster\",\"singularResource\":\"\",\"verbs\":[\"get\"],\"surprise\":1}]");
    var expected =
        JsonReader.read(
            """
            [{"resource":"a","responseKind":{"group":"","version":"","kind":""},"scope":"Cluster","singularResource":"","verbs":["get"]}]
            """);
    assertThat(ResourceListings.ofAggregated(told)).isEqualTo(expected);
  }
}
