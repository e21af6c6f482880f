package io.thyra.cel;

import static io.thyra.cel.Library.BOOL;
import static io.thyra.cel.Library.INT;
import static io.thyra.cel.Library.STRING;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import io.thyra.machinery.Ipv6Text;
import io.thyra.model.GoText;
import java.util.Arrays;
import java.util.HexFormat;

/// IP addresses and networks. Source: apiserver pkg/cel/library/ip.go, cidr.go, Go net/netip.
final class NetLibrary {
  private static final String IP = "net.IP";
  private static final String CIDR = "net.CIDR";
  private static final int LENGTH_4 = 4;
  private static final int LENGTH_6 = 16;

  private NetLibrary() {}

  /// An address of four or sixteen bytes.
  record Address(byte[] bytes, String zone) implements Opaque {
    boolean isV4() {
      return bytes.length == LENGTH_4;
    }

    private boolean isMapped() {
      if (isV4()) {
        return false;
      }
      for (int i = 0; i < 10; i++) {
        if (bytes[i] != 0) {
          return false;
        }
      }
      return bytes[10] == -1 && bytes[11] == -1;
    }

    private boolean isUnspecified() {
      return Arrays.equals(bytes, new byte[bytes.length]);
    }

    private boolean isLoopback() {
      if (isV4()) {
        return bytes[0] == 127;
      }
      byte[] one = new byte[LENGTH_6];
      one[15] = 1;
      return Arrays.equals(bytes, one);
    }

    private boolean isMulticast() {
      return isV4() ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == -1;
    }

    private boolean isLinkLocalMulticast() {
      return isV4() ? (bytes[0] & 0xff) == 224 && bytes[1] == 0 && bytes[2] == 0 : bytes[0] == -1 && (bytes[1] & 0x0f) == 2;
    }

    private boolean isLinkLocalUnicast() {
      return isV4()
          ? (bytes[0] & 0xff) == 169 && (bytes[1] & 0xff) == 254
          : (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80;
    }

    private boolean isGlobalUnicast() {
      boolean broadcast = isV4() && bytes[0] == -1 && bytes[1] == -1 && bytes[2] == -1 && bytes[3] == -1;
      return !broadcast && !isUnspecified() && !isLoopback() && !isMulticast() && !isLinkLocalUnicast();
    }

    @Override
    public String typeName() {
      return IP;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Address that && Arrays.equals(bytes, that.bytes) && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      if (isV4()) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
      }
      return Ipv6Text.of(bytes);
    }
  }

  /// A network: an address, which may have more bits than the prefix, and the length of the prefix.
  record Prefix(Address address, int bits) implements Opaque {
    @Override
    public String typeName() {
      return CIDR;
    }

    @Override
    public long size() {
      return (bits + 7L) / 8;
    }

    private Address masked(int length) {
      byte[] masked = address.bytes().clone();
      for (int i = 0; i < masked.length; i++) {
        int left = Math.clamp(length - i * 8L, 0, 8);
        masked[i] &= (byte) (0xff << (8 - left));
      }
      return new Address(masked, "");
    }

    private boolean contains(Address other) {
      return other.bytes().length == address.bytes().length && masked(bits).equals(new Prefix(other, bits).masked(bits));
    }

    private boolean contains(Prefix other) {
      return bits <= other.bits && contains(other.address);
    }

    @Override
    public String toString() {
      return address + "/" + bits;
    }
  }

