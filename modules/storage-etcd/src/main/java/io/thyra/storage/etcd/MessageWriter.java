package io.thyra.storage.etcd;

import io.vertx.core.buffer.Buffer;

/// Writes one protobuf message. Numbers that are 0 and bytes that are empty are left out, as proto3 has it.
final class MessageWriter {
  private static final int VARINT = 0;
  private static final int LENGTH = 2;

  private final Buffer out = Buffer.buffer(64);

  MessageWriter number(int field, long value) {
    if (value != 0) {
      varint((long) field << 3 | VARINT);
      varint(value);
    }
    return this;
  }

  MessageWriter flag(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  MessageWriter bytes(int field, Buffer value) {
    return value.length() == 0 ? this : delimited(field, value);
  }

  /// A message within this one; written also when it is empty.
  MessageWriter message(int field, MessageWriter value) {
    return delimited(field, value.out);
  }

  private MessageWriter delimited(int field, Buffer value) {
    varint((long) field << 3 | LENGTH);
    varint(value.length());
    out.appendBuffer(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.appendByte((byte) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.appendByte((byte) rest);
  }

  Buffer bytes() {
    return out;
  }
}
