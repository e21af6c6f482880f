package io.thyra.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growable byte buffer that is written backwards, so that the length of a nested message is known when it is put in
/// front of it. For one thread.
final class ProtobufSink {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;

  private byte[] bytes;
  private int start;

  ProtobufSink(int expectedSize) {
    bytes = new byte[Math.max(64, expectedSize)];
    start = bytes.length;
  }

  int size() {
    return bytes.length - start;
  }

  byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }

  void put(byte[] source, int from, int length) {
    reserve(length);
    start -= length;
    System.arraycopy(source, from, bytes, start, length);
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  void varint(long value) {
    int length = varintSize(value);
    reserve(length);
    start -= length;
    int at = start;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[at] = (byte) rest;
  }

  void fixed64(long value) {
    reserve(8);
    start -= 8;
    for (int i = 0; i < 8; i++) {
      bytes[start + i] = (byte) (value >>> (8 * i));
    }
  }

  void tag(int number, int wireType) {
    varint((long) number << 3 | wireType);
  }

  /// Puts length and tag before what has been written since the buffer had `sizeBefore` bytes.
  void close(int number, int sizeBefore) {
    varint(size() - sizeBefore);
    tag(number, BYTES);
  }

  @SuppressWarnings("deprecation") // The one copy of ASCII text without an encoder.
  void string(int number, String text) {
    int length = text.length();
    boolean ascii = true;
    for (int i = 0; i < length && ascii; i++) {
      ascii = text.charAt(i) < 128;
    }
    if (ascii) {
      reserve(length);
      start -= length;
      text.getBytes(0, length, bytes, start);
      varint(length);
      tag(number, BYTES);
    } else {
      bytes(number, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  void bytes(int number, byte[] value) {
    put(value);
    varint(value.length);
    tag(number, BYTES);
  }

  void bytes(int number, ByteSink value) {
    int length = value.size();
    reserve(length);
    start -= length;
    value.copyInto(bytes, start);
    varint(length);
    tag(number, BYTES);
  }

  void integer(int number, long value) {
    varint(value);
    tag(number, VARINT);
  }

  private static int varintSize(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void reserve(int length) {
    if (start >= length) {
      return;
    }
    int used = size();
    byte[] larger = new byte[Math.max(Math.addExact(used, length), (int) Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L))];
    System.arraycopy(bytes, start, larger, larger.length - used, used);
    start = larger.length - used;
    bytes = larger;
  }
}
