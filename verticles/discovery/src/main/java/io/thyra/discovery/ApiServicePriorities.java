package io.thyra.discovery;

import io.thyra.model.GroupVersion;
import java.util.HashMap;
import java.util.Map;

/// The places of group versions in lists, as the APIServices that the server makes for itself carry them.
/// Immutable. Source: kubernetes cmd/kube-apiserver/app/aggregator.go, pkg/controlplane/apiserver/aggregator.go.
public final class ApiServicePriorities {
  /// @param group `spec.groupPriorityMinimum`
  /// @param version `spec.versionPriority`
  public record Priority(int group, int version) {}

  /// What the group versions of custom resources have.
  public static final Priority CUSTOM = new Priority(1000, 100);

  private static final ApiServicePriorities BUILTIN = read();

  private final Map<GroupVersion, Priority> priorities;

  private ApiServicePriorities(Map<GroupVersion, Priority> priorities) {
    this.priorities = Map.copyOf(priorities);
  }

  public static ApiServicePriorities builtin() {
    return BUILTIN;
  }

  /// That of a built-in group version, else that of custom resources.
  public Priority of(GroupVersion groupVersion) {
    return priorities.getOrDefault(groupVersion, CUSTOM);
  }

  private static ApiServicePriorities read() {
    var priorities = new HashMap<GroupVersion, Priority>();
    Lines.read(
        "priorities.txt",
        line -> {
          String[] words = line.split(" ");
          String group = words[0].equals("-") ? "" : words[0];
          var priority = new Priority(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
          priorities.put(new GroupVersion(group, words[1]), priority);
        });
    return new ApiServicePriorities(priorities);
  }
}
