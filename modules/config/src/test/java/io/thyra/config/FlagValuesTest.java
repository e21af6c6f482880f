package io.thyra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlagValuesTest {
  @Test
  void readsGoDurations() {
    assertThat(FlagValues.duration("1h2m3s")).isEqualTo(Duration.ofSeconds(3723));
    assertThat(FlagValues.duration("1.5s")).isEqualTo(Duration.ofMillis(1500));
    assertThat(FlagValues.duration("0")).isEqualTo(Duration.ZERO);
    assertThat(FlagValues.duration("-5ms")).isEqualTo(Duration.ofMillis(-5));
    assertThatThrownBy(() -> FlagValues.duration("5")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FlagValues.duration("s")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void splitsAtCommasOutsideQuotes() {
    assertThat(FlagValues.commaSeparated("a,\"b,c\",d")).containsExactly("a", "b,c", "d");
    assertThat(FlagValues.commaSeparated("")).isEmpty();
  }
}
