package io.thyra.codec;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Puts encoded items together to a list without encoding them again, in pieces of a bounded size: a piece ends with the
/// first item that takes it past the bound.
public final class ListEncoder {
  /// Large enough to keep writes few, small enough to keep a slow client's share of memory low.
  public static final int PIECE_BYTES = 64 * 1024;

  /// items = 2, delimited by its length.
  private static final int ITEM_TAG = 2 << 3 | ProtobufSink.BYTES;

  private ListEncoder() {}

  /// The pieces of a compact JSON list, made as they are taken.
  public static Iterator<byte[]> json(ListHead head, Iterator<EncodedObject> items) {
    return new JsonPieces(head, items);
  }

  private static final class JsonPieces implements Iterator<byte[]> {
    private final ListHead head;
    private final Iterator<EncodedObject> items;
    private boolean begun;
    private boolean done;
    private boolean first = true;

    JsonPieces(ListHead head, Iterator<EncodedObject> items) {
      this.head = head;
      this.items = items;
    }

    @Override
    public boolean hasNext() {
      return !done;
    }

    @Override
    public byte[] next() {
      if (done) {
        throw new java.util.NoSuchElementException();
      }
      ByteSink start = new ByteSink(256);
      if (!begun) {
        begin(start);
        begun = true;
      }
      var batch = new ArrayList<EncodedObject>();
      int size = start.size();
      while (size < PIECE_BYTES && items.hasNext()) {
        EncodedObject item = items.next();
        size += item.itemSize() + (first && batch.isEmpty() ? 0 : 1);
        batch.add(item);
      }
      ByteSink tail = new ByteSink(256);
      if (!items.hasNext()) {
        end(tail);
        done = true;
      }
      ByteSink out = new ByteSink(size + tail.size()).put(start.take());
      for (EncodedObject item : batch) {
        if (!first) {
          out.put(',');
        }
        first = false;
        item.writeItem(out);
      }
      return out.put(tail.take()).take();
    }

    private void begin(ByteSink out) {
      if (head.custom()) {
        out.ascii("{\"apiVersion\":");
        JsonWriter.string(head.apiVersion(), out);
      } else {
        out.ascii("{\"kind\":");
        JsonWriter.string(head.kind(), out);
        out.ascii(",\"apiVersion\":");
        JsonWriter.string(head.apiVersion(), out);
        out.ascii(",\"metadata\":");
        JsonWriter.write(head.metadata(), out);
      }
      out.ascii(",\"items\":[");
    }

    private void end(ByteSink out) {
      out.put(']');
      if (head.custom()) {
        out.ascii(",\"kind\":");
        JsonWriter.string(head.kind(), out);
        out.ascii(",\"metadata\":");
        JsonWriter.write(head.metadata(), out);
      }
      out.ascii("}\n");
    }
  }

  /// The pieces of an enveloped protobuf list; items are bare messages. All sizes must be known before the first byte.
  public static List<byte[]> protobuf(ListHead head, List<EncodedMessage> items) {
    var metadata = new ProtobufSink(128);
    Long remaining = head.remainingItemCount();
    if (remaining != null) {
      metadata.integer(4, remaining);
    }
    metadata.string(3, head.continueToken());
    metadata.string(2, head.resourceVersion());
    metadata.string(1, "");
    metadata.close(1, 0);
    long size = metadata.size();
    for (EncodedMessage item : items) {
      size += itemSize(item.size());
    }
    var envelope = new ProtobufEnvelope(head.apiVersion(), head.kind(), new byte[0], "", "");
    var start = new ProtobufSink(256);
    start.put(metadata.toByteArray());
    envelope.writeHead(start, size);
    var tail = new ProtobufSink(64);
    envelope.writeTail(tail);

    var pieces = new ArrayList<byte[]>();
    byte[] before = start.toByteArray();
    int next = 0;
    do {
      int from = next;
      int length = before.length;
      while (next < items.size() && length < PIECE_BYTES) {
        length += itemSize(items.get(next++).size());
      }
      byte[] after = next == items.size() ? tail.toByteArray() : new byte[0];
      ByteSink piece = new ByteSink(length + after.length).put(before);
      for (EncodedMessage item : items.subList(from, next)) {
        item.putInto(putVarint(piece.put(ITEM_TAG), item.size()));
      }
      pieces.add(piece.put(after).take());
      before = new byte[0];
    } while (next < items.size());
    return List.copyOf(pieces);
  }

  private static int itemSize(int length) {
    return 1 + (38 - Integer.numberOfLeadingZeros(length | 1)) / 7 + length;
  }

  private static ByteSink putVarint(ByteSink out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.put(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    return out.put(rest);
  }
}
