package io.thyra.storage;

/// A watch that can be ended. Closing twice is harmless; after it returns a call may still be under way, none begins.
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
