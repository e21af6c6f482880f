package io.thyra.backends;

import io.vertx.core.buffer.Buffer;

/// Answers of backends to an upgrade: the head, and a body in chunks or not.
public final class AnswerHeadFuzz {
  private AnswerHeadFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Buffer received = Buffer.buffer(data);
    AnswerHead.of(received)
        .ifPresent(
            head -> {
              Buffer behind = received.getBuffer(head.length(), received.length());
              head.isWhole(behind);
              if (head.body(behind).length() > behind.length()) {
                throw new AssertionError("more of a body than was received");
              }
            });
  }
}
