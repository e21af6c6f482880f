package io.thyra.machinery;

/// The text of an IPv6 address: lower case, the first of the longest runs of zeros left out. Source: RFC 5952.
public final class Ipv6Text {
  private static final int GROUPS = 8;

  private Ipv6Text() {}

  /// @param bytes sixteen
  public static String of(byte[] bytes) {
    int start = -1;
    // One zero alone is not left out.
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && group(bytes, i + run) == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
    }
    var out = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        out.append("::");
        i += length - 1;
      } else {
        out.append(i == 0 || i == start + length && start >= 0 ? "" : ":").append(Integer.toHexString(group(bytes, i)));
      }
    }
    return out.toString();
  }

  private static int group(byte[] bytes, int i) {
    return (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
  }
}
