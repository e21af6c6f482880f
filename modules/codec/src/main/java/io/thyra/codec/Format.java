package io.thyra.codec;

import org.jspecify.annotations.Nullable;

/// The representations of objects. CBOR is none of them, as on a server without its feature gate.
public enum Format {
  JSON("application/json"),
  YAML("application/yaml"),
  PROTOBUF("application/vnd.kubernetes.protobuf");

  private final String mediaType;

  Format(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /// Whether watches can be framed in it.
  public boolean streams() {
    return this != YAML;
  }

  static @Nullable Format of(String mediaType) {
    for (Format format : values()) {
      if (format.mediaType.equals(mediaType)) {
        return format;
      }
    }
    return null;
  }
}
