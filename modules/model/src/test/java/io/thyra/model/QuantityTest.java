package io.thyra.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "1000m,1", "0.5Gi,512Mi", "1.1Ki,1126400m", "1e3,1e3", "1e+3,1e+3", "+1,+1", "01,01", "1.,1.", "00012,00012", "e3,0", "m,0", "+,0",
    ".,0", "1e100,10e99", "0,0", "100m,100m", "1500m,1500m", "1024Ki,1Mi", "1000,1k", "0.001,1m", "1Ei,1Ei", "8Gi,8Gi", "2048,2048",
    "1.5,1500m", "0.1n,1n", "-1500m,-1500m", "1E,1E", "0.0001m,100n", "123456789012345678901234567890,123456789012345678901234567890",
    "1000E,1", "10Ei,9223372036854775807", "4000Mi,4000Mi", "4096Mi,4Gi"
  })
  void printsTheCanonicalForm(String text, String printed) {
    assertThat(Quantity.parse(text)).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", " 1", "1 ", "1x", "1Gi1i", "--1"})
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(Quantity.MalformedException.class);
  }

  @Test
  void tellsWhichPartIsWrong() {
    assertThatThrownBy(() -> Quantity.parse("1mm")).hasMessage("unable to parse quantity's suffix");
    assertThatThrownBy(() -> Quantity.parse("one")).hasMessageStartingWith("quantities must match the regular expression '^([+-]?[0-9.]+)");
  }

  @Test
  void roundsAwayFromZero() {
    assertThat(Quantity.parse("1500m").value()).isEqualTo(2);
    assertThat(Quantity.parse("-1500m").value()).isEqualTo(-2);
    assertThat(Quantity.parse("0.0001").milliValue()).isEqualTo(1);
    assertThat(Quantity.parse("1e100").value()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void addsAndComparesAmounts() {
    assertThat(Quantity.parse("1Gi").plus(Quantity.parse("512Mi"))).hasToString("1536Mi");
    assertThat(Quantity.parse("0").plus(Quantity.parse("1Gi"))).hasToString("1Gi");
    assertThat(Quantity.parse("1").minus(Quantity.parse("1500m"))).hasToString("-500m");
    assertThat(Quantity.parse("1000m")).isEqualTo(Quantity.parse("1")).hasSameHashCodeAs(Quantity.parse("1"));
    assertThat(Quantity.parse("1Ki")).isGreaterThan(Quantity.parse("1k"));
    assertThat(Quantity.parse("1e999999999").plus(Quantity.parse("1"))).isGreaterThan(Quantity.parse("1"));
  }
}
