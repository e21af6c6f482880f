package io.thyra.machinery;

import java.util.random.RandomGenerator;

/// Makes names from a base: the base, cut to 58 bytes, and five random letters or digits that spell no word.
/// Source: apiserver pkg/storage/names/generate.go and apimachinery pkg/util/rand.
public final class NameGenerator {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final int BASE_BYTES_MAX = 63 - SUFFIX_LENGTH;

  private final RandomGenerator random;

  /// @param random safe for every thread that asks for names
  public NameGenerator(RandomGenerator random) {
    this.random = random;
  }

  public String generate(String base) {
    int end = base.length();
    while (Texts.bytes(base.substring(0, end)) > BASE_BYTES_MAX) {
      end = end > BASE_BYTES_MAX ? BASE_BYTES_MAX : end - 1;
    }
    var name = new StringBuilder(base.substring(0, end));
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
