package io.thyra.nodes;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Which addresses a client may have this server connect to: none of this machine, of its link, or of a group.
/// Source: Go net IP.IsGlobalUnicast; pkg/registry/core/pod/strategy.go, pkg/registry/core/node/strategy.go.
final class AllowedAddress {
  /// It may not, in the words that clients are told.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  private AllowedAddress() {}

  static boolean isAllowed(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean broadcast = bytes.length == 4 && (bytes[0] & bytes[1] & bytes[2] & bytes[3] & 0xff) == 0xff;
    return !broadcast
        && !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress();
  }

  /// Whether a text is an address in numbers, and an allowed one.
  static boolean isAllowed(String literal) {
    if (literal.indexOf('%') >= 0 || !NetUtil.isValidIpV4Address(literal) && !NetUtil.isValidIpV6Address(literal)) {
      return false;
    }
    try {
      return isAllowed(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// An address of a host of whose addresses all are allowed, so that what was checked is what is connected to. Waits for DNS.
  static String resolve(String host) throws Refused {
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException _) {
      throw new Refused("lookup " + host + ": no such host");
    }
    for (InetAddress each : found) {
      if (!isAllowed(each)) {
        throw new Refused("address not allowed");
      }
    }
    return found[0].getHostAddress();
  }
}
