package io.thyra.codec;

import java.nio.charset.StandardCharsets;

/// What stands around a protobuf object: the four bytes `k8s\0` and a runtime.Unknown that names the type.
/// Source: apimachinery pkg/runtime/serializer/protobuf/protobuf.go.
///
/// @param raw the bytes of the object's message
public record ProtobufEnvelope(String apiVersion, String kind, byte[] raw, String contentEncoding, String contentType) {
  private static final byte[] PREFIX = {'k', '8', 's', 0};
  static final int PREFIX_BYTES = 4;

  /// The number of the field that holds the object.
  static final int RAW = 2;

  /// Whether bytes begin as an enveloped object does.
  public static boolean recognizes(byte[] data) {
    return data.length >= PREFIX.length && data[0] == 'k' && data[1] == '8' && data[2] == 's' && data[3] == 0;
  }

  /// How an enveloped object of a type begins, as it is written everywhere; what stands behind is the object.
  public static byte[] head(String apiVersion, String kind) {
    var out = new ProtobufSink(128);
    new ProtobufEnvelope(apiVersion, kind, new byte[0], "", "").writeType(out);
    return out.toByteArray();
  }

  /// @throws DecodeException when the bytes are no envelope
  public static ProtobufEnvelope read(byte[] data) {
    if (data.length == 0) {
      throw new DecodeException("empty data");
    }
    if (!recognizes(data)) {
      throw new DecodeException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    if (data.length == PREFIX.length) {
      throw new DecodeException("empty body");
    }
    String apiVersion = "";
    String kind = "";
    byte[] raw = {};
    String contentEncoding = "";
    String contentType = "";
    var in = new ProtobufSource(data, PREFIX.length, data.length, "Unknown");
    while (in.next()) {
      switch (in.number()) {
        case 1 -> {
          var type = in.message("TypeMeta", "TypeMeta");
          while (type.next()) {
            switch (type.number()) {
              case 1 -> apiVersion = type.string("APIVersion");
              case 2 -> kind = type.string("Kind");
              default -> type.skip();
            }
          }
        }
        case 2 -> raw = in.bytes("Raw");
        case 3 -> contentEncoding = in.string("ContentEncoding");
        case 4 -> contentType = in.string("ContentType");
        default -> in.skip();
      }
    }
    return new ProtobufEnvelope(apiVersion, kind, raw, contentEncoding, contentType);
  }

  public byte[] write() {
    var out = new ProtobufSink(raw.length + 128);
    writeTail(out);
    out.put(raw);
    writeHead(out, raw.length);
    return out.toByteArray();
  }

  /// What follows the raw bytes, in a buffer that is written backwards.
  void writeTail(ProtobufSink out) {
    out.string(4, contentType);
    out.string(3, contentEncoding);
  }

  /// What precedes raw bytes of a length, in a buffer that is written backwards.
  void writeHead(ProtobufSink out, long rawLength) {
    out.varint(rawLength);
    out.tag(RAW, ProtobufSink.BYTES);
    writeType(out);
  }

  private void writeType(ProtobufSink out) {
    int before = out.size();
    out.bytes(2, kind.getBytes(StandardCharsets.UTF_8));
    out.bytes(1, apiVersion.getBytes(StandardCharsets.UTF_8));
    out.close(1, before);
    out.put(PREFIX);
  }
}
