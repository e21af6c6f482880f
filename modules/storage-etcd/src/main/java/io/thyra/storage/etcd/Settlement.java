package io.thyra.storage.etcd;

import io.thyra.storage.StorageEvent;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/// What became of a write whose answer was lost, read from what happened to its key since.
///
/// A write to an existing key can be asked for again: whichever of the two comes first, the other finds another revision. A
/// creation cannot, since somebody may delete the key in between and the late one would bring it back. What is known in the end:
///
/// - the first change after the expected revision has the write's value: it was done;
/// - it is any other write: it was not done and never will be;
/// - it is a deletion and the write was one: nobody can say whose it was;
/// - of a creation: one with the write's value was it; where there is none it may still come.
sealed interface Settlement {
  /// Source of the difference: values carry a uid, times and field owners, so equal bytes are the same write.
  record Done(long revision) implements Settlement {}

  /// Not done, and never will be.
  record NotDone() implements Settlement {}

  record Unknown() implements Settlement {}

  /// @param events all changes of the key after the expected revision or, of a creation, after some revision before it was sent
  static Settlement of(Write write, List<StorageEvent> events) {
    return switch (write) {
      case Write.Put(Buffer _, long expected, Buffer value) when expected == 0 ->
          events.stream()
              .filter(event -> event.previous().isEmpty() && hasValue(event, value))
              .findFirst()
              .<Settlement>map(event -> new Done(event.revision()))
              .orElse(new Unknown());
      case Write.Put(Buffer _, long _, Buffer value) -> {
        if (events.isEmpty()) {
          yield new Unknown();
        }
        StorageEvent first = events.getFirst();
        yield hasValue(first, value) ? new Done(first.revision()) : new NotDone();
      }
      case Write.Delete _ -> events.isEmpty() || events.getFirst().current().isEmpty() ? new Unknown() : new NotDone();
    };
  }

  private static boolean hasValue(StorageEvent event, Buffer value) {
    return event.current().isPresent() && event.current().get().value().equals(value);
  }
}
