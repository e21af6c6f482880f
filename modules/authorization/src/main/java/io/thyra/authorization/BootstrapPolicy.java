package io.thyra.authorization;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The roles and bindings that every server makes at start-up, read from `bootstrap-policy.txt` beside this class.
public final class BootstrapPolicy {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private BootstrapPolicy() {}

  /// The objects in rbac.authorization.k8s.io/v1: ClusterRoles, Roles, ClusterRoleBindings, RoleBindings.
  public static List<ObjectValue> objects() {
    String text;
    try (InputStream in = Objects.requireNonNull(BootstrapPolicy.class.getResourceAsStream("bootstrap-policy.txt"))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var objects = new ArrayList<ObjectValue>();
    String head = "";
    var body = new ArrayList<String>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("  ")) {
        body.add(line.strip());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        if (!head.isEmpty()) {
          objects.add(parse(head, body));
        }
        head = line;
        body.clear();
      }
    }
    objects.add(parse(head, body));
    return objects;
  }

  private static ObjectValue parse(String head, List<String> body) {
    List<String> words = List.of(head.split(" "));
    String kind = words.get(0);
    int to = words.indexOf("to");
    var labels = new LinkedHashMap<String, String>();
    labels.put("kubernetes.io/bootstrapping", "rbac-defaults");
    for (String pair : words.subList(2, to < 0 ? words.size() : to)) {
      int equals = pair.indexOf('=');
      labels.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    ObjectValue.Builder out =
        ObjectValue.builder()
            .put("kind", kind)
            .put("apiVersion", GROUP + "/v1")
            .put("metadata", metadata(words.get(1), labels));
    if (to < 0) {
      putRules(out, body);
    } else {
      out.put("subjects", new ListValue(body.stream().<Value>map(BootstrapPolicy::subject).toList()));
      out.put(
          "roleRef",
          ObjectValue.builder().put("apiGroup", GROUP).put("kind", words.get(to + 1)).put("name", words.get(to + 2)).build());
    }
    return out.build();
  }

  private static ObjectValue metadata(String name, Map<String, String> labels) {
    int slash = name.indexOf('/');
    var out = ObjectValue.builder().put("name", name.substring(slash + 1));
    if (slash > 0) {
      out.put("namespace", name.substring(0, slash));
    }
    return out.put("labels", ObjectValue.ofStrings(labels)).put("annotations", ObjectValue.ofStrings(Map.of(AUTO_UPDATE, "true"))).build();
  }

  private static void putRules(ObjectValue.Builder out, List<String> body) {
    var selectors = new ArrayList<Value>();
    var rules = new ArrayList<Value>();
    for (String line : body) {
      if (line.startsWith("aggregate ")) {
        var labels = new LinkedHashMap<String, String>();
        for (String pair : line.substring("aggregate ".length()).split(" ")) {
          int equals = pair.indexOf('=');
          labels.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        selectors.add(ObjectValue.of("matchLabels", ObjectValue.ofStrings(labels)));
      } else {
        rules.add(rule(line).toValue());
      }
    }
    if (selectors.isEmpty()) {
      out.put("rules", new ListValue(rules));
    } else {
      out.put("aggregationRule", ObjectValue.of("clusterRoleSelectors", new ListValue(selectors)));
    }
  }

  private static PolicyRule rule(String line) {
    String[] words = line.split(" ");
    List<String> verbs = list(words[0]);
    if (words[1].equals("at")) {
      return new PolicyRule(verbs, List.of(), List.of(), List.of(), list(words[2]));
    }
    List<String> groups = list(words[2]).stream().map(group -> group.equals("core") ? "" : group).toList();
    return new PolicyRule(verbs, groups, list(words[4]), words.length > 6 ? list(words[6]) : List.of(), List.of());
  }

  private static ObjectValue subject(String line) {
    int space = line.indexOf(' ');
    String name = line.substring(space + 1);
    return switch (line.substring(0, space)) {
      case "account" -> {
        int slash = name.indexOf('/');
        yield ObjectValue.builder()
            .put("kind", "ServiceAccount")
            .put("name", name.substring(slash + 1))
            .put("namespace", name.substring(0, slash))
            .build();
      }
      case "group" -> ObjectValue.builder().put("kind", "Group").put("apiGroup", GROUP).put("name", name).build();
      case "user" -> ObjectValue.builder().put("kind", "User").put("apiGroup", GROUP).put("name", name).build();
      default -> throw new IllegalStateException("no subject: " + line);
    };
  }

  private static List<String> list(String text) {
    return List.of(text.split(","));
  }
}
