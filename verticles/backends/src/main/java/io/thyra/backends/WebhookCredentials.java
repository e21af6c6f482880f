package io.thyra.backends;

import io.thyra.admission.webhook.WebhookClient;
import io.thyra.codec.DecodeException;
import io.thyra.codec.YamlReader;
import io.thyra.model.ObjectValue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How this server shows webhooks who it is: the users of a kubeconfig file, named by host and port, by `*.` and the end of a
/// host, or by `*`. Immutable; tokens are read once. Source: apiserver pkg/util/webhook/authentication.go.
public final class WebhookCredentials {
  /// Shows nothing to anybody.
  public static final WebhookCredentials NONE = new WebhookCredentials(Map.of(), "");

  private static final String HTTPS = ":443";

  /// What one webhook is shown.
  ///
  /// @param authorization the header; empty for none
  record Shown(String authorization, Optional<PemKeyCertOptions> identity) {
    static final Shown NOTHING = new Shown("", Optional.empty());
  }

  private final Map<String, Shown> users;
  private final String current;

  private WebhookCredentials(Map<String, Shown> users, String current) {
    this.users = Map.copyOf(users);
    this.current = current;
  }

  /// @throws IOException when the file or one that it names cannot be read or understood
  public static WebhookCredentials read(Path file) throws IOException {
    try {
      if (!(YamlReader.read(Files.readAllBytes(file)).root() instanceof ObjectValue root)) {
        throw new IOException(file + " is no kubeconfig");
      }
      var users = new HashMap<String, Shown>();
      for (ObjectValue user : root.list("users").objects()) {
        users.put(user.string("name"), shown(user.object("user"), file));
      }
      String current = "";
      for (ObjectValue context : root.list("contexts").objects()) {
        if (context.string("name").equals(root.string("current-context"))) {
          current = context.string("context", "user");
        }
      }
      return new WebhookCredentials(users, current);
    } catch (DecodeException | IllegalArgumentException e) {
      throw new IOException("error loading config file \"" + file + "\": " + e.getMessage(), e);
    }
  }

  /// Where the server of a kubeconfig's current context is.
  ///
  /// @throws IOException when the file or one that it names cannot be read or names no server
  public static WebhookClient.Endpoint server(Path file) throws IOException {
    try {
      if (YamlReader.read(Files.readAllBytes(file)).root() instanceof ObjectValue root) {
        String name = "";
        for (ObjectValue context : root.list("contexts").objects()) {
          if (context.string("name").equals(root.string("current-context"))) {
            name = context.string("context", "cluster");
          }
        }
        for (ObjectValue cluster : root.list("clusters").objects()) {
          if (cluster.string("name").equals(name)) {
            String authority =
                pem(cluster.object("cluster"), "certificate-authority", file)
                    .map(bytes -> Base64.getEncoder().encodeToString(bytes.getBytes()))
                    .orElse("");
            return new WebhookClient.Endpoint(cluster.string("cluster", "server"), Optional.empty(), authority);
          }
        }
      }
    } catch (DecodeException | IllegalArgumentException e) {
      throw new IOException("error loading config file \"" + file + "\": " + e.getMessage(), e);
    }
    throw new IOException(file + " names no server in its current context");
  }

  private static Shown shown(ObjectValue user, Path file) throws IOException {
    String authorization = "";
    if (!user.string("token").isEmpty()) {
      authorization = "Bearer " + user.string("token");
    } else if (!user.string("tokenFile").isEmpty()) {
      authorization = "Bearer " + Files.readString(file.resolveSibling(user.string("tokenFile"))).strip();
    } else if (!user.string("username").isEmpty()) {
      String pair = user.string("username") + ":" + user.string("password");
      authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
    Optional<Buffer> certificate = pem(user, "client-certificate", file);
    Optional<Buffer> key = pem(user, "client-key", file);
    Optional<PemKeyCertOptions> identity =
        certificate.isPresent() && key.isPresent()
            ? Optional.of(new PemKeyCertOptions().addCertValue(certificate.get()).addKeyValue(key.get()))
            : Optional.empty();
    return new Shown(authorization, identity);
  }

  private static Optional<Buffer> pem(ObjectValue user, String name, Path file) throws IOException {
    String data = user.string(name + "-data");
    if (!data.isEmpty()) {
      return Optional.of(Buffer.buffer(Base64.getDecoder().decode(data)));
    }
    String path = user.string(name);
    return path.isEmpty() ? Optional.empty() : Optional.of(Buffer.buffer(Files.readAllBytes(file.resolveSibling(path))));
  }

  /// @param target host and port
  Shown of(String target) {
    return find(target)
        .or(() -> target.endsWith(HTTPS) ? find(target.substring(0, target.length() - HTTPS.length())) : Optional.empty())
        .or(() -> Optional.ofNullable(users.get("*")))
        .or(() -> Optional.ofNullable(users.get(current)))
        .orElse(Shown.NOTHING);
  }

  private Optional<Shown> find(String target) {
    Shown exact = users.get(target);
    for (int dot = target.indexOf('.'); exact == null && dot >= 0; dot = target.indexOf('.', dot + 1)) {
      exact = users.get("*" + target.substring(dot));
    }
    return Optional.ofNullable(exact);
  }
}
