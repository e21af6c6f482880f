package io.thyra.codec;

/// The protobuf message of one object, as it goes into an answer. What it is made of is shared and must not be changed; it is put
/// together where it is written to, so that an item of a list is copied once.
public final class EncodedMessage {
  private static final byte[] NOTHING = {};

  private final byte[] source;
  private final int begin;
  private final int end;
  // The stamp: what replaces the source's bytes between two places, the head of the enclosing field and the field itself.
  private final byte[] outer;
  private final int outerFrom;
  private final int outerTo;
  private final byte[] inner;
  private final int innerFrom;
  private final int innerTo;

  private EncodedMessage(byte[] source, int begin, int end, byte[] outer, int outerFrom, int outerTo, byte[] inner, int innerFrom, int innerTo) {
    this.source = source;
    this.begin = begin;
    this.end = end;
    this.outer = outer;
    this.outerFrom = outerFrom;
    this.outerTo = outerTo;
    this.inner = inner;
    this.innerFrom = innerFrom;
    this.innerTo = innerTo;
  }

  /// A whole message.
  public static EncodedMessage of(byte[] message) {
    return new EncodedMessage(message, 0, message.length, NOTHING, 0, 0, NOTHING, 0, 0);
  }

  /// The message between two places of `source`, with two stretches replaced, the second behind the first.
  static EncodedMessage spliced(
      byte[] source, int begin, int end, byte[] outer, int outerFrom, int outerTo, byte[] inner, int innerFrom, int innerTo) {
    return new EncodedMessage(source, begin, end, outer, outerFrom, outerTo, inner, innerFrom, innerTo);
  }

  /// In bytes.
  public int size() {
    return end - begin - (outerTo - outerFrom) - (innerTo - innerFrom) + outer.length + inner.length;
  }

  void putInto(ByteSink out) {
    int at = begin;
    if (outer.length > 0) {
      out.put(source, at, outerFrom - at).put(outer).put(source, outerTo, innerFrom - outerTo).put(inner);
      at = innerTo;
    }
    out.put(source, at, end - at);
  }

  /// The message in an envelope of its type: the answer to who asked for the object alone.
  public byte[] enveloped(String apiVersion, String kind) {
    var envelope = new ProtobufEnvelope(apiVersion, kind, NOTHING, "", "");
    var head = new ProtobufSink(128);
    envelope.writeHead(head, size());
    var tail = new ProtobufSink(64);
    envelope.writeTail(tail);
    var out = new ByteSink(head.size() + size() + tail.size()).put(head.toByteArray());
    putInto(out);
    return out.put(tail.toByteArray()).take();
  }

  public byte[] toByteArray() {
    if (outer.length == 0 && begin == 0 && end == source.length) {
      return source;
    }
    var out = new ByteSink(size());
    putInto(out);
    return out.take();
  }
}
