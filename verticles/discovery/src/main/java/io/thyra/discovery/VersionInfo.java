package io.thyra.discovery;

import io.thyra.model.ObjectValue;

/// What `/version` says. The numbers are texts, as upstream's are.
///
/// @param gitVersion as clients compare it, `v1.36.3`
public record VersionInfo(
    String major,
    String minor,
    String gitVersion,
    String gitCommit,
    String gitTreeState,
    String buildDate,
    String goVersion,
    String compiler,
    String platform) {
  /// Kubernetes 1.36.3 on this machine; goVersion and compiler name what stands in their place, the virtual machine.
  public static VersionInfo current(String commit, String buildDate) {
    return new VersionInfo(
        "1",
        "36",
        "v1.36.3",
        commit,
        "clean",
        buildDate,
        "java" + Runtime.version().feature(),
        "javac",
        System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + "/" + System.getProperty("os.arch"));
  }

  ObjectValue toValue() {
    int older = Integer.parseInt(minor) - 1;
    return ObjectValue.builder()
        .put("major", major)
        .put("minor", minor)
        .put("emulationMajor", major)
        .put("emulationMinor", minor)
        .put("minCompatibilityMajor", major)
        .put("minCompatibilityMinor", Integer.toString(older))
        .put("gitVersion", gitVersion)
        .put("gitCommit", gitCommit)
        .put("gitTreeState", gitTreeState)
        .put("buildDate", buildDate)
        .put("goVersion", goVersion)
        .put("compiler", compiler)
        .put("platform", platform)
        .build();
  }
}
