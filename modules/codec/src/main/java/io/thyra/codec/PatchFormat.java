package io.thyra.codec;

import java.util.List;
import java.util.stream.Collectors;

/// The media types of PATCH bodies, in the order in which upstream lists them.
public enum PatchFormat {
  JSON_PATCH("application/json-patch+json"),
  MERGE_PATCH("application/merge-patch+json"),
  STRATEGIC_MERGE_PATCH("application/strategic-merge-patch+json"),
  APPLY("application/apply-patch+yaml");

  static final List<PatchFormat> OF_BUILTINS = List.of(values());
  static final List<PatchFormat> OF_CUSTOM_RESOURCES = List.of(JSON_PATCH, MERGE_PATCH, APPLY);

  private final String mediaType;

  PatchFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  static String listed(List<PatchFormat> formats) {
    return formats.stream().map(PatchFormat::mediaType).collect(Collectors.joining(", "));
  }
}
