package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.Failure;
import io.thyra.model.Status;
import io.thyra.schema.Schemas;
import org.junit.jupiter.api.Test;

class NegotiatedStatusTest {
  private final NegotiatedStatus encoder = new NegotiatedStatus(Schemas.builtin());
  private final Status status = Status.of(new Failure.BadRequest("no"));

  @Test
  void writesTheFormatThatIsAccepted() {
    assertThat(encode("application/yaml").contentType()).isEqualTo("application/yaml");
    assertThat(encode("application/yaml").body().toString()).startsWith("apiVersion: v1\ncode: 400\nkind: Status\nme");
    assertThat(encode("application/vnd.kubernetes.protobuf").body().getBytes()).startsWith('k', '8', 's', 0);
    assertThat(encode("").body().toString()).startsWith("{\"kind\":\"Status\",\"apiVersion\":\"v1\"").endsWith("}\n");
  }

  @Test
  void writesIndentedJsonWhereNothingFits() {
    assertThat(encode("text/plain").contentType()).isEqualTo("application/json");
    assertThat(encode("text/plain").body().toString()).startsWith("{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v");
  }

  private StatusEncoder.Encoded encode(String accept) {
    return encoder.encode(status, new StatusEncoder.Preference(accept, "", null));
  }
}
