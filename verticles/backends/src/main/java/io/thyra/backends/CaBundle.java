package io.thyra.backends;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The authorities that an object names in PEM. Source: client-go transport/transport.go rootCertPool.
public final class CaBundle {
  private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([^-\\n]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

  /// There is no authority in it, in the words that clients are told.
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super("unable to load root certificates: " + message, null, false, false);
    }
  }

  private CaBundle() {}

  /// @param base64 certificates in PEM, encoded once more
  public static List<X509Certificate> certificates(String base64) throws Unusable {
    return ofPem(new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1));
  }

  /// The authorities of a file.
  public static List<X509Certificate> ofPem(String pem) throws Unusable {
    var found = new ArrayList<X509Certificate>();
    GeneralSecurityException unparsed = null;
    Matcher blocks = BLOCK.matcher(pem);
    boolean any = false;
    while (blocks.find()) {
      any = true;
      if (blocks.group(1).equals("CERTIFICATE")) {
        try (var der = new ByteArrayInputStream(Base64.getMimeDecoder().decode(blocks.group(2)))) {
          found.add((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der));
        } catch (GeneralSecurityException e) {
          unparsed = e;
        } catch (IOException | IllegalArgumentException e) {
          unparsed = new GeneralSecurityException(e);
        }
      }
    }
    if (!found.isEmpty()) {
      return found;
    }
    if (unparsed != null) {
      throw new Unusable("failed to parse certificate: " + unparsed.getMessage());
    }
    throw new Unusable(any ? "no valid certificate authority data seen" : "unable to parse bytes as PEM block");
  }
}
