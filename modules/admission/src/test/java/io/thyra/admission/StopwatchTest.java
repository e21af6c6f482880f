package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.Failure;
import io.thyra.registry.AdmissionAttributes.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private final List<String> told = new ArrayList<>();
  private int lookups;

  private final AdmissionTimes times =
      (plugin, operation, validating, rejected) -> {
        lookups++;
        return nanos -> told.add(plugin + " " + operation + " " + validating + " " + rejected + " " + (nanos >= 0));
      };

  @Test
  void tellsWhetherATurnPassedOrWasRejected() {
    var watch = new Stopwatch("Some", true, times);
    assertThat(watch.time(Operation.CREATE, () -> "result")).isEqualTo("result");
    assertThatThrownBy(
            () ->
                watch.time(
                    Operation.DELETE,
                    () -> {
                      throw new Failure.BadRequest("no").toException();
                    }))
        .hasMessageContaining("no");
    assertThat(told).containsExactly("Some CREATE true false true", "Some DELETE true true true");
  }

  @Test
  void looksASeriesUpOnce() {
    var watch = new Stopwatch("Some", false, times);
    watch.time(Operation.UPDATE, () -> 1);
    watch.time(Operation.UPDATE, () -> 2);
    assertThat(told).hasSize(2);
    assertThat(lookups).isEqualTo(1);
  }
}
