package io.thyra.groups.networking;

import io.thyra.machinery.IpAddresses;
import java.net.InetAddress;
import java.util.Optional;

/// A block of addresses, to compare with another. Leading zeros and bits beyond the prefix pass, as in old objects.
record CidrBlock(byte[] address, int prefix) {
  /// Empty for what is no block.
  static Optional<CidrBlock> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    try {
      int prefix = Integer.parseInt(text.substring(slash + 1));
      return IpAddresses.canonical(text.substring(0, slash))
          .map(InetAddress::ofLiteral)
          .map(InetAddress::getAddress)
          .filter(bytes -> prefix >= 0 && prefix <= bytes.length * 8)
          .map(bytes -> new CidrBlock(bytes, prefix));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Whether the other block is a part of this one, and a smaller one.
  boolean strictlyContains(CidrBlock other) {
    if (other.address.length != address.length || prefix >= other.prefix) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((address[bit / 8] & mask) != (other.address[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
