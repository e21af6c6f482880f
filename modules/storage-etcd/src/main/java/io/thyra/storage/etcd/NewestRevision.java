package io.thyra.storage.etcd;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The newest revision, for many who ask at once: those who come while a question is under way share the next one, since the
/// answer of the first may be older than what they must see.
///
/// Owned by the engine's loop.
final class NewestRevision {
  private final Supplier<Future<Long>> question;
  private boolean asking;
  private @Nullable Promise<Long> next;

  NewestRevision(Supplier<Future<Long>> question) {
    this.question = question;
  }

  Future<Long> get() {
    if (next == null) {
      next = Promise.promise();
    }
    Future<Long> mine = next.future();
    if (!asking) {
      ask();
    }
    return mine;
  }

  private void ask() {
    Promise<Long> answer = next;
    next = null;
    asking = true;
    question
        .get()
        .onComplete(
            result -> {
              asking = false;
              if (next != null) {
                ask();
              }
              answer.handle(result);
            });
  }
}
