package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.GoText;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class ExitStatusTest {
  private static String of(String said) {
    return GoText.json(ExitStatus.of(Buffer.buffer(said), true));
  }

  @Test
  void takesSilenceForSuccess() {
    assertThat(of("")).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    assertThat(of("{\"status\":\"Success\"}")).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
  }

  @Test
  void tellsTheExitCode() {
    assertThat(of("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}"))
        .contains("\"message\":\"command terminated with non-zero exit code: command terminated with exit code 3\"")
        .contains("{\"reason\":\"ExitCode\",\"message\":\"3\"}");
    assertThat(of("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"256\"}]}}"))
        .contains("invalid exit code value \\\"256\\\"");
    assertThat(of("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\"}")).contains("details must be set");
  }

  @Test
  void passesOnOtherTrouble() {
    assertThat(of("{\"status\":\"Failure\",\"message\":\"gone\"}")).contains("\"message\":\"Internal error occurred: gone\"");
    assertThat(of("{\"status\":\"?\"}")).contains("error stream protocol error: unknown error");
    assertThat(GoText.json(ExitStatus.of(Buffer.buffer("boom"), false))).contains("error executing remote command: boom");
    assertThat(GoText.json(ExitStatus.refused(Buffer.buffer("no\n")))).contains("\"Internal error occurred: unable to upgrade connection: no\"");
  }
}
