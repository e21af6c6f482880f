package io.thyra.backends;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.thyra.backends.ServiceResolver.Address;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/// Says what went wrong with a server in the words of Go's HTTP client, which clients and conditions show.
/// Source: Go net, crypto/tls, net/http.
public final class BackendTrouble {
  private static final int CAUSES_MAX = 10;

  private BackendTrouble() {}

  public static String text(Throwable failure, Address address) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      String known = known(cause, address);
      if (!known.isEmpty()) {
        return known;
      }
      cause = cause.getCause();
    }
    return isClosed(failure) ? "EOF" : String.valueOf(failure.getMessage());
  }

  private static String known(Throwable cause, Address address) {
    String dial = "dial tcp " + address.text() + ": ";
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return switch (cause) {
      case BackendTrust.Distrust distrust -> "tls: failed to verify certificate: " + distrust.getMessage();
      case ConnectTimeoutException _ -> dial + "i/o timeout";
      case NoRouteToHostException _ -> dial + "connect: no route to host";
      case ConnectException _ -> {
        if (message.contains("unreachable")) {
          yield dial + "connect: network is unreachable";
        }
        yield dial + (message.contains("timed out") ? "connect: connection timed out" : "connect: connection refused");
      }
      case UnknownHostException _ -> "dial tcp: lookup " + address.host() + ": no such host";
      case NotSslRecordException _ -> "tls: first record does not look like a TLS handshake";
      case TimeoutException _ -> "context deadline exceeded";
      default -> message.contains("connection reset") ? "read: connection reset by peer" : "";
    };
  }

  /// Whether the other end simply went away.
  public static boolean isClosed(Throwable failure) {
    if (failure instanceof ClosedChannelException) {
      return true;
    }
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("closed") || message.contains("stream reset");
  }
}
