package io.thyra.controllers;

import io.thyra.cache.CachedObject;
import io.thyra.cache.ResourceCache;
import io.thyra.cache.Snapshot;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.registry.Follower;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One controller: follows resources, queues the keys that may need work, and brings one key after the other to the state it
/// should have. Runs on virtual threads of its own, which it ends when it is closed.
abstract class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private final String name;
  private final List<Thread> threads = new ArrayList<>();
  protected final WorkQueue queue = new WorkQueue(System::nanoTime);

  /// @param name as `--controllers` calls it
  Loop(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /// Begins to follow what the loop needs; called once, by [#start].
  abstract void follow();

  /// Brings one thing to the state it should have. What it throws is tried again later.
  abstract void reconcile(String key);

  /// Waits until the loop knows enough to begin.
  void awaitListed() throws InterruptedException {}

  final void start() {
    follow();
    run(
        name,
        () -> {
          awaitListed();
          work();
        });
  }

  /// Shows the loop every object of a resource and every change from now on, on a thread of its own.
  final void follow(ResourceCache cache, Consumer<CachedObject> onObject, Consumer<CachedObject> onDeleted) {
    follow(cache, onObject, onDeleted, () -> {}, () -> {});
  }

  /// @param onListed runs when every object was shown once
  /// @param onRelisted runs when changes were missed and every object was shown again: some may be gone without a word
  final void follow(
      ResourceCache cache, Consumer<CachedObject> onObject, Consumer<CachedObject> onDeleted, Runnable onListed, Runnable onRelisted) {
    var listener =
        new Follower.Listener() {
          @Override
          public void onObject(CachedObject object) {
            onObject.accept(object);
          }

          @Override
          public void onDeleted(CachedObject object) {
            onDeleted.accept(object);
          }

          @Override
          public void onListed() {
            onListed.run();
          }

          @Override
          public void onRelisted(Snapshot snapshot) {
            onRelisted.run();
          }
        };
    run(name + "-" + cache.prefix(), new Follower(cache, listener)::run);
  }

  /// Runs something on a virtual thread that ends with the loop.
  final void run(String purpose, InterruptibleTask task) {
    Thread thread =
        Thread.ofVirtual()
            .name("controller-" + purpose)
            .unstarted(
                () -> {
                  try {
                    task.run();
                  } catch (InterruptedException _) {
                    // Closed.
                  }
                });
    synchronized (threads) {
      threads.add(thread);
    }
    thread.start();
  }

  /// Does what nobody needs any more once the object is gone.
  static void unlessGone(Runnable work) {
    try {
      work.run();
    } catch (ApiException e) {
      if (!(e.failure() instanceof Failure.NotFound)) {
        throw e;
      }
    }
  }

  private void work() throws InterruptedException {
    while (true) {
      String key = queue.take();
      try {
        reconcile(key);
        queue.succeeded(key);
      } catch (ApiException expected) {
        if (!(expected.failure() instanceof Failure.Conflict)) {
          LOG.atInfo().addKeyValue("controller", name).addKeyValue("key", key).log("will try again: {}", expected.getMessage());
        }
        queue.failed(key);
      } catch (RuntimeException bug) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        LOG.atWarn().addKeyValue("controller", name).addKeyValue("key", key).setCause(bug).log("will try again");
        queue.failed(key);
      }
    }
  }

  @Override
  public void close() {
    synchronized (threads) {
      threads.forEach(Thread::interrupt);
    }
  }

  /// What a thread of a loop does until it is interrupted.
  interface InterruptibleTask {
    void run() throws InterruptedException;
  }
}
