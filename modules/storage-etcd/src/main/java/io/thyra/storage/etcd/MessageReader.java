package io.thyra.storage.etcd;

import io.vertx.core.buffer.Buffer;

/// Reads one protobuf message field by field. Each field that [#next] came to is read by one call or left alone. Bytes that end
/// too early throw [IndexOutOfBoundsException].
///
/// ```
///   while (in.next()) {
///     switch (in.field()) { case 1 -> key = in.bytes(); ... default -> {} }
///   }
/// ```
final class MessageReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final Buffer in;
  private final int end;
  private int position;
  private int field;

  // Of the field that was come to: its number, or where its bytes are.
  private long number;
  private int from;

  MessageReader(Buffer in) {
    this(in, 0, in.length());
  }

  private MessageReader(Buffer in, int from, int end) {
    this.in = in;
    this.position = from;
    this.end = end;
  }

  /// Goes to the next field; false at the end.
  boolean next() {
    if (position >= end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    switch ((int) tag & 7) {
      case VARINT -> number = varint();
      case FIXED64 -> position += 8;
      case FIXED32 -> position += 4;
      case LENGTH -> {
        int length = (int) varint();
        from = position;
        position = Math.addExact(from, length);
        if (length < 0 || position > end) {
          throw new IndexOutOfBoundsException("a field of " + length + " bytes with " + (end - from) + " left");
        }
      }
      default -> throw new IndexOutOfBoundsException("a field of the unknown type " + (tag & 7));
    }
    return true;
  }

  int field() {
    return field;
  }

  long number() {
    return number;
  }

  boolean flag() {
    return number != 0;
  }

  /// A copy: it does not keep the whole message alive.
  Buffer bytes() {
    return in.getBuffer(from, position);
  }

  String text() {
    return in.getString(from, position);
  }

  MessageReader message() {
    return new MessageReader(in, from, position);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.getByte(position++);
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException("a number of more than ten bytes");
  }
}
