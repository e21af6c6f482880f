package io.thyra.machinery;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;

/// IP addresses and networks: the canonical text of an address is its own.
public final class AddressFuzz {
  private AddressFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    IpAddresses.canonical(text).ifPresent(canonical -> Refusals.requireSame(canonical, IpAddresses.canonical(canonical).orElse(""), () -> text));
    IpAddresses.validate(null, text);
    IpAddresses.warnings(null, text);
    IpAddresses.validateCidr(null, text);
    IpAddresses.cidrWarnings(null, text);
    IpAddresses.validateInterfaceAddress(null, text);
  }
}
