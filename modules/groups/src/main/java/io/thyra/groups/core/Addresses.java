package io.thyra.groups.core;

import io.thyra.machinery.Ipv6Text;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IP addresses and CIDRs as numbers, for whoever hands them out. Nothing here asks a name server.
/// Source: apimachinery pkg/util/validation/ip.go.
public final class Addresses {
  private Addresses() {}

  /// A parsed address.
  ///
  /// @param bytes 4 bytes, or 16 for IPv6
  /// @param mapped whether it was an IPv4 address written as IPv6
  /// @param zeros whether an IPv4 part had leading zeros
  public record Address(byte[] bytes, boolean mapped, boolean zeros) {
    public boolean isIpv4() {
      return bytes.length == 4;
    }

    /// The canonical text, RFC 5952 for IPv6.
    public String print() {
      return Addresses.print(bytes);
    }

    public BigInteger number() {
      return new BigInteger(1, bytes);
    }

    boolean isUnspecified() {
      return number().signum() == 0;
    }

    InetAddress toInet() {
      try {
        return InetAddress.getByAddress(bytes);
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// A range of addresses with the address that it was written with.
  public record Range(Address address, Address network, int prefixLength, boolean prefixZeros) {
    public boolean contains(Address other) {
      if (other.bytes.length != network.bytes.length) {
        return false;
      }
      int host = network.bytes.length * 8 - prefixLength;
      return other.number().shiftRight(host).equals(network.number().shiftRight(host));
    }

    public String print() {
      return network.print() + "/" + prefixLength;
    }

    int hostBits() {
      return network.bytes.length * 8 - prefixLength;
    }

    /// How many addresses may be given away: neither the network's own nor, in IPv4, the broadcast address.
    BigInteger size() {
      BigInteger all = BigInteger.ONE.shiftLeft(hostBits());
      return all.subtract(network.isIpv4() ? BigInteger.TWO : BigInteger.ONE).max(BigInteger.ZERO);
    }

    /// Whether the address is one of those that may be given away.
    boolean offers(Address other) {
      BigInteger offset = other.number().subtract(network.number());
      return contains(other) && offset.signum() > 0 && offset.compareTo(size()) <= 0;
    }

    /// The address so many after the network's own.
    String at(BigInteger offset) {
      byte[] number = network.number().add(offset).toByteArray();
      byte[] text = new byte[network.bytes.length];
      int length = Math.min(number.length, text.length);
      System.arraycopy(number, number.length - length, text, text.length - length, length);
      return Addresses.print(text);
    }
  }

  public static Optional<Address> parse(String text) {
    return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
  }

  private static Optional<Address> parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    boolean zeros = false;
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      if (part.isEmpty() || part.length() > 6 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Optional.empty();
      }
      int number = Integer.parseInt(part);
      if (number > 255) {
        return Optional.empty();
      }
      zeros |= part.length() > 1 && part.charAt(0) == '0';
      bytes[i] = (byte) number;
    }
    return Optional.of(new Address(bytes, false, zeros));
  }

  private static Optional<Address> parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    var head = new ArrayList<Integer>();
    var tail = new ArrayList<Integer>();
    boolean[] zeros = {false};
    boolean parsed =
        gap < 0
            ? groups(text, true, head, zeros)
            : groups(text.substring(0, gap), false, head, zeros) && groups(text.substring(gap + 2), true, tail, zeros);
    int count = head.size() + tail.size();
    if (!parsed || (gap < 0 ? count != 8 : count > 7)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < head.size(); i++) {
      put(bytes, i, head.get(i));
    }
    for (int i = 0; i < tail.size(); i++) {
      put(bytes, 8 - tail.size() + i, tail.get(i));
    }
    boolean mapped = bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; i < 10; i++) {
      mapped &= bytes[i] == 0;
    }
    return Optional.of(
        mapped
            ? new Address(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]}, true, zeros[0])
            : new Address(bytes, false, zeros[0]));
  }

  private static void put(byte[] bytes, int group, int value) {
    bytes[group * 2] = (byte) (value >> 8);
    bytes[group * 2 + 1] = (byte) value;
  }

  private static boolean groups(String text, boolean last, List<Integer> out, boolean[] zeros) {
    if (text.isEmpty()) {
      return true;
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (last && i == parts.length - 1 && part.indexOf('.') >= 0) {
        Optional<Address> embedded = parseIpv4(part);
        if (embedded.isEmpty()) {
          return false;
        }
        byte[] four = embedded.get().bytes();
        zeros[0] |= embedded.get().zeros();
        out.add((four[0] & 255) << 8 | four[1] & 255);
        out.add((four[2] & 255) << 8 | four[3] & 255);
        continue;
      }
      if (part.isEmpty() || part.length() > 4 || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
        return false;
      }
      out.add(Integer.parseInt(part, 16));
    }
    return true;
  }

  static String print(byte[] bytes) {
    if (bytes.length == 4) {
      return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
    }
    return Ipv6Text.of(bytes);
  }

  public static Optional<Range> parseRange(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    Optional<Address> address = parse(text.substring(0, slash));
    String suffix = text.substring(slash + 1);
    boolean ipv6 = text.indexOf(':') >= 0;
    if (address.isEmpty() || suffix.isEmpty() || suffix.length() > 5 || !suffix.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int length = Integer.parseInt(suffix);
    if (length > (ipv6 ? 128 : 32)) {
      return Optional.empty();
    }
    byte[] bytes = address.get().bytes();
    int kept = address.get().mapped() ? Math.max(0, length - 96) : length;
    byte[] masked = bytes.clone();
    for (int bit = kept; bit < bytes.length * 8; bit++) {
      masked[bit / 8] &= (byte) ~(128 >> bit % 8);
    }
    return Optional.of(
        new Range(address.get(), new Address(masked, address.get().mapped(), false), kept, suffix.length() > 1 && suffix.charAt(0) == '0'));
  }

  /// An address that endpoints may have: not that of a link, a host or a group.
  static void checkNotSpecial(String text, FieldPath path, List<FieldError> errors) {
    Optional<Address> parsed = parse(text);
    if (parsed.isEmpty()) {
      errors.add(FieldError.invalid(path, text, "must be a valid IP address"));
      return;
    }
    InetAddress inet = parsed.get().toInet();
    if (inet.isAnyLocalAddress()) {
      errors.add(FieldError.invalid(path, text, "may not be unspecified (" + text + ")"));
    }
    if (inet.isLoopbackAddress()) {
      errors.add(FieldError.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
    }
    if (inet.isLinkLocalAddress()) {
      errors.add(FieldError.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
    }
    if (inet.isMCLinkLocal()) {
      errors.add(FieldError.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"));
    }
  }
}
