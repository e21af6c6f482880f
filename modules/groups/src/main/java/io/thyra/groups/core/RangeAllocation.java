package io.thyra.groups.core;

import io.thyra.codec.DecodeException;
import io.thyra.codec.ProtobufEnvelope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/// The object in which API servers keep what they have handed out of a range. It is stored and never served.
/// Source: api core/v1 RangeAllocation, pkg/registry/core/service/allocator/bitmap.go.
///
/// @param range as the flag has it, `30000-32767`
record RangeAllocation(String range, BitSet taken) {
  private static final String KIND = "RangeAllocation";
  private static final int METADATA = 1 << 3 | 2;
  private static final int RANGE = 2 << 3 | 2;
  private static final int DATA = 3 << 3 | 2;

  byte[] encode() {
    var out = new ByteArrayOutputStream();
    field(out, METADATA, new byte[0]);
    field(out, RANGE, range.getBytes(StandardCharsets.UTF_8));
    field(out, DATA, reversed(taken.toByteArray()));
    return new ProtobufEnvelope("v1", KIND, out.toByteArray(), "", "").write();
  }

  private static void field(ByteArrayOutputStream out, int tag, byte[] value) {
    out.write(tag);
    int rest = value.length;
    while (rest > 0x7F) {
      out.write(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    out.writeBytes(value);
  }

  /// The set is one number, its highest byte first.
  private static byte[] reversed(byte[] bytes) {
    var out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[bytes.length - 1 - i] = bytes[i];
    }
    return out;
  }

  /// @throws DecodeException when the bytes are no such object
  static RangeAllocation decode(byte[] stored) {
    ProtobufEnvelope envelope = ProtobufEnvelope.read(stored);
    if (!envelope.kind().equals(KIND)) {
      throw new DecodeException("a " + envelope.kind() + " where a " + KIND + " should be");
    }
    byte[] raw = envelope.raw();
    String range = "";
    var taken = new BitSet();
    int at = 0;
    while (at < raw.length) {
      int tag = raw[at++];
      int length = 0;
      for (int shift = 0; ; shift += 7) {
        if (at >= raw.length || shift > 28) {
          throw new DecodeException("a broken " + KIND);
        }
        byte next = raw[at++];
        length |= (next & 0x7F) << shift;
        if (next >= 0) {
          break;
        }
      }
      // All fields of the message are of this type.
      if ((tag & 7) != 2 || length < 0 || length > raw.length - at) {
        throw new DecodeException("a broken " + KIND);
      }
      if (tag == RANGE) {
        range = new String(raw, at, length, StandardCharsets.UTF_8);
      } else if (tag == DATA) {
        taken = BitSet.valueOf(reversed(java.util.Arrays.copyOfRange(raw, at, at + length)));
      }
      at += length;
    }
    return new RangeAllocation(range, taken);
  }
}
