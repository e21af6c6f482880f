package io.thyra.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ListValue;
import io.thyra.model.Value;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The estimates are those of cel-go with the libraries of Kubernetes.
class CostTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "self.n > 1.5 && self.n < 9u~6",
        "self.l.all(x, self.l.all(y, x > y))~183",
        "isQuantity(self.s) && quantity(self.s).isGreaterThan(quantity('1Mi'))~54",
        "!format.dns1123Label().validate(self.s).hasValue()~773",
        "self.l.isSorted() && self.l.sum() == 6 && self.l.min() == 1 && self.l.max() == 3~31",
        "sets.contains(self.l, [1, 2]) && sets.intersects(self.l, [7])~41",
        "self.s.split(',').size() == 2 && self.s.indexOf(',') == 2~79",
        "cidr('10.0.0.0/8').containsCIDR(self.s) && cidr(self.s).masked() == cidr(self.s)~88",
        "self.?s.orValue('none') == 'none' || self.?s.hasValue()~7",
        "has(self.s) && has(self.free)~2",
        "self.l.sortBy(x, -x) == [1]~167",
      })
  void estimatesAsCelGoDoes(String expression, long cost) {
    assertThat(Specimen.ENVIRONMENT.compile(expression).estimatedCost(Specimen.TYPE)).isEqualTo(cost);
  }

  @Test
  void unboundedTextsAreDear() {
    assertThat(Specimen.ENVIRONMENT.compile("self.b.contains(self.b)").estimatedCost(Specimen.TYPE)).isGreaterThan(10_000_000_000L);
  }

  @Test
  void aCallCostsWhatItsArgumentsAreLong() {
    assertThat(Specimen.evaluate("self.s.contains('b')").cost()).isEqualTo(3);
    assertThat(Specimen.evaluate("self.n == 7").cost()).isEqualTo(3);
    assertThat(Specimen.evaluate("has(self.s)").cost()).isEqualTo(1);
    assertThat(Specimen.evaluate("[1, 2].size() == 2").cost()).isEqualTo(2);
    assertThat(Specimen.evaluate("[self.n].size() == 1").cost()).isEqualTo(14);
  }

  @Test
  void endsAnEvaluationThatCostsTooMuch() {
    var many = new ListValue(Collections.nCopies(90, Value.of(1)));
    Evaluation evaluation =
        Specimen.evaluate("self.l.all(x, self.l.all(y, self.l.all(z, x + y + z > 0)))", Specimen.OBJECT.with("l", many));
    assertThat(evaluation.error().orElseThrow())
        .isInstanceOf(CostLimitException.class)
        .hasMessage("operation cancelled: actual cost limit exceeded");
    assertThat(evaluation.cost()).isGreaterThan(Costs.PER_CALL_LIMIT);
  }
}
