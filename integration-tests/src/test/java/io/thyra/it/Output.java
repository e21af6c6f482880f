package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/// What a command wrote and how it ended. The assertions return the output, so that they read as one sentence; each names
/// the command and everything that it wrote when it does not hold.
record Output(String command, int exit, String out, String err) {
  static final JsonMapper JSON = new JsonMapper();

  Output ok() {
    assertThat(exit).as(toString()).isZero();
    return this;
  }

  Output fails() {
    assertThat(exit).as(toString()).isNotZero();
    return this;
  }

  Output fails(int code) {
    assertThat(exit).as(toString()).isEqualTo(code);
    return this;
  }

  Output says(String... parts) {
    assertThat(out).as(toString()).contains(parts);
    return this;
  }

  Output doesNotSay(String... parts) {
    assertThat(out).as(toString()).doesNotContain(parts);
    return this;
  }

  Output is(String text) {
    assertThat(out.strip()).as(toString()).isEqualTo(text.strip());
    return this;
  }

  Output matches(String regex) {
    assertThat(out).as(toString()).containsPattern(regex);
    return this;
  }

  Output complains(String... parts) {
    assertThat(err).as(toString()).contains(parts);
    return this;
  }

  List<String> lines() {
    return out.lines().toList();
  }

  JsonNode json() {
    try {
      return JSON.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + this, e);
    }
  }

  @Override
  public String toString() {
    return "%s%nended with %d and wrote%n%s%s".formatted(command, exit, out, err.isEmpty() ? "" : "and complained\n" + err);
  }
}
