package io.thyra.backends;

import io.netty.util.NetUtil;
import io.thyra.backends.ServiceResolver.Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Where one webhook is and by what name.
///
/// @param serverName what its certificate must name
/// @param authority host and port as URLs have them
/// @param path below it, without empty segments and a slash at the end
record WebhookTarget(String serverName, int port, String authority, String path, Place place) {
  /// Finds the address; a Service has another one from time to time.
  interface Place {
    Address find() throws ServiceResolver.Unresolved;
  }

  WebhookTarget(String serverName, int port, String authority, @Nullable String path, Place place) {
    this.serverName = serverName;
    this.port = port;
    this.authority = authority;
    this.path = GoUrl.joined(path == null ? "" : path);
    this.place = place;
  }

  /// Whether it is on this machine, where one connection is as good as many.
  boolean loopback() {
    boolean literal = NetUtil.isValidIpV4Address(serverName) || NetUtil.isValidIpV6Address(serverName);
    return serverName.equalsIgnoreCase("localhost") || literal && InetAddress.ofLiteral(serverName).isLoopbackAddress();
  }
}
