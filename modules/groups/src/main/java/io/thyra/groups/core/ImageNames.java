package io.thyra.groups.core;

/// The parts of an image reference. Source: pkg/util/parsers.
final class ImageNames {
  private ImageNames() {}

  /// The tag: the one that is written, empty for a digest alone, `latest` when nothing is said. A reference that cannot
  /// be parsed has none.
  static String tag(String image) {
    if (!isReference(image)) {
      return "";
    }
    int digest = image.indexOf('@');
    String name = digest >= 0 ? image.substring(0, digest) : image;
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf('/')) {
      return name.substring(colon + 1);
    }
    return digest >= 0 ? "" : "latest";
  }

  private static final java.util.regex.Pattern REFERENCE =
      java.util.regex.Pattern.compile(
          "(?:(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
              + "|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?/)?"
              + "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
              + "(?::[\\w][\\w.-]{0,127})?"
              + "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

  // Longer texts are no names to any registry; the bound keeps the expression cheap.
  private static final int LENGTH_MAX = 1024;

  private static final int PATH_LENGTH_MAX = 255;

  // A name without a registry is one of Docker Hub's, in its library when it has but one part.
  private static String path(String image) {
    int digest = image.indexOf('@');
    String name = digest >= 0 ? image.substring(0, digest) : image;
    int colon = name.lastIndexOf(':');
    name = colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost") || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
    if (registry) {
      return name.substring(slash + 1);
    }
    return slash < 0 ? "library/" + name : name;
  }

  private static boolean isReference(String image) {
    return image.length() <= LENGTH_MAX && REFERENCE.matcher(image).matches() && path(image).length() <= PATH_LENGTH_MAX;
  }
}
