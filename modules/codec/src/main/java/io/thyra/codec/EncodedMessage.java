package io.thyra.codec;

import java.util.List;

/// The protobuf message of one object, as it goes into an answer. What it is made of is shared and must not be changed; it is put
/// together where it is written to, so that an item of a list is copied once.
public final class EncodedMessage {
  private static final byte[] NOTHING = {};

  /// Bytes of an array from a place up to another.
  record Piece(byte[] source, int from, int to) {
    static Piece of(byte[] whole) {
      return new Piece(whole, 0, whole.length);
    }
  }

  private final List<Piece> pieces;
  private final int size;

  private EncodedMessage(List<Piece> pieces) {
    this.pieces = pieces;
    int all = 0;
    for (Piece piece : pieces) {
      all += piece.to() - piece.from();
    }
    this.size = all;
  }

  /// A whole message.
  public static EncodedMessage of(byte[] message) {
    return new EncodedMessage(List.of(Piece.of(message)));
  }

  /// The message that pieces make one after the other.
  static EncodedMessage of(Piece... pieces) {
    return new EncodedMessage(List.of(pieces));
  }

  /// In bytes.
  public int size() {
    return size;
  }

  void putInto(ByteSink out) {
    for (Piece piece : pieces) {
      out.put(piece.source(), piece.from(), piece.to() - piece.from());
    }
  }

  /// The message in an envelope of its type: the answer to who asked for the object alone.
  public byte[] enveloped(String apiVersion, String kind) {
    var envelope = new ProtobufEnvelope(apiVersion, kind, NOTHING, "", "");
    var head = new ProtobufSink(128);
    envelope.writeHead(head, size);
    var tail = new ProtobufSink(64);
    envelope.writeTail(tail);
    var out = new ByteSink(head.size() + size + tail.size()).put(head.toByteArray());
    putInto(out);
    return out.put(tail.toByteArray()).take();
  }

  /// A copy.
  public byte[] toByteArray() {
    var out = new ByteSink(size);
    putInto(out);
    return out.take();
  }
}
