package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningHeadersTest {
  @Test
  void quotesAndTellsOnce() {
    assertThat(WarningHeaders.of(List.of("a \"b\" \\", "a \"b\" \\", "", "with\ncontrol"))).containsExactly("299 - \"a \\\"b\\\" \\\\\"");
  }

  @Test
  void cutsAllTextsWhenTheyAreTooManyTogether() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      texts.add(i + "é".repeat(500));
    }
    List<String> headers = WarningHeaders.of(texts);
    // 16 of 256 characters fill the budget.
    assertThat(headers).hasSize(16).allSatisfy(header -> assertThat(header).hasSize(256 + 8));
  }

  @Test
  void leavesTextsWithinTheBudgetAlone() {
    assertThat(WarningHeaders.of(List.of("x".repeat(4000), "y".repeat(96)))).hasSize(2);
  }

  @Test
  void goesOutAsUtf8() {
    assertThat(WarningHeaders.bytes("\u00e9")).isEqualTo("\u00c3\u00a9");
  }
}
