package io.thyra.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who makes a request, as an authenticator found out.
public record UserInfo(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public static final String ANONYMOUS = "system:anonymous";
  public static final String SYSTEM_MASTERS = "system:masters";
  public static final String AUTHENTICATED = "system:authenticated";
  public static final String UNAUTHENTICATED = "system:unauthenticated";

  public UserInfo {
    groups = List.copyOf(groups);
    var copy = new LinkedHashMap<String, List<String>>();
    extra.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    extra = Map.copyOf(copy);
  }

  public UserInfo(String name, String uid, List<String> groups) {
    this(name, uid, groups, Map.of());
  }

  public boolean isIn(String group) {
    return groups.contains(group);
  }

  /// The `authentication.k8s.io` UserInfo of reviews, requests to webhooks and audit events: what is not empty, extra sorted by key.
  public ObjectValue toValue() {
    var out = ObjectValue.builder();
    if (!name.isEmpty()) {
      out.put("username", name);
    }
    if (!uid.isEmpty()) {
      out.put("uid", uid);
    }
    if (!groups.isEmpty()) {
      out.put("groups", ListValue.ofStrings(groups));
    }
    if (!extra.isEmpty()) {
      var sorted = ObjectValue.builder();
      new TreeMap<>(extra).forEach((key, values) -> sorted.put(key, ListValue.ofStrings(values)));
      out.put("extra", sorted.build());
    }
    return out.build();
  }
}
