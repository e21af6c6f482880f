package io.thyra.watch;

import io.thyra.cache.CacheEvent;
import io.thyra.cache.CachedObject;
import io.thyra.cache.EncodingKey;
import io.thyra.codec.JsonWriter;
import io.thyra.model.ObjectValue;
import io.thyra.registry.VersionedType;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/// Lines of `{"type":"ADDED","object":{…}}`, whose objects are the bytes that GET and LIST answer with.
final class JsonFrames implements Frames {
  private static final byte[] TAIL = "}\n".getBytes(StandardCharsets.UTF_8);

  private final WatchedKind kind;
  private final EncodingKey added;
  private final EncodingKey modified;
  private final EncodingKey deleted;

  JsonFrames(WatchedKind kind) {
    VersionedType version = kind.version();
    this.kind = kind;
    this.added = key("ADDED", version);
    this.modified = key("MODIFIED", version);
    this.deleted = key("DELETED", version);
  }

  private static EncodingKey key(String type, VersionedType version) {
    return new EncodingKey("watch-json-" + type, version.kind().apiVersion());
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public boolean text() {
    return true;
  }

  @Override
  public Buffer initial(CachedObject object, boolean framed) {
    return cut(frame("ADDED", kind.forms().json(object, kind.version())), framed);
  }

  @Override
  public Buffer event(WatchedEvent watched, boolean framed) {
    byte[] bytes =
        switch (watched.type()) {
          case ADDED -> watched.event().encoded(added, _ -> frame("ADDED", kind.forms().json(watched.object(), kind.version())));
          case MODIFIED -> watched.event().encoded(modified, _ -> frame("MODIFIED", kind.forms().json(watched.object(), kind.version())));
          case DELETED -> watched.event().encoded(deleted, e -> frame("DELETED", JsonWriter.write(deletedTree(watched, e))));
        };
    return cut(bytes, framed);
  }

  private ObjectValue deletedTree(WatchedEvent watched, CacheEvent event) {
    return kind.tree(watched.object(), event.revision());
  }

  @Override
  public Buffer bookmark(long revision, boolean initialEnd, boolean framed) {
    return cut(frame("BOOKMARK", JsonWriter.write(kind.bookmark(revision, initialEnd))), framed);
  }

  @Override
  public Buffer error(ObjectValue status, boolean framed) {
    return cut(frame("ERROR", JsonWriter.write(status)), framed);
  }

  private static byte[] frame(String type, byte[] object) {
    byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[head.length + object.length + TAIL.length];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(object, 0, frame, head.length, object.length);
    System.arraycopy(TAIL, 0, frame, head.length + object.length, TAIL.length);
    return frame;
  }

  // A WebSocket's frames have no newline of their own.
  private static Buffer cut(byte[] frame, boolean framed) {
    Buffer whole = Buffer.buffer(io.netty.buffer.Unpooled.wrappedBuffer(frame).array());
    return framed ? whole : whole.slice(0, frame.length - 1);
  }
}
