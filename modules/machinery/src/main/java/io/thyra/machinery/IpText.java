package io.thyra.machinery;

import java.util.Arrays;
import java.util.Optional;

/// An IP address as a text, read the way old Go did: decimal octets may have leading zeros. Four bytes for a text with
/// dots, sixteen for one with colons. Source: k8s.io/utils internal/third_party/forked/golang/net.
final class IpText {
  private static final int TOO_LARGE = 0xFFFFFF;

  private final byte[] bytes;
  private final boolean strict;

  private IpText(byte[] bytes, boolean strict) {
    this.bytes = bytes;
    this.strict = strict;
  }

  static Optional<IpText> parse(String text) {
    int dot = text.indexOf('.');
    int colon = text.indexOf(':');
    if (dot >= 0 && (colon < 0 || dot < colon)) {
      return parse4(text);
    }
    return colon >= 0 ? parse6(text) : Optional.empty();
  }

  private static Optional<IpText> parse4(String text) {
    String[] octets = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    boolean strict = true;
    if (octets.length != 4) {
      return Optional.empty();
    }
    for (int i = 0; i < 4; i++) {
      int octet = number(octets[i], 10);
      if (octet < 0 || octet > 0xFF) {
        return Optional.empty();
      }
      strict &= octets[i].length() == 1 || octets[i].charAt(0) != '0';
      bytes[i] = (byte) octet;
    }
    return Optional.of(new IpText(bytes, strict));
  }

  private static Optional<IpText> parse6(String text) {
    byte[] bytes = new byte[16];
    boolean strict = true;
    int gap = -1;
    int size = 0;
    String rest = text;
    if (rest.startsWith("::")) {
      gap = 0;
      rest = rest.substring(2);
    }
    while (!rest.isEmpty()) {
      if (size == 16) {
        return Optional.empty();
      }
      int end = 0;
      while (end < rest.length() && Character.digit(rest.charAt(end), 16) >= 0 && rest.charAt(end) < 0x80) {
        end++;
      }
      if (end < rest.length() && rest.charAt(end) == '.') {
        Optional<IpText> tail = parse4(rest);
        if (tail.isEmpty() || gap < 0 && size != 12 || size > 12) {
          return Optional.empty();
        }
        System.arraycopy(tail.get().bytes, 0, bytes, size, 4);
        strict &= tail.get().strict;
        size += 4;
        break;
      }
      int group = number(rest.substring(0, end), 16);
      if (group < 0 || group > 0xFFFF) {
        return Optional.empty();
      }
      strict &= end <= 4;
      bytes[size++] = (byte) (group >> 8);
      bytes[size++] = (byte) group;
      rest = rest.substring(end);
      if (rest.isEmpty()) {
        break;
      }
      if (rest.charAt(0) != ':' || rest.length() == 1) {
        return Optional.empty();
      }
      rest = rest.substring(1);
      if (rest.charAt(0) == ':') {
        if (gap >= 0) {
          return Optional.empty();
        }
        gap = size;
        rest = rest.substring(1);
      }
    }
    if ((size == 16) == (gap >= 0)) {
      return Optional.empty();
    }
    if (size < 16) {
      System.arraycopy(bytes, gap, bytes, 16 - (size - gap), size - gap);
      Arrays.fill(bytes, gap, 16 - (size - gap), (byte) 0);
    }
    return Optional.of(new IpText(bytes, strict));
  }

  /// The number, -1 when the text is none or is far too large.
  static int number(String text, int radix) {
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
      number = number * radix + digit;
      if (digit < 0 || number >= TOO_LARGE) {
        return -1;
      }
    }
    return text.isEmpty() ? -1 : number;
  }

  /// Whether present-day Go reads it too.
  boolean isStrict() {
    return strict;
  }

  boolean is6() {
    return bytes.length == 16;
  }

  /// Whether it is an IPv4 address inside an IPv6 one.
  boolean isMapped() {
    if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  boolean is4() {
    return !is6() || isMapped();
  }

  int bits() {
    return bytes.length * 8;
  }

  /// The address with the bits past a prefix cleared.
  IpText masked(int prefix) {
    byte[] out = bytes.clone();
    for (int bit = prefix; bit < bits(); bit++) {
      out[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    return new IpText(out, strict);
  }

  boolean sameBytes(IpText other) {
    return Arrays.equals(bytes, other.bytes);
  }

  /// The canonical text; a mapped IPv4 address prints as IPv4.
  @Override
  public String toString() {
    if (is4()) {
      int from = bytes.length - 4;
      return (bytes[from] & 0xff) + "." + (bytes[from + 1] & 0xff) + "." + (bytes[from + 2] & 0xff) + "." + (bytes[from + 3] & 0xff);
    }
    return Ipv6Text.of(bytes);
  }
}
