package io.thyra.groups.core;

import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is accepted of pods and pod templates but not wise. Collects for one object; for one thread.
/// Source: pkg/api/pod/warnings.go, pkg/api/node/util.go, pkg/api/persistentvolumeclaim/util.go.
final class PodWarnings {
  private static final Map<String, String> OLD_NODE_LABELS =
      Map.of(
          "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
          "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
          "failure-domain.beta.kubernetes.io/region", "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
          "failure-domain.beta.kubernetes.io/zone", "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
          "beta.kubernetes.io/instance-type", "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
          "app.kubernetes.io/created-by", "deprecated since v1.9",
          "scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead",
          "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");
  private static final String OLD_SYSCTLS = "non-functional in v1.11+; use the \"sysctls\" field instead";
  private static final List<String[]> OLD_ANNOTATIONS =
      List.of(
          new String[] {"scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"},
          new String[] {"security.alpha.kubernetes.io/sysctls", OLD_SYSCTLS},
          new String[] {"security.alpha.kubernetes.io/unsafe-sysctls", OLD_SYSCTLS});
  private static final List<String[]> OLD_VOLUMES =
      List.of(
          new String[] {"photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"},
          new String[] {"gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"},
          new String[] {"scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
          new String[] {"flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"},
          new String[] {"storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"},
          new String[] {"quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"},
          new String[] {"glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
          new String[] {"ephemeral", "", ""},
          new String[] {"cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"},
          new String[] {"rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"});
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final String MATCHES_NOTHING = ": a null labelSelector results in matching no pod";
  private static final String USE_SECCOMP = ": non-functional in v1.27+; use the \"seccompProfile\" field instead";
  static final String USE_APP_ARMOR = ": deprecated since v1.30; use the \"appArmorProfile\" field instead";

  private static final int BRIEF_DIGITS_MAX = 18;

  private final ObjectValue spec;
  private final ObjectValue annotations;
  private final FieldPath path;
  private final FieldPath annotationsPath;
  private final boolean template;
  private final List<String> out = new ArrayList<>();

  private PodWarnings(ObjectValue pod, @Nullable FieldPath parent) {
    spec = pod.object("spec");
    annotations = pod.object("metadata", "annotations");
    path = FieldPath.child(parent, "spec");
    annotationsPath = FieldPath.child(parent, "metadata").child("annotations");
    template = parent != null;
  }

  /// @param parent where the template is, null for a pod
  static List<String> of(ObjectValue pod, @Nullable FieldPath parent) {
    var warnings = new PodWarnings(pod, parent);
    warnings.nodes();
    warnings.spread();
    warnings.annotations();
    warnings.volumes();
    warnings.lists();
    warnings.fractions(warnings.spec.object("overhead"), warnings.path.child("overhead"));
    warnings.containers();
    warnings.ports();
    if (warnings.spec.integer(0, "terminationGracePeriodSeconds") < 0) {
      warnings.say(
          warnings.path.child("terminationGracePeriodSeconds"), ": must be >= 0; negative values are invalid and will be treated as 1");
    }
    warnings.affinity();
    warnings.addresses();
    return warnings.out;
  }

  private void say(FieldPath at, String text) {
    out.add(at + text);
  }

  private void nodes() {
    for (String key : spec.object("nodeSelector").names()) {
      String message = OLD_NODE_LABELS.get(key);
      if (message != null) {
        say(path.child("nodeSelector").key(key), ": " + message);
      }
    }
    FieldPath at = path.child("affinity", "nodeAffinity");
    ObjectValue affinity = spec.object("affinity", "nodeAffinity");
    List<ObjectValue> terms = affinity.list(REQUIRED, "nodeSelectorTerms").objects();
    for (int i = 0; i < terms.size(); i++) {
      term(terms.get(i), false, at.child(REQUIRED, "nodeSelectorTerms").index(i), out);
    }
    List<ObjectValue> preferred = affinity.list(PREFERRED).objects();
    for (int i = 0; i < preferred.size(); i++) {
      term(preferred.get(i).object("preference"), true, at.child(PREFERRED).index(i).child("preference"), out);
    }
  }

  /// What a choice of nodes says about labels that are no more.
  static void term(ObjectValue term, boolean checksValues, FieldPath path, List<String> out) {
    List<ObjectValue> expressions = term.list("matchExpressions").objects();
    for (int i = 0; i < expressions.size(); i++) {
      FieldPath at = path.child("matchExpressions").index(i);
      String key = expressions.get(i).string("key");
      String message = OLD_NODE_LABELS.get(key);
      if (message != null) {
        out.add(at.child("key") + ": " + key + " is " + message);
      }
      List<String> values = expressions.get(i).list("values").strings();
      for (int j = 0; checksValues && j < values.size(); j++) {
        for (String complaint : Names.labelValue(values.get(j))) {
          out.add(at.child("values").index(j) + ": " + values.get(j) + " is invalid, " + complaint);
        }
      }
    }
  }

  private void spread() {
    List<ObjectValue> constraints = spec.list("topologySpreadConstraints").objects();
    for (int i = 0; i < constraints.size(); i++) {
      FieldPath at = path.child("topologySpreadConstraints").index(i);
      String key = constraints.get(i).string("topologyKey");
      String message = OLD_NODE_LABELS.get(key);
      if (message != null) {
        say(at.child("topologyKey"), ": " + key + " is " + message);
      }
      if (!(constraints.get(i).get("labelSelector") instanceof ObjectValue)) {
        say(at.child("labelSelector"), MATCHES_NOTHING);
      }
    }
  }

  private void annotations() {
    for (String[] old : OLD_ANNOTATIONS) {
      if (annotations.has(old[0])) {
        say(annotationsPath.key(old[0]), ": " + old[1]);
      }
    }
  }

  private void volumes() {
    List<ObjectValue> volumes = spec.list("volumes").objects();
    for (int i = 0; i < volumes.size(); i++) {
      FieldPath at = path.child("volumes").index(i);
      for (String[] old : OLD_VOLUMES) {
        if (!(volumes.get(i).get(old[0]) instanceof ObjectValue source)) {
          continue;
        }
        if (old[0].equals("ephemeral")) {
          claim(source.object("volumeClaimTemplate", "spec"), at.child("ephemeral", "volumeClaimTemplate", "spec"), out);
        } else {
          say(at.child(old[1]), ": " + old[2]);
        }
      }
    }
    for (ObjectValue volume : volumes) {
      new VolumePaths(volume, out).check();
    }
  }

  /// What a claim asks for in parts of bytes.
  static void claim(ObjectValue claimSpec, FieldPath path, List<String> out) {
    for (String field : List.of("requests", "limits")) {
      fraction(claimSpec.object("resources", field), "storage", path.child("resources", field), out);
    }
  }

  private static void fraction(ObjectValue amounts, String name, FieldPath path, List<String> out) {
    if (amounts.has(name) && isFraction(Quantities.of(amounts, name))) {
      out.add(
          path.key(name)
              + ": fractional byte value "
              + GoText.quote(Quantities.of(amounts, name).toString())
              + " is invalid, must be an integer");
    }
  }

  // Upstream looks at thousandths in 64 bits: beyond them a short decimal counts as zero, anything else loses its high bits.
  private static boolean isFraction(Quantity amount) {
    BigInteger thousandths = amount.amount().movePointRight(3).setScale(0, RoundingMode.UP).toBigInteger();
    boolean brief =
        amount.format() != Quantity.Format.BINARY_SI && amount.amount().stripTrailingZeros().precision() <= BRIEF_DIGITS_MAX;
    return (thousandths.bitLength() < Long.SIZE || !brief) && thousandths.longValue() % 1000 != 0;
  }

  private void fractions(ObjectValue amounts, FieldPath at) {
    fraction(amounts, "memory", at, out);
    fraction(amounts, "ephemeral-storage", at, out);
  }

  private void lists() {
    repeated("hostAliases", "ip", ": duplicate ip ");
    repeated("imagePullSecrets", "name", ": duplicate name ");
    List<ObjectValue> secrets = spec.list("imagePullSecrets").objects();
    for (int i = 0; i < secrets.size(); i++) {
      if (secrets.get(i).string("name").isEmpty()) {
        say(path.child("imagePullSecrets").index(i).child("name"), ": invalid empty name \"\"");
      }
    }
  }

  private void repeated(String list, String field, String text) {
    var seen = new HashSet<String>();
    List<ObjectValue> items = spec.list(list).objects();
    for (int i = 0; i < items.size(); i++) {
      String value = items.get(i).string(field);
      if (!seen.add(value)) {
        say(path.child(list).index(i).child(field), text + GoText.quote(value));
      }
    }
  }

  private void containers() {
    if (annotations.has(PodAnnotations.SECCOMP_POD) && !(spec.at("securityContext", "seccompProfile") instanceof ObjectValue)) {
      say(annotationsPath.key(PodAnnotations.SECCOMP_POD), USE_SECCOMP);
    }
    PodAnnotations.visit(spec, path, this::container);
  }

  private void container(ObjectValue container, FieldPath at) {
    String name = container.string("name");
    String seccomp = PodAnnotations.SECCOMP_CONTAINER + name;
    if (annotations.has(seccomp) && !(container.at("securityContext", "seccompProfile") instanceof ObjectValue)) {
      say(annotationsPath.key(seccomp), USE_SECCOMP);
    }
    String appArmor = PodAnnotations.APP_ARMOR + name;
    if (template && annotations.has(appArmor) && !(container.at("securityContext", "appArmorProfile") instanceof ObjectValue)) {
      ObjectValue said = PodAnnotations.appArmorProfile(annotations.string(appArmor));
      if (said == null || !said.equals(spec.at("securityContext", "appArmorProfile"))) {
        say(annotationsPath.key(appArmor), USE_APP_ARMOR);
      }
    }
    ObjectValue resources = container.object("resources");
    for (String amount : List.of("memory", "ephemeral-storage")) {
      for (String field : List.of("limits", "requests")) {
        fraction(resources.object(field), amount, at.child("resources", field), out);
      }
    }
    var seen = new HashSet<String>();
    List<ObjectValue> env = container.list("env").objects();
    for (int i = 0; i < env.size(); i++) {
      String variable = env.get(i).string("name");
      String reference = "$(" + variable + ")";
      String value = env.get(i).string("value");
      boolean hides = env.get(i).get("valueFrom") instanceof ObjectValue || value.equals(reference) || !value.contains(reference);
      if (!seen.add(variable) && hides) {
        say(
            at.child("env").index(i),
            ": hides previous definition of " + GoText.quote(variable) + ", which may be dropped when using apply");
      }
    }
  }

  private record Port(FieldPath at, ObjectValue port) {
    String hostIp() {
      return port.string("hostIP");
    }

    long hostPort() {
      return port.integer(0, "hostPort");
    }
  }

  private void ports() {
    var all = new HashMap<String, List<Port>>();
    var names = new HashMap<String, FieldPath>();
    var repeated = new ArrayList<String>();
    PodAnnotations.visit(
        spec,
        path,
        (container, where) -> {
          List<ObjectValue> ports = container.list("ports").objects();
          for (int i = 0; i < ports.size(); i++) {
            var port = new Port(where.child("ports").index(i), ports.get(i));
            port(port, all);
            String name = ports.get(i).string("name");
            FieldPath other = name.isEmpty() ? null : names.putIfAbsent(name, port.at());
            if (other != null) {
              repeated.add(
                  port.at() + ": duplicate port name " + GoText.quote(name) + " with " + other
                      + ", services and probes that select ports by name will use " + other);
            }
          }
        });
    out.addAll(repeated);
  }

  private void port(Port port, Map<String, List<Port>> all) {
    ObjectValue said = port.port();
    if (!port.hostIp().isEmpty() && port.hostPort() == 0) {
      say(
          port.at(),
          ": hostIP set without hostPort: {Name:%s HostPort:0 ContainerPort:%d Protocol:%s HostIP:%s}"
              .formatted(said.string("name"), said.integer(0, "containerPort"), said.string("protocol"), port.hostIp()));
    }
    String key = said.integer(0, "containerPort") + "/" + said.string("protocol");
    List<Port> others = all.computeIfAbsent(key, _ -> new ArrayList<>());
    for (Port other : others) {
      boolean sameHostPort = port.hostPort() == other.hostPort();
      if (sameHostPort && port.hostIp().equals(other.hostIp())) {
        say(port.at(), ": duplicate port definition with " + other.at());
      } else if (port.hostPort() == 0 || other.hostPort() == 0) {
        say(port.at(), ": overlapping port definition with " + other.at());
      } else if (sameHostPort && port.hostIp().isEmpty() != other.hostIp().isEmpty()) {
        say(port.at(), ": dangerously ambiguous port definition with " + other.at());
      }
    }
    others.add(port);
  }

  private void affinity() {
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      ObjectValue pods = spec.object("affinity", kind);
      List<ObjectValue> required = pods.list(REQUIRED).objects();
      for (int i = 0; i < required.size(); i++) {
        if (!(required.get(i).get("labelSelector") instanceof ObjectValue)) {
          say(path.child("affinity", kind, REQUIRED).index(i).child("labelSelector"), MATCHES_NOTHING);
        }
      }
      List<ObjectValue> preferred = pods.list(PREFERRED).objects();
      for (int i = 0; i < preferred.size(); i++) {
        if (!(preferred.get(i).at("podAffinityTerm", "labelSelector") instanceof ObjectValue)) {
          say(
              path.child("affinity", kind, PREFERRED).index(i).child("podAffinityTerm", "labelSelector"), MATCHES_NOTHING);
        }
      }
    }
  }

  private void addresses() {
    List<String> servers = spec.list("dnsConfig", "nameservers").strings();
    for (int i = 0; i < servers.size(); i++) {
      out.addAll(IpAddresses.warnings(path.child("dnsConfig", "nameservers").index(i), servers.get(i)));
    }
    List<ObjectValue> aliases = spec.list("hostAliases").objects();
    for (int i = 0; i < aliases.size(); i++) {
      out.addAll(IpAddresses.warnings(path.child("hostAliases").index(i).child("ip"), aliases.get(i).string("ip")));
    }
  }
}
