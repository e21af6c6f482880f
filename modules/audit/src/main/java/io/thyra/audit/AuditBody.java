package io.thyra.audit;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/// A body as it was sent, kept until the event is written. The pieces are shared, not to be changed.
public record AuditBody(String contentType, List<Buffer> pieces) {
  public AuditBody {
    pieces = List.copyOf(pieces);
  }

  byte[] bytes() {
    if (pieces.size() == 1) {
      return pieces.getFirst().getBytes();
    }
    Buffer all = Buffer.buffer();
    pieces.forEach(all::appendBuffer);
    return all.getBytes();
  }

  long length() {
    long length = 0;
    for (Buffer piece : pieces) {
      length += piece.length();
    }
    return length;
  }
}
