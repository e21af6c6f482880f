package io.thyra.ingress;

import io.thyra.model.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads method and path as Kubernetes does:
///
///     /api/VERSION/[watch/|proxy/]RESOURCE[/NAME[/SUBRESOURCE/...]]
///     /api/VERSION/[watch/|proxy/]namespaces/NAMESPACE/RESOURCE[/NAME[/SUBRESOURCE/...]]
///     /apis/GROUP/VERSION/... alike
///
/// Everything else is no resource. Empty segments count, only those at both ends do not.
/// Source: apiserver pkg/endpoints/request/requestinfo.go.
final class RequestInfoResolver {
  /// What was read.
  ///
  /// @param extraSegments whether the path goes on behind the subresource
  /// @param verbInPath whether the legacy prefix gave the verb
  record Resolved(RequestInfo info, boolean extraSegments, boolean verbInPath) {}

  private RequestInfoResolver() {}

  /// Null where a legacy prefix is followed by nothing, which upstream answers with a plain 500.
  static @Nullable Resolved resolve(String method, RequestTarget target) {
    String path = target.path();
    List<String> parts = parts(path);
    String prefix = parts.isEmpty() ? "" : parts.getFirst();
    boolean groupless = prefix.equals("api");
    if (parts.size() < 3 || !groupless && !prefix.equals("apis") || !groupless && parts.size() < 4) {
      return nonResource(path, method);
    }
    int at = 1;
    String group = groupless ? "" : parts.get(at++);
    String version = parts.get(at++);
    String verb;
    boolean verbInPath = false;
    String head = parts.get(at);
    if (head.equals("watch") || head.equals("proxy")) {
      if (parts.size() - at < 2) {
        return null;
      }
      verb = head;
      verbInPath = true;
      at++;
    } else {
      verb = verb(method);
    }
    String namespace = "";
    if (parts.get(at).equals("namespaces") && parts.size() - at > 1) {
      namespace = parts.get(at + 1);
      if (parts.size() - at > 2 && !isNamespaceSubresource(parts.get(at + 2))) {
        at += 2;
      }
    }
    int left = parts.size() - at;
    String resource = parts.get(at);
    String name = left >= 2 ? parts.get(at + 1) : "";
    String subresource = left >= 3 && !verb.equals("proxy") ? parts.get(at + 2) : "";
    if (name.isEmpty() && verb.equals("get")) {
      verb = watches(target) ? "watch" : "list";
      name = nameOf(target);
    }
    if (name.isEmpty() && verb.equals("delete")) {
      verb = "deletecollection";
    }
    var info = new RequestInfo(true, path, verb, prefix, group, version, namespace, resource, subresource, name);
    return new Resolved(info, left > 3, verbInPath);
  }

  private static Resolved nonResource(String path, String method) {
    return new Resolved(RequestInfo.nonResource(path, lower(method)), false, false);
  }

  private static String verb(String method) {
    return switch (method) {
      case "GET", "HEAD" -> "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "";
    };
  }

  private static String lower(String method) {
    return switch (method) {
      case "GET" -> "get";
      case "POST" -> "post";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  private static boolean isNamespaceSubresource(String segment) {
    return segment.equals("status") || segment.equals("finalize");
  }

  /// Any value but false and 0 asks for a watch.
  private static boolean watches(RequestTarget target) {
    if (target.rawQuery().isEmpty()) {
      return false;
    }
    String watch = target.parameter("watch");
    return watch != null && !watch.equals("0") && !watch.equalsIgnoreCase("false");
  }

  /// A list or watch that is narrowed to one name is authorized for that name.
  private static String nameOf(RequestTarget target) {
    if (target.rawQuery().isEmpty()) {
      return "";
    }
    String selector = target.parameter("fieldSelector");
    if (selector == null || selector.isEmpty()) {
      return "";
    }
    String name = FieldSelectorText.exactMatch(selector, "metadata.name");
    boolean segment = !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0 && name.indexOf('%') < 0;
    return segment ? name : "";
  }

  private static List<String> parts(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    List<String> parts = new ArrayList<>(8);
    if (start == end) {
      return parts;
    }
    int at = start;
    while (true) {
      int slash = path.indexOf('/', at);
      if (slash < 0 || slash >= end) {
        parts.add(path.substring(at, end));
        return parts;
      }
      parts.add(path.substring(at, slash));
      at = slash + 1;
    }
  }
}
