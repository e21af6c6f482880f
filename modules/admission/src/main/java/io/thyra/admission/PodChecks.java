package io.thyra.admission;

import io.thyra.admission.PodCheck.Violation;
import io.thyra.admission.SecurityLevel.Level;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The rules of pod security by level and version. Source: pod-security-admission policy/registry.go.
final class PodChecks {
  // The newest version in which a rule changed; later ones are the same.
  private static final int NEWEST = 35;

  /// One rule through the versions.
  ///
  /// @param versions by the minor version from which it is so
  /// @param overrides the baseline rule that it stands for, empty for none
  private record Rule(String id, Level level, TreeMap<Integer, PodCheck> versions, String overrides) {
    static Rule baseline(String id, int minor, PodCheck check) {
      return new Rule(id, Level.BASELINE, new TreeMap<>(), "").from(minor, check);
    }

    static Rule restricted(String id, String overrides, int minor, PodCheck check) {
      return new Rule(id, Level.RESTRICTED, new TreeMap<>(), overrides).from(minor, check);
    }

    Rule from(int minor, PodCheck check) {
      versions.put(minor, check);
      return this;
    }

    boolean isKnown(int minor) {
      return versions.firstKey() <= minor;
    }
  }

  private static final String RESERVED_PORTS = "net.ipv4.ip_local_reserved_ports";
  private static final String[] SYSCTLS_29 = {
    RESERVED_PORTS,
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes"
  };
  private static final String[] SYSCTLS_32 = {
    RESERVED_PORTS,
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem"
  };

  // In the order in which violations are told: baseline first, each by name.
  private static final List<Rule> RULES =
      List.of(
              Rule.baseline("appArmorProfile", 0, ProfileChecks::appArmor),
              Rule.baseline("capabilities_baseline", 0, PrivilegeChecks::baselineCapabilities),
              Rule.baseline("hostNamespaces", 0, HostChecks::namespaces),
              Rule.baseline("hostPathVolumes", 0, HostChecks::pathVolumes),
              Rule.baseline("hostPorts", 0, HostChecks::ports),
              Rule.baseline("hostProbesAndHostLifecycle", 34, HostChecks::probes),
              Rule.baseline("privileged", 0, PrivilegeChecks::privileged),
              Rule.baseline("procMount", 0, ProfileChecks::procMount)
                  .from(35, ((PodCheck) ProfileChecks::procMount).unlessUserNamespace()),
              Rule.baseline("seLinuxOptions", 0, ProfileChecks.seLinux()).from(31, ProfileChecks.seLinux("container_engine_t")),
              Rule.baseline("seccompProfile_baseline", 0, ProfileChecks::annotatedSeccomp).from(19, ProfileChecks::baselineSeccomp),
              Rule.baseline("sysctls", 0, ProfileChecks.sysctls())
                  .from(27, ProfileChecks.sysctls(RESERVED_PORTS))
                  .from(29, ProfileChecks.sysctls(SYSCTLS_29))
                  .from(32, ProfileChecks.sysctls(SYSCTLS_32)),
              Rule.baseline("windowsHostProcess", 0, HostChecks::windowsProcess),
              Rule.restricted("allowPrivilegeEscalation", "", 8, PrivilegeChecks::escalation)
                  .from(25, ((PodCheck) PrivilegeChecks::escalation).unlessWindows()),
              Rule.restricted("capabilities_restricted", "capabilities_baseline", 22, PrivilegeChecks::restrictedCapabilities)
                  .from(25, ((PodCheck) PrivilegeChecks::restrictedCapabilities).unlessWindows()),
              Rule.restricted("procMount_restricted", "procMount", 35, ProfileChecks::procMount),
              Rule.restricted("restrictedVolumes", "hostPathVolumes", 0, HostChecks::restrictedVolumes),
              Rule.restricted("runAsNonRoot", "", 0, PrivilegeChecks::nonRoot)
                  .from(35, ((PodCheck) PrivilegeChecks::nonRoot).unlessUserNamespace()),
              Rule.restricted("runAsUser", "", 23, PrivilegeChecks::user)
                  .from(35, ((PodCheck) PrivilegeChecks::user).unlessUserNamespace()),
              Rule.restricted("seccompProfile_restricted", "seccompProfile_baseline", 19, ProfileChecks::restrictedSeccomp)
                  .from(25, ((PodCheck) ProfileChecks::restrictedSeccomp).unlessWindows()))
          .stream()
          .sorted(Comparator.comparing(Rule::level).thenComparing(Rule::id))
          .toList();

  /// Why a pod does not pass; empty when it does.
  record Verdict(List<Violation> violations) {
    boolean allowed() {
      return violations.isEmpty();
    }

    String reasons() {
      return violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
    }

    String details() {
      return violations.stream().map(Violation::toString).collect(Collectors.joining(", "));
    }
  }

  // By minor version.
  private static final Map<Level, List<List<PodCheck>>> CHECKS =
      Stream.of(Level.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  level -> level,
                  level -> IntStream.rangeClosed(0, NEWEST).mapToObj(minor -> checks(level, minor)).toList()));

  private PodChecks() {}

  static Verdict check(SecurityLevel level, ObjectValue metadata, ObjectValue spec) {
    var violations = new ArrayList<Violation>();
    for (PodCheck check : CHECKS.getOrDefault(level.level(), List.of()).get(Math.min(level.minor(), NEWEST))) {
      check.check(metadata, spec).ifPresent(violations::add);
    }
    return new Verdict(violations);
  }

  private static List<PodCheck> checks(Level level, int minor) {
    List<Rule> rules = RULES.stream().filter(r -> r.level().compareTo(level) <= 0 && r.isKnown(minor)).toList();
    List<String> overridden = rules.stream().map(Rule::overrides).toList();
    return rules.stream().filter(r -> !overridden.contains(r.id())).map(r -> r.versions().floorEntry(minor).getValue()).toList();
  }
}
