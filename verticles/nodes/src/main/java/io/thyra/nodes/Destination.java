package io.thyra.nodes;

import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.Failure;

/// Where a request is passed on to.
///
/// @param secure whether TLS is spoken there
/// @param kubelet whether it is a kubelet, which is trusted and told who this server is by the flags for kubelets
/// @param host what URLs call it, the port included where the request or the object named one
record Destination(boolean secure, boolean kubelet, String host, Address address) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /// @param port as it was written; empty for the scheme's
  static Destination of(String scheme, String address, String port) {
    boolean secure = scheme.equals("https");
    String bracketed = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    if (port.isEmpty()) {
      return new Destination(secure, false, bracketed, new Address(address, secure ? HTTPS : HTTP));
    }
    if (!port.matches("[0-9]{1,9}")) {
      throw new Failure.ServiceUnavailable("error trying to reach service: dial tcp: lookup tcp/" + port + ": unknown port").toException();
    }
    return new Destination(secure, false, bracketed + ":" + port, new Address(address, Integer.parseInt(port)));
  }
}
