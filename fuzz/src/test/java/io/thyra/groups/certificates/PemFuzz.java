package io.thyra.groups.certificates;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Certificate requests and certificates: as PEM, and as the DER within a block.
public final class PemFuzz {
  private PemFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    look(new String(data, StandardCharsets.UTF_8));
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(data);
    for (String type : new String[] {"CERTIFICATE REQUEST", "CERTIFICATE"}) {
      look("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
  }

  private static void look(String pem) {
    RequestedCertificate.findRequestComplaint(pem);
    RequestedCertificate.findCertificateComplaint(pem);
  }
}
