package io.thyra.admission;

import static io.thyra.admission.PodCheck.containers;
import static io.thyra.admission.PodCheck.named;
import static io.thyra.admission.PodCheck.plural;
import static io.thyra.admission.PodCheck.quoted;

import io.thyra.admission.PodCheck.Violation;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Pod security about what a pod has of its host: namespaces, ports, probes, paths and other volumes.
/// Source: pod-security-admission policy/check_host*.go, check_restrictedVolumes.go, check_windowsHostProcess.go.
final class HostChecks {
  private static final List<String> HARMLESS =
      List.of(
          "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret");
  private static final List<String> RESTRICTED =
      List.of(
          "hostPath",
          "gcePersistentDisk",
          "awsElasticBlockStore",
          "gitRepo",
          "nfs",
          "iscsi",
          "glusterfs",
          "rbd",
          "flexVolume",
          "cinder",
          "cephfs",
          "flocker",
          "fc",
          "azureFile",
          "vsphereVolume",
          "quobyte",
          "azureDisk",
          "photonPersistentDisk",
          "portworxVolume",
          "scaleIO",
          "storageos");

  private HostChecks() {}

  static Optional<Violation> namespaces(ObjectValue metadata, ObjectValue spec) {
    String shared =
        List.of("hostNetwork", "hostPID", "hostIPC").stream()
            .filter(spec::bool)
            .map(name -> name + "=true")
            .collect(Collectors.joining(", "));
    return shared.isEmpty() ? Optional.empty() : Violation.of("host namespaces", shared);
  }

  static Optional<Violation> pathVolumes(ObjectValue metadata, ObjectValue spec) {
    List<String> bad =
        spec.list("volumes").objects().stream().filter(v -> v.has("hostPath")).map(v -> v.string("name")).toList();
    return bad.isEmpty() ? Optional.empty() : Violation.of("hostPath volumes", named("volume", bad));
  }

  static Optional<Violation> restrictedVolumes(ObjectValue metadata, ObjectValue spec) {
    var names = new ArrayList<String>();
    var types = new TreeSet<String>();
    for (ObjectValue volume : spec.list("volumes").objects()) {
      if (HARMLESS.stream().noneMatch(volume::has)) {
        names.add(volume.string("name"));
        types.add(RESTRICTED.stream().filter(volume::has).findFirst().orElse("unknown"));
      }
    }
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String uses = names.size() == 1 ? " uses " : " use ";
    return Violation.of("restricted volume types", named("volume", names) + uses + named("restricted volume type", types));
  }

  static Optional<Violation> ports(ObjectValue metadata, ObjectValue spec) {
    var bad = new ArrayList<String>();
    var ports = new TreeSet<String>();
    for (ObjectValue container : containers(spec)) {
      List<String> taken =
          container.list("ports").objects().stream()
              .map(p -> p.integer(0, "hostPort"))
              .filter(p -> p != 0)
              .map(p -> Long.toString(p))
              .toList();
      if (!taken.isEmpty()) {
        bad.add(container.string("name"));
        ports.addAll(taken);
      }
    }
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    String uses = bad.size() == 1 ? " uses " : " use ";
    return Violation.of(
        "hostPort", named("container", bad) + uses + plural("hostPort", ports.size()) + " " + String.join(", ", ports));
  }

  static Optional<Violation> probes(ObjectValue metadata, ObjectValue spec) {
    var bad = new TreeSet<String>();
    var hosts = new TreeSet<String>();
    for (ObjectValue container : containers(spec)) {
      var asked = new TreeSet<String>();
      for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
        addHosts(container.object(probe), asked);
      }
      for (String hook : List.of("postStart", "preStop")) {
        addHosts(container.object("lifecycle", hook), asked);
      }
      if (!asked.isEmpty()) {
        bad.add(container.string("name"));
        hosts.addAll(asked);
      }
    }
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    String uses = bad.size() == 1 ? " uses " : " use ";
    return Violation.of(
        "probe or lifecycle host",
        named("container", bad) + uses + plural("probe or lifecycle host", hosts.size()) + " " + quoted(hosts));
  }

  private static void addHosts(ObjectValue handler, Set<String> hosts) {
    for (String sort : List.of("httpGet", "tcpSocket")) {
      String host = handler.string(sort, "host");
      if (!host.isEmpty()) {
        hosts.add(host);
      }
    }
  }

  static Optional<Violation> windowsProcess(ObjectValue metadata, ObjectValue spec) {
    var bad = new Offenders();
    bad.pod(isHostProcess(spec));
    containers(spec).forEach(c -> bad.container(isHostProcess(c), c));
    return bad.isEmpty()
        ? Optional.empty()
        : Violation.of("hostProcess", bad + " must not set securityContext.windowsOptions.hostProcess=true");
  }

  private static boolean isHostProcess(ObjectValue holder) {
    return holder.bool("securityContext", "windowsOptions", "hostProcess");
  }
}