  static void declare(Library lib) {
    CelType ip = lib.type(OpaqueType.create(IP));
    CelType cidr = lib.type(OpaqueType.create(CIDR));
    lib.global("ip", "string_to_ip", ip, a -> ip((String) a[0]), STRING);
    lib.member("family", "ip_family", INT, a -> ((Address) a[0]).isV4() ? 4L : 6L, ip);
    lib.global("ip.isCanonical", "ip_is_canonical", BOOL, a -> ip((String) a[0]).toString().equals(a[0]), STRING);
    lib.member("isUnspecified", "ip_is_unspecified", BOOL, a -> ((Address) a[0]).isUnspecified(), ip);
    lib.member("isLoopback", "ip_is_loopback", BOOL, a -> ((Address) a[0]).isLoopback(), ip);
    lib.member("isLinkLocalMulticast", "ip_is_link_local_multicast", BOOL, a -> ((Address) a[0]).isLinkLocalMulticast(), ip);
    lib.member("isLinkLocalUnicast", "ip_is_link_local_unicast", BOOL, a -> ((Address) a[0]).isLinkLocalUnicast(), ip);
    lib.member("isGlobalUnicast", "ip_is_global_unicast", BOOL, a -> ((Address) a[0]).isGlobalUnicast(), ip);
    lib.global("isIP", "is_ip", BOOL, a -> is(() -> ip((String) a[0])), STRING);
    lib.global("string", "ip_to_string", STRING, a -> a[0].toString(), ip);
    lib.global("cidr", "string_to_cidr", cidr, a -> network((String) a[0]), STRING);
    lib.member("containsIP", "cidr_contains_ip_string", BOOL, a -> ((Prefix) a[0]).contains(ip((String) a[1])), cidr, STRING);
    lib.member("containsIP", "cidr_contains_ip_ip", BOOL, a -> ((Prefix) a[0]).contains((Address) a[1]), cidr, ip);
    lib.member("containsCIDR", "cidr_contains_cidr_string", BOOL, a -> ((Prefix) a[0]).contains(network((String) a[1])), cidr, STRING);
    lib.member("containsCIDR", "cidr_contains_cidr", BOOL, a -> ((Prefix) a[0]).contains((Prefix) a[1]), cidr, cidr);
    lib.member("ip", "cidr_ip", ip, a -> ((Prefix) a[0]).address(), cidr);
    lib.member("prefixLength", "cidr_prefix_length", INT, a -> (long) ((Prefix) a[0]).bits(), cidr);
    lib.member("masked", "cidr_masked", cidr, a -> new Prefix(((Prefix) a[0]).masked(((Prefix) a[0]).bits()), ((Prefix) a[0]).bits()), cidr);
    lib.global("isCIDR", "is_cidr", BOOL, a -> is(() -> prefix((String) a[0])), STRING);
    lib.global("string", "cidr_to_string", STRING, a -> a[0].toString(), cidr);
  }

  private static boolean is(Runnable parsing) {
    try {
      parsing.run();
      return true;
    } catch (EvaluationException _) {
      return false;
    }
  }

  private static Address ip(String text) {
    Address address;
    try {
      address = address(text, true);
    } catch (EvaluationException e) {
      throw new EvaluationException("IP Address " + GoText.quote(text) + " parse error during conversion from string: " + e.getMessage());
    }
    if (!address.zone().isEmpty()) {
      throw new EvaluationException("IP address " + GoText.quote(text) + " with zone value is not allowed");
    }
    if (address.isMapped()) {
      throw new EvaluationException("IPv4-mapped IPv6 address " + GoText.quote(text) + " is not allowed");
    }
    return address;
  }

  private static Prefix network(String text) {
    try {
      return prefix(text);
    } catch (EvaluationException e) {
      throw new EvaluationException("network address parse error during conversion from string: " + e.getMessage());
    }
  }

