package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.Failure;
import io.thyra.model.Query;
import io.thyra.model.Status;
import org.junit.jupiter.api.Test;

class LogOptionsTest {
  private static String target(String query) {
    return LogOptions.target(LogOptions.read(Query.parse(query)), "ns", "p", "c");
  }

  private static void validate(String query) {
    LogOptions.validate(LogOptions.read(Query.parse(query)), "p");
  }

  @Test
  void asksTheKubeletForWhatWasAskedFor() {
    assertThat(target("")).isEqualTo("/containerLogs/ns/p/c");
    assertThat(target("timestamps=true&follow=false&previous=1&tailLines=5&sinceTime=2020-01-01T02:00:00%2B02:00&other=x"))
        .isEqualTo("/containerLogs/ns/p/c?previous=true&sinceTime=2020-01-01T00%3A00%3A00Z&tailLines=5&timestamps=true");
  }

  @Test
  void refusesWhatIsNoNumberOrTime() {
    assertThatThrownBy(() -> target("tailLines=")).hasMessage("strconv.ParseInt: parsing \"\": invalid syntax");
    assertThatThrownBy(() -> target("limitBytes=1.5")).hasMessage("strconv.ParseInt: parsing \"1.5\": invalid syntax");
    assertThatThrownBy(() -> target("tailLines=9223372036854775808"))
        .hasMessage("strconv.ParseInt: parsing \"9223372036854775808\": value out of range");
    assertThatThrownBy(() -> target("sinceTime=soon"))
        .hasMessage("parsing time \"soon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as \"2006\"");
  }

  @Test
  void tellsAllThatIsInvalid() {
    assertThatThrownBy(() -> validate("tailLines=-1&limitBytes=0&sinceSeconds=0&stream=All"))
        .hasMessage(
            "PodLogOptions \"p\" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, "
                + "limitBytes: Invalid value: 0: must be greater than 0, sinceSeconds: Invalid value: 0: must be greater than 0, "
                + "stream: Forbidden: may not be specified]");
    assertThatThrownBy(() -> validate("sinceSeconds=3&sinceTime=2020-01-01T00:00:00Z"))
        .hasMessage("PodLogOptions \"p\" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
  }

  @Test
  void wordsTheRefusalsOfKubelets() {
    assertThat(LogPassage.refusal(400, "not started", "p")).isEqualTo(new Failure.BadRequest("not started"));
    Status missing = Status.of(LogPassage.refusal(404, "no", "p"));
    assertThat(missing.message()).isEqualTo("the server could not find the requested resource ( pods/log p)");
    Status teapot = Status.of(LogPassage.refusal(502, "x", "p"));
    assertThat(teapot.message()).isEqualTo("an error on the server (\"x\") has prevented the request from succeeding ( pods/log p)");
    assertThat(teapot.reason()).isEqualTo("InternalError");
  }
}
