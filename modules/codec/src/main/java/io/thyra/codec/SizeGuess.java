package io.thyra.codec;

/// How large the next encoding of a type will be: as large as the last, which most often is of the same object or of one
/// like it. A buffer of that size is neither grown nor much too large. A benign race between threads.
final class SizeGuess {
  // One large object must not make the buffers of all small ones large.
  private static final int BYTES_MAX = 64 * 1024;

  private int last = 512;

  int next() {
    return last + last / 16 + 64;
  }

  void saw(int bytes) {
    last = Math.min(bytes, BYTES_MAX);
  }
}