  private static Prefix prefix(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      throw badPrefix(text, "no '/'");
    }
    Address address;
    try {
      address = address(text.substring(0, slash), true);
    } catch (EvaluationException e) {
      throw badPrefix(text, e.getMessage());
    }
    if (!address.zone().isEmpty()) {
      throw badPrefix(text, "IPv6 zones cannot be present in a prefix");
    }
    String digits = text.substring(slash + 1);
    boolean number = !digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || digits.length() > 1 && digits.charAt(0) == '0') {
      throw badPrefix(text, "bad bits after slash: " + GoText.quote(digits));
    }
    int bits = Integer.parseInt(digits);
    if (bits > address.bytes().length * 8) {
      throw badPrefix(text, "prefix length out of range");
    }
    if (address.isMapped()) {
      throw new EvaluationException("IPv4-mapped IPv6 address " + GoText.quote(text) + " is not allowed");
    }
    return new Prefix(address, bits);
  }

  private static EvaluationException badPrefix(String text, String why) {
    return new EvaluationException(
        "network address parse error during conversion from string: netip.ParsePrefix(" + GoText.quote(text) + "): " + why);
  }

  /// An address as netip.ParseAddr reads it.
  static Address address(String text, boolean zones) {
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '.' -> {
          byte[] bytes = new byte[LENGTH_4];
          parse4(text, text, bytes, 0);
          return new Address(bytes, "");
        }
        case ':' -> {
          return parse6(text, zones);
        }
        case '%' -> throw bad(text, "missing IPv6 address", "");
        default -> {}
      }
    }
    throw bad(text, "unable to parse IP", "");
  }

  private static EvaluationException bad(String text, String why, String at) {
    String where = at.isEmpty() ? "" : " (at " + GoText.quote(at) + ")";
    return new EvaluationException("ParseAddr(" + GoText.quote(text) + "): " + why + where);
  }

  private static void parse4(String whole, String part, byte[] bytes, int offset) {
    int value = 0;
    int position = 0;
    int digits = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c >= '0' && c <= '9') {
        if (digits == 1 && value == 0) {
          throw bad(whole, "IPv4 field has octet with leading zero", "");
        }
        value = value * 10 + c - '0';
        digits++;
        if (value > 0xff) {
          throw bad(whole, "IPv4 field has value >255", "");
        }
      } else if (c == '.') {
        if (i == 0 || i == part.length() - 1 || part.charAt(i - 1) == '.') {
          throw bad(whole, "IPv4 field must have at least one digit", part.substring(i));
        }
        if (position == 3) {
          throw bad(whole, "IPv4 address too long", "");
        }
        bytes[offset + position++] = (byte) value;
        value = 0;
        digits = 0;
      } else {
        throw bad(whole, "unexpected character", part.substring(i));
      }
    }
    if (position < 3) {
      throw bad(whole, "IPv4 address too short", "");
    }
    bytes[offset + 3] = (byte) value;
  }

  private static Address parse6(String text, boolean zones) {
    String s = text;
    String zone = "";
    int percent = text.indexOf('%');
    if (percent >= 0 && zones) {
      s = text.substring(0, percent);
      zone = text.substring(percent + 1);
      if (zone.isEmpty()) {
        throw bad(text, "zone must be a non-empty string", "");
      }
    }
    byte[] ip = new byte[LENGTH_6];
    int ellipsis = -1;
    if (s.startsWith("::")) {
      ellipsis = 0;
      s = s.substring(2);
      if (s.isEmpty()) {
        return new Address(ip, zone);
      }
    }
    int i = 0;
    while (i < LENGTH_6) {
      int off = 0;
      int value = 0;
      for (; off < s.length() && HexFormat.isHexDigit(s.charAt(off)); off++) {
        value = (value << 4) + HexFormat.fromHexDigit(s.charAt(off));
        if (off > 3) {
          throw bad(text, "each group must have 4 or less digits", s);
        }
      }
      if (off == 0) {
        throw bad(text, "each colon-separated field must have at least one digit", s);
      }
      if (off < s.length() && s.charAt(off) == '.') {
        if (ellipsis < 0 && i != 12) {
          throw bad(text, "embedded IPv4 address must replace the final 2 fields of the address", s);
        }
        if (i + LENGTH_4 > LENGTH_6) {
          throw bad(text, "too many hex fields to fit an embedded IPv4 at the end of the address", s);
        }
        parse4(text, s, ip, i);
        s = "";
        i += LENGTH_4;
        break;
      }
      ip[i] = (byte) (value >> 8);
      ip[i + 1] = (byte) value;
      i += 2;
      s = s.substring(off);
      if (s.isEmpty()) {
        break;
      }
      if (s.charAt(0) != ':') {
        throw bad(text, "unexpected character, want colon", s);
      }
      if (s.length() == 1) {
        throw bad(text, "colon must be followed by more characters", s);
      }
      s = s.substring(1);
      if (s.charAt(0) == ':') {
        if (ellipsis >= 0) {
          throw bad(text, "multiple :: in address", s);
        }
        ellipsis = i;
        s = s.substring(1);
        if (s.isEmpty()) {
          break;
        }
      }
    }
    if (!s.isEmpty()) {
      throw bad(text, "trailing garbage after address", s);
    }
    if (i < LENGTH_6) {
      if (ellipsis < 0) {
        throw bad(text, "address string too short", "");
      }
      int missing = LENGTH_6 - i;
      System.arraycopy(ip, ellipsis, ip, ellipsis + missing, i - ellipsis);
      Arrays.fill(ip, ellipsis, ellipsis + missing, (byte) 0);
    } else if (ellipsis >= 0) {
      throw bad(text, "the :: must expand to at least one field of zeros", "");
    }
    return new Address(ip, zone);
  }
}
