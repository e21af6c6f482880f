package io.thyra.storage;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/// The answer that somebody waits for, completed on the context that the waiter was on when the reply was made, so that
/// none of the waiter's code runs on a thread of the store. Without a context it completes on the completing thread.
///
/// Of Vert.x's contexts this class alone knows, so that engines and caches need not.
public final class Reply<T> {
  private final @Nullable Context context = Vertx.currentContext();
  private final Promise<T> promise = Promise.promise();

  public Future<T> future() {
    return promise.future();
  }

  /// Completes the reply; the second and later completions are ignored.
  public void complete(T value) {
    run(() -> promise.tryComplete(value));
  }

  public void fail(Throwable cause) {
    run(() -> promise.tryFail(cause));
  }

  private void run(Runnable completion) {
    if (context == null) {
      completion.run();
    } else {
      context.runOnContext(_ -> completion.run());
    }
  }
}
