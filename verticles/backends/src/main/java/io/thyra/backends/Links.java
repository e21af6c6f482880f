package io.thyra.backends;

import java.util.List;

/// Where links of a page or an answer lead that name no host or the server's own: back through this server. Immutable.
/// Source: apimachinery pkg/util/proxy/transport.go rewriteURL.
///
/// @param base what is put in the place of scheme and host; empty to leave them out
/// @param prefix the path below which the server is reached here; empty for the same paths
/// @param hosts the names that mean the server itself, ports included
/// @param requestHost the one of them that clients use
public record Links(String base, String prefix, List<String> hosts, String requestHost) {
  public Links {
    hosts = List.copyOf(hosts);
  }

  /// The server at another address, with the same paths.
  public static Links to(String host) {
    return new Links("https://" + host, "", List.of(host), host);
  }

  /// The server below a path of this one.
  public static Links below(String prefix, String host, String requestHost) {
    return new Links("", prefix, List.of(host, requestHost), requestHost);
  }

  String rewrite(String url) {
    int at = 0;
    int colon = url.indexOf(':');
    int firstMark = firstOf(url, "/?#");
    boolean schemed = colon > 0 && (firstMark < 0 || colon < firstMark);
    if (schemed) {
      at = colon + 1;
    }
    String authority = "";
    if (url.startsWith("//", at)) {
      int end = firstOf(url.substring(at + 2), "/?#");
      authority = end < 0 ? url.substring(at + 2) : url.substring(at + 2, at + 2 + end);
      if (!hosts.contains(authority)) {
        return url;
      }
      at += 2 + authority.length();
    } else if (schemed) {
      return url;
    }
    if (!url.startsWith("/", at)) {
      return url;
    }
    // A link to the host that the client used already leads here.
    String start = base.isEmpty() && !authority.isEmpty() && authority.equals(requestHost) ? url.substring(0, at) : base;
    String rest = url.substring(at);
    if (prefix.isEmpty() || rest.startsWith(prefix)) {
      return start + rest;
    }
    int end = firstOf(rest.substring(1), "?#");
    String path = end < 0 ? rest : rest.substring(0, end + 1);
    return start + GoUrl.clean(prefix + path) + rest.substring(path.length());
  }

  private static int firstOf(String text, String marks) {
    for (int i = 0; i < text.length(); i++) {
      if (marks.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }
}
