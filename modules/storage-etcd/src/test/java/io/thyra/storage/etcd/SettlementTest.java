package io.thyra.storage.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.storage.StorageEvent;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettlementTest {
  private static final Buffer KEY = Buffer.buffer("/registry/pods/a");
  private static final Write CREATION = new Write.Put(KEY, 0, Buffer.buffer("mine"));
  private static final Write UPDATE = new Write.Put(KEY, 5, Buffer.buffer("mine"));
  private static final Write DELETION = new Write.Delete(KEY, 5);

  private static StorageEvent event(long revision, long created, String before, String after) {
    return new StorageEvent(revision, KEY.toString(), stored(after, created, revision), stored(before, created, revision - 1));
  }

  private static Optional<Stored> stored(String value, long created, long revision) {
    return value.isEmpty() ? Optional.empty() : Optional.of(new Stored(KEY.toString(), Buffer.buffer(value), created, revision));
  }

  @Test
  void anUpdateWasDoneWhenItsValueCameNext() {
    assertThat(Settlement.of(UPDATE, List.of(event(8, 2, "old", "mine"), event(9, 2, "mine", "theirs")))).isEqualTo(new Settlement.Done(8));
  }

  @Test
  void anUpdateWasNotDoneWhenAnotherCameNext() {
    assertThat(Settlement.of(UPDATE, List.of(event(8, 2, "old", "theirs"), event(9, 2, "theirs", "mine")))).isEqualTo(new Settlement.NotDone());
    assertThat(Settlement.of(UPDATE, List.of(event(8, 2, "old", "")))).isEqualTo(new Settlement.NotDone());
  }

  @Test
  void aCreationWasDoneWhenItsValueCameAtAnyTime() {
    assertThat(Settlement.of(CREATION, List.of(event(8, 8, "", "theirs"), event(9, 0, "theirs", ""), event(10, 10, "", "mine"))))
        .isEqualTo(new Settlement.Done(10));
  }

  @Test
  void aCreationThatIsNotThereMayStillCome() {
    assertThat(Settlement.of(CREATION, List.of())).isEqualTo(new Settlement.Unknown());
    assertThat(Settlement.of(CREATION, List.of(event(8, 8, "", "theirs")))).isEqualTo(new Settlement.Unknown());
  }

  @Test
  void nobodyKnowsWhoDeleted() {
    assertThat(Settlement.of(DELETION, List.of(event(8, 0, "old", "")))).isEqualTo(new Settlement.Unknown());
    assertThat(Settlement.of(DELETION, List.of(event(8, 2, "old", "theirs"), event(9, 0, "theirs", "")))).isEqualTo(new Settlement.NotDone());
  }
}
