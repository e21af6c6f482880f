package io.thyra.admission;

import static io.thyra.admission.PodCheck.containers;
import static io.thyra.admission.PodCheck.named;
import static io.thyra.admission.PodCheck.plural;
import static io.thyra.admission.PodCheck.quoted;

import io.thyra.admission.PodCheck.Violation;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Pod security about the profiles that the kernel holds processes to: AppArmor, seccomp, SELinux, proc mounts, sysctls.
/// Source: pod-security-admission policy/check_appArmorProfile.go, check_seccompProfile_*.go, check_seLinuxOptions.go,
/// check_procMount_*.go, check_sysctls.go.
final class ProfileChecks {
  private static final Set<String> PROFILES = Set.of("RuntimeDefault", "Localhost");
  private static final String APP_ARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/";
  private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String SECCOMP_PREFIX = "container.seccomp.security.alpha.kubernetes.io/";
  private static final Set<String> SE_LINUX_TYPES = Set.of("", "container_t", "container_init_t", "container_kvm_t");
  private static final Set<String> SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start");

  private ProfileChecks() {}

  static Optional<Violation> appArmor(ObjectValue metadata, ObjectValue spec) {
    var types = new TreeSet<String>();
    Offenders bad = withBadProfile(spec, "appArmorProfile", types);
    var values = new ArrayList<>(types);
    var setters = new ArrayList<>(bad.parts());
    List<String> annotations =
        metadata.object("annotations").strings().entrySet().stream()
            .filter(e -> e.getKey().startsWith(APP_ARMOR_PREFIX) && !isAppArmorAllowed(e.getValue()))
            .map(e -> e.getKey() + "=" + GoText.quote(e.getValue()))
            .sorted()
            .toList();
    if (!annotations.isEmpty()) {
      values.addAll(annotations);
      setters.add(plural("annotation", annotations.size()));
    }
    return setters.isEmpty()
        ? Optional.empty()
        : Violation.of(
            plural("forbidden AppArmor profile", values.size()),
            String.join(" and ", setters) + " must not set AppArmor profile type to " + quoted(values));
  }

  private static boolean isAppArmorAllowed(String profile) {
    return profile.isEmpty() || profile.equals("runtime/default") || profile.startsWith("localhost/");
  }

  /// Who sets a profile of a type that is not allowed; the types are collected.
  private static Offenders withBadProfile(ObjectValue spec, String field, Set<String> types) {
    var bad = new Offenders();
    bad.pod(isBadProfile(spec, field, types));
    containers(spec).forEach(c -> bad.container(isBadProfile(c, field, types), c));
    return bad;
  }

  private static boolean isBadProfile(ObjectValue holder, String field, Set<String> types) {
    boolean bad =
        holder.at("securityContext", field) instanceof ObjectValue profile && !PROFILES.contains(profile.string("type"));
    if (bad) {
      types.add(holder.string("securityContext", field, "type"));
    }
    return bad;
  }

  /// Before profiles had fields.
  static Optional<Violation> annotatedSeccomp(ObjectValue metadata, ObjectValue spec) {
    Map<String, String> annotations = metadata.object("annotations").strings();
    var bad = new TreeSet<String>();
    Stream.concat(Stream.of(SECCOMP_POD), containers(spec).stream().map(c -> SECCOMP_PREFIX + c.string("name")))
        .filter(annotations::containsKey)
        .filter(key -> !isSeccompAllowed(annotations.getOrDefault(key, "")))
        .forEach(key -> bad.add(key + "=" + GoText.quote(annotations.getOrDefault(key, ""))));
    return bad.isEmpty()
        ? Optional.empty()
        : Violation.of("seccompProfile", "forbidden " + plural("annotation", bad.size()) + " " + String.join(", ", bad));
  }

  private static boolean isSeccompAllowed(String profile) {
    return profile.equals("runtime/default") || profile.equals("docker/default") || profile.startsWith("localhost/");
  }

  static Optional<Violation> baselineSeccomp(ObjectValue metadata, ObjectValue spec) {
    var types = new TreeSet<String>();
    Offenders bad = withBadProfile(spec, "seccompProfile", types);
    return bad.isEmpty()
        ? Optional.empty()
        : Violation.of("seccompProfile", bad + " must not set securityContext.seccompProfile.type to " + quoted(types));
  }

  static Optional<Violation> restrictedSeccomp(ObjectValue metadata, ObjectValue spec) {
    Optional<Violation> explicit = baselineSeccomp(metadata, spec);
    if (explicit.isPresent() || spec.at("securityContext", "seccompProfile") instanceof ObjectValue) {
      return explicit;
    }
    List<String> silent =
        containers(spec).stream()
            .filter(c -> !(c.at("securityContext", "seccompProfile") instanceof ObjectValue))
            .map(c -> c.string("name"))
            .toList();
    return silent.isEmpty()
        ? Optional.empty()
        : Violation.of(
            "seccompProfile",
            "pod or "
                + named("container", silent)
                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
  }

  static PodCheck seLinux(String... moreTypes) {
    Set<String> allowed = union(SE_LINUX_TYPES, moreTypes);
    return (_, spec) -> seLinux(spec, allowed);
  }

  private static Set<String> union(Set<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<Violation> seLinux(ObjectValue spec, Set<String> allowed) {
    var holders = new ArrayList<>(List.of(spec));
    holders.addAll(containers(spec));
    List<ObjectValue> options = holders.stream().map(h -> h.object("securityContext", "seLinuxOptions")).toList();
    var bad = new Offenders();
    bad.pod(isForbidden(options.getFirst(), allowed));
    for (int i = 1; i < holders.size(); i++) {
      bad.container(isForbidden(options.get(i), allowed), holders.get(i));
    }
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    var told = new ArrayList<String>();
    var types =
        options.stream().map(o -> o.string("type")).filter(t -> !allowed.contains(t)).collect(Collectors.toCollection(TreeSet::new));
    if (!types.isEmpty()) {
      told.add(named("type", types));
    }
    for (String field : List.of("user", "role")) {
      if (options.stream().anyMatch(o -> !o.string(field).isEmpty())) {
        told.add(field + " may not be set");
      }
    }
    return Violation.of("seLinuxOptions", bad + " set forbidden securityContext.seLinuxOptions: " + String.join("; ", told));
  }

  private static boolean isForbidden(ObjectValue options, Set<String> allowed) {
    return !allowed.contains(options.string("type")) || !options.string("user").isEmpty() || !options.string("role").isEmpty();
  }

  static Optional<Violation> procMount(ObjectValue metadata, ObjectValue spec) {
    var bad = new ArrayList<String>();
    var types = new TreeSet<String>();
    for (ObjectValue container : containers(spec)) {
      if (container.at("securityContext", "procMount") instanceof StringValue(String type) && !type.equals("Default")) {
        bad.add(container.string("name"));
        types.add(type);
      }
    }
    return bad.isEmpty()
        ? Optional.empty()
        : Violation.of("procMount", named("container", bad) + " must not set securityContext.procMount to " + quoted(types));
  }

  static PodCheck sysctls(String... more) {
    Set<String> allowed = union(SYSCTLS, more);
    return (_, spec) -> {
      String forbidden =
          spec.list("securityContext", "sysctls").objects().stream()
              .map(s -> s.string("name"))
              .filter(name -> !allowed.contains(name))
              .collect(Collectors.joining(", "));
      return forbidden.isEmpty() ? Optional.empty() : Violation.of("forbidden sysctls", forbidden);
    };
  }
}
