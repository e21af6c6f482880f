package io.thyra.ingress;

import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/// A throw-away key pair, minted by the JDK's keytool once for each test run.
final class TestKeys {
  static final TestKeys SERVER = mint();

  final Tls.Pair pair;

  private TestKeys(Tls.Pair pair) {
    this.pair = pair;
  }

  private static TestKeys mint() {
    try {
      Path directory = Files.createTempDirectory("keys");
      Path store = directory.resolve("keys.p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias", "k", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost",
                  "-ext", "SAN=IP:127.0.0.1,DNS:localhost", "-validity", "2", "-storetype", "PKCS12",
                  "-storepass", "changeit", "-keystore", store.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(keytool.getInputStream().readAllBytes());
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
      Files.delete(store);
      Files.delete(directory);
      byte[] certificate = keys.getCertificate("k").getEncoded();
      byte[] key = keys.getKey("k", "changeit".toCharArray()).getEncoded();
      return new TestKeys(new Tls.Pair(pem("CERTIFICATE", certificate), pem("PRIVATE KEY", key)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Buffer pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(der);
    return Buffer.buffer("-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
