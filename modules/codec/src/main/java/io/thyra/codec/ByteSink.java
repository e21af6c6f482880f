package io.thyra.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growable byte buffer that is written forwards. For one thread.
public final class ByteSink {
  private byte[] bytes;
  private int size;

  public ByteSink(int expectedSize) {
    bytes = new byte[Math.max(64, expectedSize)];
  }

  public int size() {
    return size;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// What was written, without a copy where the expected size was the true one. Ends the sink's use.
  byte[] take() {
    byte[] taken = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    bytes = new byte[0];
    size = 0;
    return taken;
  }

  /// Copies what was written into an array that has room for it.
  void copyInto(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, size);
  }

  /// Takes back what was written behind a position.
  void truncate(int position) {
    size = position;
  }

  /// Whether what was written from a position on is exactly this.
  boolean endsWith(int position, byte[] expected) {
    return Arrays.equals(bytes, position, size, expected, 0, expected.length);
  }

  public ByteSink put(int b) {
    if (size == bytes.length) {
      grow(1);
    }
    bytes[size++] = (byte) b;
    return this;
  }

  public ByteSink put(byte[] source) {
    return put(source, 0, source.length);
  }

  public ByteSink put(byte[] source, int from, int length) {
    grow(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
    return this;
  }

  /// Text of ASCII characters only.
  @SuppressWarnings("deprecation") // The one copy of Latin-1 text without an encoder.
  public ByteSink ascii(String text) {
    int length = text.length();
    grow(length);
    text.getBytes(0, length, bytes, size);
    size += length;
    return this;
  }

  public ByteSink utf8(String text) {
    return put(text.getBytes(StandardCharsets.UTF_8));
  }

  public ByteSink decimal(long number) {
    if (number >= 0 && number < 10) {
      return put('0' + (int) number);
    }
    return ascii(Long.toString(number));
  }

  /// A code point in UTF-8.
  void codePoint(int c) {
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6).put(0x80 | c & 0x3F);
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12).put(0x80 | c >> 6 & 0x3F).put(0x80 | c & 0x3F);
    } else {
      put(0xF0 | c >> 18).put(0x80 | c >> 12 & 0x3F).put(0x80 | c >> 6 & 0x3F).put(0x80 | c & 0x3F);
    }
  }

  private void grow(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int) Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L)));
    }
  }
}
