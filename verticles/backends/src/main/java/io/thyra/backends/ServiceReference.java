package io.thyra.backends;

/// A port of a Service.
public record ServiceReference(String namespace, String name, int port) {
  /// The name that the server's certificate must carry.
  public String serverName() {
    return name + "." + namespace + ".svc";
  }
}
