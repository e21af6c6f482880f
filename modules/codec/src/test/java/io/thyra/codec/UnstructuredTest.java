package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnstructuredTest {
  @Test
  void sortsNamesAndPrintsNumbersAsGoHoldsThem() {
    byte[] printed = JsonWriter.write(Unstructured.canonical(JsonReader.read("{\"b\":[1.50,1e3,5.0],\"a\":{\"d\":1,\"c\":null}}")));
    assertThat(new String(printed, StandardCharsets.UTF_8)).isEqualTo("{\"a\":{\"c\":null,\"d\":1},\"b\":[1.5,1000,5]}");
  }
}
