import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// The last step of the build: makes the folder that the start script runs small and quick to start.
///
///     java Packaging.java APP CONF
///
/// Takes this machine's native libraries out of their jars into `APP/native`, so that nothing is unpacked at a start and the
/// natives of other platforms are not carried along; takes the signatures off jars that only cost time to verify; starts the
/// server once on a throw-away store to train `APP/thyra.aot`. `-Dnatives=keep` leaves the jars as they are (a folder for
/// several platforms), `-Daot=skip` leaves out the training. The server runs without either, so a failure here is told and
/// does not fail the build.
final class Packaging {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int ROUNDS = 40;

  private final Path app;
  private final Path conf;

  private Packaging(Path app, Path conf) {
    this.app = app.toAbsolutePath();
    this.conf = conf.toAbsolutePath();
  }

  public static void main(String[] arguments) {
    var packaging = new Packaging(Path.of(arguments[0]), Path.of(arguments[1]));
    try {
      // One of an earlier build would have the server run that build's classes.
      Files.deleteIfExists(packaging.app.resolve("thyra.aot"));
      packaging.slim();
      if (!"skip".equals(System.getProperty("aot"))) {
        packaging.train();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      System.err.println("[WARNING] the server starts slower than it could: " + e);
    }
  }

  // Jars.

  private void slim() throws IOException {
    Path natives = Files.createDirectories(app.resolve("native"));
    boolean keep = "keep".equals(System.getProperty("natives"));
    List<Path> jars;
    try (Stream<Path> all = Files.list(app.resolve("lib"))) {
      jars = all.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path path : jars) {
      boolean rewrite;
      try (var jar = new JarFile(path.toFile(), false)) {
        rewrite = jar.stream().anyMatch(entry -> isSignature(entry.getName()) || !keep && isNative(entry.getName()));
        if (rewrite) {
          rewrite(jar, path, natives, keep);
        }
      }
    }
  }

  private static void rewrite(JarFile jar, Path path, Path natives, boolean keep) throws IOException {
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    try (var out = new JarOutputStream(Files.newOutputStream(partial))) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName();
        if (isSignature(name)) {
          continue;
        }
        try (InputStream in = jar.getInputStream(entry)) {
          if (!keep && isNative(name)) {
            if (isOfThisMachine(name)) {
              Files.copy(in, natives.resolve(name.substring(name.lastIndexOf('/') + 1)), StandardCopyOption.REPLACE_EXISTING);
            }
            continue;
          }
          var written = new JarEntry(name);
          written.setTime(entry.getTime());
          out.putNextEntry(written);
          if (name.equals(JarFile.MANIFEST_NAME)) {
            var manifest = new Manifest(in);
            manifest.getEntries().clear();
            manifest.write(out);
          } else {
            in.transferTo(out);
          }
        }
      }
    }
    Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean isSignature(String name) {
    return name.startsWith("META-INF/") && (name.endsWith(".SF") || name.endsWith(".DSA") || name.endsWith(".RSA") || name.endsWith(".EC"));
  }

  private static boolean isNative(String name) {
    return name.endsWith(".so") || name.endsWith(".jnilib") || name.endsWith(".dll") || name.endsWith(".dylib");
  }

