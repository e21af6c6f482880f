package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.groups.core.Addresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Addresses that the server gives itself.
final class ServiceAddresses {
  private ServiceAddresses() {}

  /// The ranges that the flag names: one, or two of different families.
  static List<Addresses.Range> ranges(List<String> texts) {
    var ranges = new ArrayList<Addresses.Range>();
    for (String text : texts) {
      String what = ranges.isEmpty() ? "[0] is not a valid cidr" : "[1] is not an ip net";
      ranges.add(Addresses.parseRange(text).orElseThrow(() -> new ConfigException("service-cluster-ip-range" + what)));
    }
    if (ranges.size() == 2 && ranges.get(0).network().isIpv4() == ranges.get(1).network().isIpv4()) {
      throw new ConfigException("--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family");
    }
    return ranges;
  }

  /// The first usable address of a range, which is the kubernetes Service's.
  static String first(String range) {
    int slash = range.indexOf('/');
    try {
      byte[] base = InetAddress.ofLiteral(range.substring(0, slash)).getAddress();
      int host = base.length * 8 - Integer.parseInt(range.substring(slash + 1));
      BigInteger network = new BigInteger(1, base).shiftRight(host).shiftLeft(host);
      byte[] next = network.add(BigInteger.ONE).toByteArray();
      byte[] address = new byte[base.length];
      int length = Math.min(next.length, address.length);
      System.arraycopy(next, next.length - length, address, address.length - length, length);
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException | IllegalArgumentException | ArithmeticException e) {
      throw new ConfigException("specified --service-cluster-ip-range is not a valid CIDR: invalid CIDR address: " + range);
    }
  }

  /// An address of this machine that others may reach; loopback when there is none.
  static String own() {
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(each.getInetAddresses())) {
          if (each.isUp() && !address.isLoopbackAddress() && !address.isLinkLocalAddress() && address.getAddress().length == 4) {
            return address.getHostAddress();
          }
        }
      }
    } catch (SocketException _) {
      // Loopback then.
    }
    return "127.0.0.1";
  }
}
