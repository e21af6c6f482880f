package io.thyra.wire;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/// Arrays that nobody changes any more, as buffers to be written: the encodings that a cache keeps go to many clients without
/// a copy for each, which `Buffer.buffer(byte[])` would make.
public final class SharedBytes {
  private SharedBytes() {}

  /// A view of the whole array, which must not be changed from now on.
  public static Buffer view(byte[] bytes) {
    // Unreleasable: a body is written in slices, each of which a connection releases when it is sent.
    return BufferInternal.buffer(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)));
  }
}
