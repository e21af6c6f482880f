package io.thyra.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void doublesUpToTheBoundAndBeginsAnewAfterSuccess() {
    var backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(2));
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.failed()).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.failed()).isEqualTo(Duration.ofSeconds(2));
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.failed()).isEqualTo(Duration.ofSeconds(2));
    }
    backoff.succeeded();
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(500));
  }
}
