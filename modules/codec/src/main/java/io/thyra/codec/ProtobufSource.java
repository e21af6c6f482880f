package io.thyra.codec;

import java.util.Arrays;

/// Reads the fields of one protobuf message within its bounds, with the errors of gogo's generated code.
/// For one thread.
final class ProtobufSource {
  private final byte[] data;
  private final int end;
  private final String type;
  private int at;
  private int number;
  private int wireType;

  /// @param type the Go name of the message, for errors
  ProtobufSource(byte[] data, int from, int end, String type) {
    this.data = data;
    this.at = from;
    this.end = end;
    this.type = type;
  }

  /// Moves to the next field; false at the end of the message.
  boolean next() {
    if (at >= end) {
      return false;
    }
    long tag = varint();
    number = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (wireType == 4) {
      throw new DecodeException("proto: " + type + ": wiretype end group for non-group");
    }
    if (number <= 0) {
      throw new DecodeException("proto: " + type + ": illegal tag " + number + " (wire type " + Long.toUnsignedString(tag) + ")");
    }
    return true;
  }

  int number() {
    return number;
  }

  long integer(String field) {
    expect(ProtobufSink.VARINT, field);
    return varint();
  }

  long fixed64(String field) {
    expect(ProtobufSink.FIXED64, field);
    if (end - at < 8) {
      throw unexpectedEnd();
    }
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | data[at + i] & 0xFF;
    }
    at += 8;
    return value;
  }

  String string(String field) {
    int length = length(field);
    at += length;
    return Utf8.string(data, at - length, at);
  }

  byte[] bytes(String field) {
    int length = length(field);
    at += length;
    return Arrays.copyOfRange(data, at - length, at);
  }

  ProtobufSource message(String field, String messageType) {
    int length = length(field);
    at += length;
    return new ProtobufSource(data, at - length, at, messageType);
  }

  private int length(String field) {
    expect(ProtobufSink.BYTES, field);
    long length = varint();
    if (length < 0) {
      throw new DecodeException("proto: negative length found during unmarshaling");
    }
    if (length > end - at) {
      throw unexpectedEnd();
    }
    return (int) length;
  }

  private void expect(int expected, String field) {
    if (wireType != expected) {
      throw new DecodeException("proto: wrong wireType = " + wireType + " for field " + field);
    }
  }

  /// Passes over the current field, groups included.
  void skip() {
    int depth = 0;
    int kind = wireType;
    while (true) {
      switch (kind) {
        case 0 -> varint();
        case 1 -> advance(8);
        case 2 -> {
          long length = varint();
          if (length < 0) {
            throw new DecodeException("proto: negative length found during unmarshaling");
          }
          advance(length);
        }
        case 3 -> depth++;
        case 4 -> {
          if (depth == 0) {
            throw new DecodeException("proto: unexpected end of group");
          }
          depth--;
        }
        case 5 -> advance(4);
        default -> throw new DecodeException("proto: illegal wireType " + kind);
      }
      if (depth == 0) {
        return;
      }
      if (at >= end) {
        throw unexpectedEnd();
      }
      kind = (int) (varint() & 7);
    }
  }

  private void advance(long length) {
    if (length > end - at) {
      throw unexpectedEnd();
    }
    at += (int) length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw unexpectedEnd();
      }
      byte b = data[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new DecodeException("proto: integer overflow");
  }

  private static DecodeException unexpectedEnd() {
    return new DecodeException("unexpected EOF");
  }
}
