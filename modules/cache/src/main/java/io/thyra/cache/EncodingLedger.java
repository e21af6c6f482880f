package io.thyra.cache;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes that the encodings of one cache may occupy together. When they are spent, encodings are made and not kept.
final class EncodingLedger {
  private final long bytesMax;
  private final AtomicLong used = new AtomicLong();

  EncodingLedger(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  boolean reserve(long bytes) {
    if (used.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }

  long bytes() {
    return used.get();
  }
}
