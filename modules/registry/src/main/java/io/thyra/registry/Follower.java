package io.thyra.registry;

import io.thyra.cache.CacheEvent;
import io.thyra.cache.CachedObject;
import io.thyra.cache.Cursor;
import io.thyra.cache.Pull;
import io.thyra.cache.ResourceCache;
import io.thyra.cache.Snapshot;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Shows one resource to a program inside the server: all objects there are, then every change, again all objects when the
/// history was overrun. Blocks its thread.
public final class Follower {
  private static final int PULL_MAX = 256;

  /// What a program is shown.
  public interface Listener {
    /// An object as it is now.
    void onObject(CachedObject object);

    /// An object that is gone, as it was last.
    void onDeleted(CachedObject object);

    /// All objects that there are were shown, for the first time.
    default void onListed() {}

    /// All objects were shown again, as changes were missed: what is not among them is gone.
    default void onRelisted(Snapshot snapshot) {}
  }

  private final ResourceCache cache;
  private final Listener listener;

  public Follower(ResourceCache cache, Listener listener) {
    this.cache = cache;
    this.listener = listener;
  }

  /// Follows until the thread is interrupted or the cache is gone.
  public void run() throws InterruptedException {
    boolean listed = false;
    boolean again = false;
    while (true) {
      Snapshot snapshot = cache.snapshot();
      for (CachedObject object : snapshot.range(cache.prefix())) {
        listener.onObject(object);
      }
      if (again) {
        listener.onRelisted(snapshot);
      }
      again = true;
      Optional<Cursor> cursor = cache.openNow(cache.prefix(), snapshot.revision());
      if (cursor.isPresent()) {
        if (!listed) {
          listed = true;
          listener.onListed();
        }
        try (Cursor open = cursor.get()) {
          pull(open);
        }
      } else {
        // Not listed yet, or overrun between the two calls.
        Thread.sleep(20);
      }
    }
  }

  private void pull(Cursor cursor) throws InterruptedException {
    var woken = new Semaphore(0);
    while (true) {
      switch (cursor.next(PULL_MAX)) {
        case Pull.Expired _ -> {
          return;
        }
        case Pull.Events(var events, long _, boolean more) -> {
          for (CacheEvent event : events) {
            if (event.type() == CacheEvent.Type.DELETED) {
              listener.onDeleted(event.object());
            } else {
              listener.onObject(event.object());
            }
          }
          if (!more) {
            cursor.onWake(woken::release);
            woken.acquire();
          }
        }
      }
    }
  }
}