  /// The names that the libraries look for: of RocksDB `linux64`, `osx-arm64`, `win64`; of Netty `_x86_64` and the like.
  private static boolean isOfThisMachine(String name) {
    String system = System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT);
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    boolean musl = Files.exists(Path.of("/lib/ld-musl-x86_64.so.1")) || Files.exists(Path.of("/lib/ld-musl-aarch64.so.1"));
    String file = name.substring(name.lastIndexOf('/') + 1);
    if (system.startsWith("linux")) {
      return file.endsWith(arm ? "linux-aarch64" + (musl ? "-musl.so" : ".so") : musl ? "linux64-musl.so" : "linux64.so")
          || file.endsWith(arm ? "_aarch_64.so" : "_x86_64.so");
    }
    if (system.startsWith("mac")) {
      return file.endsWith(arm ? "osx-arm64.jnilib" : "osx-x86_64.jnilib") || file.endsWith(arm ? "osx_aarch_64.jnilib" : "osx_x86_64.jnilib");
    }
    return file.endsWith("win64.dll") || file.endsWith("windows_x86_64.dll");
  }

  // The AOT cache: the classes, their linkage and the profiles of methods of a run like those to come.

  private void train() throws IOException, InterruptedException {
    Path cache = app.resolve("thyra.aot");
    Path scratch = Files.createTempDirectory("thyra-train");
    Path data = scratch.resolve("data");
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path profile = scratch.resolve("thyra.aotconf");
    List<String> flags = List.of("--secure-port=" + port, "--data-dir=" + data);
    // A server meets an empty store once and a full one ever after: the run that is recorded is one of the latter.
    List<String> filling = command();
    filling.addAll(flags);
    List<String> recording = command("-XX:AOTMode=record", "-XX:AOTConfiguration=" + profile);
    recording.addAll(flags);
    Process server = start(filling);
    try {
      awaitGreeting(server);
      server.destroy();
      await(server);
      server = start(recording);
      awaitGreeting(server);
      try {
        exercise("https://127.0.0.1:" + port, data);
      } catch (IOException e) {
        // A start alone is worth a cache, too.
        System.err.println("[WARNING] the server was trained by its start alone: " + e);
      }
      server.destroy();
      await(server);
      List<String> creating = command("-XX:AOTMode=create", "-XX:AOTConfiguration=" + profile, "-XX:AOTCache=" + cache);
      await(new ProcessBuilder(creating).directory(app.toFile()).redirectErrorStream(true).redirectOutput(scratch.resolve("log").toFile()).start());
    } finally {
      server.destroyForcibly();
      delete(scratch);
    }
    if (!Files.exists(cache)) {
      throw new IOException("the training run left no AOT cache");
    }
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).directory(app.toFile()).redirectErrorStream(true).start();
  }

  private List<String> command(String... first) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(first));
    command.addAll(List.of("-Xlog:aot=off", "-Xlog:cds=off"));
    command.add("@" + app.resolve("jvm.options"));
    command.add("-Djava.library.path=" + app.resolve("native"));
    command.add("-Dthyra.conf=" + conf);
    Stream<String> jars = Stream.concat(Stream.of("thyra.jar"), Stream.of(Files.readString(app.resolve("class-path")).strip().split(":")));
    command.addAll(List.of("-cp", jars.map(jar -> app.resolve(jar).toString()).collect(Collectors.joining(":")), "io.thyra.launcher.Main"));
    return command;
  }

  private static void await(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the training run did not end");
    }
  }

  private static void awaitGreeting(Process server) throws IOException {
    BufferedReader out = server.inputReader();
    var seen = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      seen.append(line).append('\n');
      if (line.startsWith("Thyra serves on")) {
        // What else it says is read, so that it never waits for room, and of no interest.
        Thread.ofPlatform().daemon().start(() -> drop(out));
        return;
      }
    }
    throw new IOException("the training run did not start: " + seen);
  }

  private static void drop(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // Nobody reads it.
      }
    } catch (IOException _) {
      // The process ended.
    }
  }

  /// The requests that clients make first and most.
  private static void exercise(String server, Path data) throws IOException, InterruptedException {
    SSLContext admin = asAdmin(data.resolve("pki"));
    try (HttpClient client = HttpClient.newBuilder().sslContext(admin).connectTimeout(Duration.ofSeconds(20)).build()) {
      var caller = new Caller(client, server);
      caller.call("GET", "/readyz", "", "");
      String maps = "/api/v1/namespaces/default/configmaps";
      String pods = "/api/v1/namespaces/default/pods";
      caller.call("POST", "/api/v1/namespaces/default/serviceaccounts", "application/json", "{\"metadata\":{\"name\":\"default\"}}");
      for (int i = 0; i < ROUNDS; i++) {
        String name = "train-" + i;
        caller.call("POST", maps, "application/json", "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"k\":\"v\"}}");
        caller.call("POST", pods, "application/json", "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        caller.call("PATCH", maps + "/" + name, "application/merge-patch+json", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        caller.call("PATCH", pods + "/" + name, "application/strategic-merge-patch+json", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        caller.call("PATCH", maps + "/" + name + "?fieldManager=t", "application/apply-patch+yaml", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"x\":\"y\"}}");
        for (int j = 0; j < 4; j++) {
          caller.call("GET", maps + "/" + name, "", "");
          caller.call("GET", pods + "/" + name, "", "");
        }
        caller.call("GET", maps + "?limit=50", "", "");
        caller.call("GET", pods + "?limit=50&watch=false", "", "");
        caller.table(pods);
        caller.protobuf(maps + "/" + name);
        caller.protobuf(pods + "?limit=50");
        caller.call("DELETE", maps + "/" + name, "", "");
        if (i % 30 == 0) {
          caller.call("GET", maps + "?watch=1&timeoutSeconds=1", "", "");
          caller.call("GET", "/api", "", "");
          caller.call("GET", "/apis", "", "");
          caller.call("GET", "/openapi/v3", "", "");
          caller.call("GET", "/openapi/v3/api/v1", "", "");
          caller.call("GET", "/openapi/v2", "", "");
          caller.call("GET", "/metrics", "", "");
        }
      }
    }
  }

  private record Caller(HttpClient client, String server) {
    void call(String method, String path, String type, String body) throws IOException, InterruptedException {
      send(method, path, type, body, "application/json");
    }

    void table(String path) throws IOException, InterruptedException {
      send("GET", path, "", "", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
    }

    void protobuf(String path) throws IOException, InterruptedException {
      send("GET", path, "", "", "application/vnd.kubernetes.protobuf,application/json");
    }

    private void send(String method, String path, String type, String body, String accept) throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(server + path))
              .timeout(Duration.ofSeconds(30))
              .header("Accept", accept)
              .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
      if (!type.isEmpty()) {
        request.header("Content-Type", type);
      }
      client.send(request.build(), HttpResponse.BodyHandlers.discarding());
    }
  }

  /// With the certificate that the server minted for its admin; the server's own was made a moment ago on this machine, and
  /// the run is thrown away.
  private static SSLContext asAdmin(Path pki) throws IOException {
    var all =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    try {
      Certificate certificate;
      try (InputStream in = Files.newInputStream(pki.resolve("admin.crt"))) {
        certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      }
      String pem = Files.readString(pki.resolve("admin.key")).replaceAll("-----[A-Z ]+-----", "");
      PrivateKey key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry("admin", key, new char[0], new Certificate[] {certificate});
      KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keys, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), new TrustManager[] {all}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
