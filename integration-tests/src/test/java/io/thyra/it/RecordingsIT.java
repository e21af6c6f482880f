package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The recordings of the reference server, by `recordings/check.py`: the matching steps of no area may drop.
class RecordingsIT {
  private static final int NOTHING_TO_PLAY = 77;

  @Test
  void matchesAsManyStepsAsBefore() {
    play();
  }

  /// The areas that a store can make a difference to.
  @Test
  void matchesAsManyStepsOnEtcd() {
    play("--etcd", GoPrograms.buildEtcd().toString(), "--only", "^(list|watch|delete)/", "--jobs", "8");
  }

  private static void play(String... options) {
    Cluster.needsOwnProcess();
    assumeTrue(Command.of("sh", "-c", "command -v python3 && command -v openssl").run().exit() == 0, "python3 and openssl are not installed: the recordings are skipped");
    Output output = Command.of("python3", "recordings/check.py").with(List.of(options)).within(Duration.ofMinutes(60)).run();
    System.out.println(output.out());
    assumeTrue(output.exit() != NOTHING_TO_PLAY, "the recordings are not beside the repository: skipped");
    assertThat(output.exit()).as(output.toString()).isZero();
  }
}
