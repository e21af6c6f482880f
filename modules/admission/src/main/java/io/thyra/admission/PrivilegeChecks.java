package io.thyra.admission;

import static io.thyra.admission.PodCheck.containers;
import static io.thyra.admission.PodCheck.named;
import static io.thyra.admission.PodCheck.quoted;

import io.thyra.admission.PodCheck.Violation;
import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Pod security about what processes may do and who they are: privileges, capabilities, users.
/// Source: pod-security-admission policy/check_privileged.go, check_allowPrivilegeEscalation.go, check_capabilities_*.go,
/// check_runAs*.go.
final class PrivilegeChecks {
  private static final Set<String> DEFAULT_CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private PrivilegeChecks() {}

  private static List<String> names(ObjectValue spec, Predicate<ObjectValue> bad) {
    return containers(spec).stream().filter(bad).map(c -> c.string("name")).toList();
  }

  static Optional<Violation> privileged(ObjectValue metadata, ObjectValue spec) {
    List<String> bad = names(spec, c -> c.bool("securityContext", "privileged"));
    return bad.isEmpty()
        ? Optional.empty()
        : Violation.of("privileged", named("container", bad) + " must not set securityContext.privileged=true");
  }

  static Optional<Violation> escalation(ObjectValue metadata, ObjectValue spec) {
    List<String> bad = names(spec, c -> c.at("securityContext", "allowPrivilegeEscalation") != BooleanValue.FALSE);
    return bad.isEmpty()
        ? Optional.empty()
        : Violation.of(
            "allowPrivilegeEscalation != false",
            named("container", bad) + " must set securityContext.allowPrivilegeEscalation=false");
  }

  private static List<String> added(ObjectValue container) {
    return container.list("securityContext", "capabilities", "add").strings();
  }

  static Optional<Violation> baselineCapabilities(ObjectValue metadata, ObjectValue spec) {
    return addedBeyond(spec, DEFAULT_CAPABILITIES).map(detail -> new Violation("non-default capabilities", detail));
  }

  private static Optional<String> addedBeyond(ObjectValue spec, Set<String> allowed) {
    var capabilities = new TreeSet<String>();
    containers(spec).forEach(c -> capabilities.addAll(added(c)));
    capabilities.removeAll(allowed);
    List<String> bad = names(spec, c -> added(c).stream().anyMatch(capabilities::contains));
    return bad.isEmpty()
        ? Optional.empty()
        : Optional.of(
            named("container", bad) + " must not include " + quoted(capabilities) + " in securityContext.capabilities.add");
  }

  static Optional<Violation> restrictedCapabilities(ObjectValue metadata, ObjectValue spec) {
    var details = new ArrayList<String>();
    List<String> keeping = names(spec, c -> !c.list("securityContext", "capabilities", "drop").strings().contains("ALL"));
    if (!keeping.isEmpty()) {
      details.add(named("container", keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    addedBeyond(spec, Set.of("NET_BIND_SERVICE")).ifPresent(details::add);
    return details.isEmpty() ? Optional.empty() : Violation.of("unrestricted capabilities", String.join("; ", details));
  }

  static Optional<Violation> nonRoot(ObjectValue metadata, ObjectValue spec) {
    String reason = "runAsNonRoot != true";
    @Nullable Value ofPod = spec.at("securityContext", "runAsNonRoot");
    var bad = new Offenders();
    bad.pod(ofPod == BooleanValue.FALSE);
    containers(spec).forEach(c -> bad.container(c.at("securityContext", "runAsNonRoot") == BooleanValue.FALSE, c));
    if (!bad.isEmpty()) {
      return Violation.of(reason, bad + " must not set securityContext.runAsNonRoot=false");
    }
    List<String> silent =
        ofPod == BooleanValue.TRUE ? List.of() : names(spec, c -> !(c.at("securityContext", "runAsNonRoot") instanceof BooleanValue));
    return silent.isEmpty()
        ? Optional.empty()
        : Violation.of(reason, "pod or " + named("container", silent) + " must set securityContext.runAsNonRoot=true");
  }

  static Optional<Violation> user(ObjectValue metadata, ObjectValue spec) {
    var bad = new Offenders();
    bad.pod(isRoot(spec));
    containers(spec).forEach(c -> bad.container(isRoot(c), c));
    return bad.isEmpty() ? Optional.empty() : Violation.of("runAsUser=0", bad + " must not set runAsUser=0");
  }

  private static boolean isRoot(ObjectValue holder) {
    return holder.at("securityContext", "runAsUser") instanceof IntegerValue(long user) && user == 0;
  }
}
