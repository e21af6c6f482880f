package io.thyra.watch;

import io.thyra.model.ObjectValue;
import io.thyra.wire.WatchStream;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/// A watch that has nothing but one ERROR event to tell: what it asked for is not kept any more.
final class EndedStream implements WatchStream {
  private final Envelope envelope;
  private final byte[] frame;
  private boolean told;

  EndedStream(Envelope envelope, ObjectValue status) {
    this.envelope = envelope;
    this.frame = envelope.frame("ERROR", StatusForm.encode(envelope, status));
  }

  @Override
  public String contentType() {
    return envelope.contentType();
  }

  @Override
  public boolean text() {
    return envelope == Envelope.JSON;
  }

  @Override
  public List<Buffer> poll(int bytesMax, boolean framed) {
    if (told) {
      return List.of();
    }
    told = true;
    return List.of(envelope.buffer(frame, framed));
  }

  @Override
  public void onReady(Runnable wake) {
    wake.run();
  }

  @Override
  public boolean ended() {
    return told;
  }

  @Override
  public void close() {
    told = true;
  }
}
