package io.thyra.authentication;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 without its checked exception: every Java has it.
final class Digests {
  private Digests() {}

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
