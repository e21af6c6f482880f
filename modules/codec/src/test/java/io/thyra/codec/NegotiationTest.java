package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.ApiException;
import org.junit.jupiter.api.Test;

class NegotiationTest {
  private static final String ALL = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

  @Test
  void prefersTheBetterQuality() {
    assertThat(format("")).isEqualTo(Format.JSON);
    assertThat(format("*/*")).isEqualTo(Format.JSON);
    assertThat(format("application/yaml")).isEqualTo(Format.YAML);
    assertThat(format("application/json;q=0.5,application/yaml;q=0.8")).isEqualTo(Format.YAML);
    assertThat(format("*/*,application/vnd.kubernetes.protobuf")).isEqualTo(Format.PROTOBUF);
    assertThat(format("application/json;q=0")).isEqualTo(Format.JSON);
    assertThat(format("application/cbor,application/yaml")).isEqualTo(Format.YAML);
  }

  @Test
  void refusesInTheWordsOfTheRouterAndOfTheHandler() {
    assertRefused("text/html", Endpoint.OBJECT, "406: Not Acceptable\n\nAvailable representations: " + ALL);
    assertRefused("application/*", Endpoint.OBJECT, "406: Not Acceptable\n\nAvailable representations: " + ALL);
    assertRefused("text/html", Endpoint.LIST, "406: Not Acceptable\n\nAvailable representations: " + ALL
        + ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
    assertRefused("application/json;as=Pod;g=meta.k8s.io;v=v1", Endpoint.OBJECT, "only the following media types are accepted: " + ALL);
    assertRefused("application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1", Endpoint.OBJECT,
        "only the following media types are accepted: " + ALL);
    assertRefused("application/vnd.kubernetes.protobuf", Endpoint.CUSTOM, "only the following media types are accepted: " + ALL);
  }

  @Test
  void understandsTransformations() {
    Accepted table = Negotiation.answer(wishes("application/json;as=Table;v=v1;g=meta.k8s.io,application/json"), Endpoint.OBJECT);
    assertThat(table.transform()).isEqualTo(new Transform(Transform.Kind.TABLE, "v1"));
    Accepted partial =
        Negotiation.answer(wishes("application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io"), Endpoint.CUSTOM);
    assertThat(partial.transform()).isEqualTo(new Transform(Transform.Kind.PARTIAL_OBJECT_LIST, "v1beta1"));
    assertThat(partial.format()).isEqualTo(Format.PROTOBUF);
  }

  @Test
  void indentsForPeople() {
    assertThat(Negotiation.isPretty(new Negotiation.Wishes("", null, "curl/8"))).isTrue();
    assertThat(Negotiation.isPretty(new Negotiation.Wishes("", "false", "curl/8"))).isFalse();
    assertThat(Negotiation.isPretty(new Negotiation.Wishes("", "1", "kubectl"))).isTrue();
    assertThat(Negotiation.isPretty(new Negotiation.Wishes("", "yes", "kubectl"))).isFalse();
    assertThat(Negotiation.answer(wishes("application/json;pretty=1"), Endpoint.OBJECT).pretty()).isTrue();
    assertThat(Negotiation.error(wishes("text/html"))).isEqualTo(new Accepted(Format.JSON, true, null, ""));
  }

  @Test
  void refusesYamlWatches() {
    assertThatThrownBy(() -> Negotiation.stream(wishes("application/yaml"), Endpoint.LIST))
        .hasMessage("only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
    assertThat(Negotiation.stream(wishes("application/json;stream=watch"), Endpoint.LIST).format()).isEqualTo(Format.JSON);
  }

  @Test
  void knowsBodies() {
    assertThat(Negotiation.body("")).isEqualTo(Format.JSON);
    assertThat(Negotiation.body("Application/JSON; charset=utf-8")).isEqualTo(Format.JSON);
    assertThatThrownBy(() -> Negotiation.body("application/cbor"))
        .hasMessage("the body of the request was in an unknown format - accepted media types include: " + ALL);
    assertThatThrownBy(() -> Negotiation.body("application/json; charset")).isInstanceOf(ApiException.class);
    assertThat(Negotiation.patch("application/merge-patch+json; charset=utf-8", false)).isEqualTo(PatchFormat.MERGE_PATCH);
    assertThatThrownBy(() -> Negotiation.patch("", false)).hasMessage("415: Unsupported Media Type");
    assertThatThrownBy(() -> Negotiation.patch("application/strategic-merge-patch+json", true))
        .hasMessage("the body of the request was in an unknown format - accepted media types include: "
            + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
  }

  private static void assertRefused(String accept, Endpoint endpoint, String message) {
    assertThatThrownBy(() -> Negotiation.answer(wishes(accept), endpoint)).isInstanceOf(ApiException.class).hasMessage(message);
  }

  private static Format format(String accept) {
    return Negotiation.answer(wishes(accept), Endpoint.OBJECT).format();
  }

  private static Negotiation.Wishes wishes(String accept) {
    return new Negotiation.Wishes(accept, null, "");
  }
}
