package io.thyra.codec;

/// Another form of an object that a client asked for in its Accept header.
///
/// @param version of meta.k8s.io: v1 or v1beta1
public record Transform(Kind kind, String version) {
  /// The kinds of meta.k8s.io that objects can be turned into.
  public enum Kind {
    TABLE("Table"),
    PARTIAL_OBJECT("PartialObjectMetadata"),
    PARTIAL_OBJECT_LIST("PartialObjectMetadataList");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public String apiVersion() {
    return "meta.k8s.io/" + version;
  }
}
