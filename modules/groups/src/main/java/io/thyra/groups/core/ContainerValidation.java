package io.thyra.groups.core;

import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The containers of a pod or a pod template. Source: pkg/apis/core/validation/validation.go.
final class ContainerValidation {
  private static final String NOT_FOR_INIT = "may not be set for init containers without restartPolicy=Always";

  private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");

  private final ObjectValue spec;
  private final Set<String> volumes;
  private final boolean privileged;
  private final List<FieldError> errors;
  private final long gracePeriod;

  /// @param volumes the names of the pod's sound volumes
  /// @param privileged whether containers may be privileged
  ContainerValidation(ObjectValue spec, Set<String> volumes, boolean privileged, List<FieldError> errors) {
    this.spec = spec;
    this.volumes = volumes;
    this.privileged = privileged;
    this.errors = errors;
    gracePeriod = spec.integer(0, "terminationGracePeriodSeconds");
  }

  void check(FieldPath path) {
    containers(path.child("containers"));
    initContainers(path.child("initContainers"));
  }

  private void containers(FieldPath path) {
    List<ObjectValue> containers = spec.list("containers").objects();
    if (containers.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    var names = new HashSet<String>();
    for (int i = 0; i < containers.size(); i++) {
      ObjectValue container = containers.get(i);
      FieldPath at = path.index(i);
      common(container, at);
      if (!names.add(container.string("name"))) {
        errors.add(FieldError.duplicate(at.child("name"), container.string("name")));
      }
      HandlerValidation.lifecycle(container, gracePeriod, at, errors);
      HandlerValidation.probes(container, gracePeriod, at, errors);
      restartPolicy(container, at.child("restartPolicy"));
    }
    hostPorts(containers, path);
  }

  private void restartPolicy(ObjectValue container, FieldPath path) {
    if (!container.has("restartPolicy")) {
      if (!container.list("restartPolicyRules").isEmpty()) {
        errors.add(FieldError.required(path, "must specify restartPolicy when restart rules are used"));
      }
    } else if (!RESTART_POLICIES.contains(container.string("restartPolicy"))) {
      errors.add(FieldError.notSupported(path, container.string("restartPolicy"), RESTART_POLICIES));
    }
  }

  private void initContainers(FieldPath path) {
    List<ObjectValue> containers = spec.list("initContainers").objects();
    var names = new HashSet<String>();
    spec.list("containers").objects().forEach(c -> names.add(c.string("name")));
    for (int i = 0; i < containers.size(); i++) {
      ObjectValue container = containers.get(i);
      FieldPath at = path.index(i);
      common(container, at);
      String name = container.string("name");
      if (names.contains(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      } else if (!name.isEmpty()) {
        names.add(name);
      }
      hostPorts(List.of(container), path);
      restartPolicy(container, at.child("restartPolicy"));
      if (container.string("restartPolicy").equals("Always")) {
        HandlerValidation.lifecycle(container, gracePeriod, at, errors);
        HandlerValidation.probes(container, gracePeriod, at, errors);
      } else {
        for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
          if (container.get(field) instanceof ObjectValue) {
            errors.add(FieldError.forbidden(at.child(field), NOT_FOR_INIT));
          }
        }
      }
    }
  }

  private void common(ObjectValue container, FieldPath path) {
    String name = container.string("name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child("name"), ""));
    } else {
      Checks.format(name, Names.dns1123Label(name), path.child("name"), errors);
    }
    if (container.string("image").isEmpty()) {
      errors.add(FieldError.required(path.child("image"), ""));
    }
    Checks.required(
        container.string("terminationMessagePolicy"),
        List.of("File", "FallbackToLogsOnError"),
        path.child("terminationMessagePolicy"),
        errors);
    ports(container, path.child("ports"));
    EnvValidation.check(container, path, errors);
    mounts(container, path.child("volumeMounts"));
    Checks.required(
        container.string("imagePullPolicy"), List.of("Always", "IfNotPresent", "Never"), path.child("imagePullPolicy"), errors);
    resources(container.object("resources"), path.child("resources"), errors);
    if (container.get("securityContext") instanceof ObjectValue context) {
      security(context, path.child("securityContext"));
    }
  }

  private void ports(ObjectValue container, FieldPath path) {
    List<ObjectValue> ports = container.list("ports").objects();
    var names = new HashSet<String>();
    for (int i = 0; i < ports.size(); i++) {
      ObjectValue port = ports.get(i);
      FieldPath at = path.index(i);
      String name = port.string("name");
      if (!name.isEmpty()) {
        List<String> complaints = Words.portName(name);
        Checks.format(name, complaints, at.child("name"), errors);
        if (complaints.isEmpty() && !names.add(name)) {
          errors.add(FieldError.duplicate(at.child("name"), name));
        }
      }
      if (port.integer(0, "containerPort") == 0) {
        errors.add(FieldError.required(at.child("containerPort"), ""));
      } else {
        Checks.portNumber(port.integer(0, "containerPort"), at.child("containerPort"), errors);
      }
      if (port.integer(0, "hostPort") != 0) {
        Checks.portNumber(port.integer(0, "hostPort"), at.child("hostPort"), errors);
      }
      Checks.protocol(port.string("protocol"), at.child("protocol"), errors);
    }
  }

  private void hostPorts(List<ObjectValue> containers, FieldPath path) {
    var seen = new HashSet<String>();
    for (int i = 0; i < containers.size(); i++) {
      List<ObjectValue> ports = containers.get(i).list("ports").objects();
      for (int j = 0; j < ports.size(); j++) {
        long port = ports.get(j).integer(0, "hostPort");
        String key = ports.get(j).string("protocol") + "/" + ports.get(j).string("hostIP") + "/" + port;
        if (port != 0 && !seen.add(key)) {
          errors.add(FieldError.duplicate(path.index(i).child("ports").index(j).child("hostPort"), key));
        }
      }
    }
  }

  private void mounts(ObjectValue container, FieldPath path) {
    List<ObjectValue> mounts = container.list("volumeMounts").objects();
    var paths = new HashSet<String>();
    for (int i = 0; i < mounts.size(); i++) {
      ObjectValue mount = mounts.get(i);
      FieldPath at = path.index(i);
      String name = mount.string("name");
      String mountPath = mount.string("mountPath");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name"), ""));
      }
      if (!volumes.contains(name)) {
        errors.add(FieldError.notFound(at.child("name"), name));
      }
      if (mountPath.isEmpty()) {
        errors.add(FieldError.required(at.child("mountPath"), ""));
      }
      if (!paths.add(mountPath)) {
        errors.add(FieldError.invalid(at.child("mountPath"), mountPath, "must be unique"));
      }
      // Upstream names the list in the errors that follow, but for the clash of both paths.
      String subPath = mount.string("subPath");
      String expression = mount.string("subPathExpr");
      if (!subPath.isEmpty()) {
        Checks.descendingPath(subPath, path.child("subPath"), errors);
      }
      if (!expression.isEmpty()) {
        if (!subPath.isEmpty()) {
          errors.add(
              FieldError.invalid(at.child("subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive"));
        }
        Checks.descendingPath(expression, path.child("subPathExpr"), errors);
      }
      propagation(mount, container, path, errors);
    }
  }

  private static void propagation(ObjectValue mount, ObjectValue container, FieldPath path, List<FieldError> errors) {
    String propagation = mount.string("mountPropagation");
    List<String> known = List.of("Bidirectional", "HostToContainer", "None");
    FieldPath at = path.child("mountPropagation");
    if (mount.has("mountPropagation") && !known.contains(propagation)) {
      errors.add(FieldError.notSupported(at, propagation, known));
    }
    if (propagation.equals("Bidirectional") && !container.bool("securityContext", "privileged")) {
      errors.add(FieldError.forbidden(at, "Bidirectional mount propagation is available only to privileged containers"));
    }
    if (!mount.has("recursiveReadOnly")) {
      return;
    }
    FieldPath recursive = path.child("recursiveReadOnly");
    String mode = mount.string("recursiveReadOnly");
    switch (mode) {
      case "Disabled" -> {}
      case "Enabled", "IfPossible" -> {
        if (!mount.bool("readOnly")) {
          errors.add(FieldError.forbidden(recursive, "may only be specified when readOnly is true"));
        }
        if (mount.has("mountPropagation") && !propagation.equals("None")) {
          errors.add(FieldError.forbidden(recursive, "may only be specified when mountPropagation is None or not specified"));
        }
      }
      default -> errors.add(FieldError.notSupported(recursive, mode, List.of("Disabled", "Enabled", "IfPossible")));
    }
  }

  /// What a container asks for and may use at most.
  static void resources(ObjectValue resources, FieldPath path, List<FieldError> errors) {
    ObjectValue limits = resources.object("limits");
    ObjectValue requests = resources.object("requests");
    boolean huge = false;
    boolean computing = false;
    for (String name : limits.names()) {
      FieldPath at = path.child("limits").key(name);
      ResourceNames.checkContainer(name, at, errors);
      ResourceNames.checkAmount(name, Quantities.of(limits, name), at, errors);
      huge |= ResourceNames.isHugePages(name);
      computing |= name.equals("cpu") || name.equals("memory");
    }
    for (String name : requests.names()) {
      FieldPath at = path.child("requests").key(name);
      ResourceNames.checkContainer(name, at, errors);
      Quantity asked = Quantities.of(requests, name);
      ResourceNames.checkAmount(name, asked, at, errors);
      request(name, asked, limits, path, errors);
      huge |= ResourceNames.isHugePages(name);
      computing |= name.equals("cpu") || name.equals("memory");
    }
    if (huge && !computing) {
      errors.add(FieldError.forbidden(path, "HugePages require cpu or memory"));
    }
  }

  private static void request(String name, Quantity asked, ObjectValue limits, FieldPath resources, List<FieldError> errors) {
    FieldPath path = resources.child("requests");
    if (limits.has(name)) {
      Quantity limit = Quantities.of(limits, name);
      if (!ResourceNames.isOvercommitAllowed(name) && asked.compareTo(limit) != 0) {
        errors.add(FieldError.invalid(path, asked.toString(), "must be equal to " + name + " limit of " + limit));
      } else if (asked.compareTo(limit) > 0) {
        errors.add(FieldError.invalid(path, asked.toString(), "must be less than or equal to " + name + " limit of " + limit));
      }
    } else if (!ResourceNames.isOvercommitAllowed(name)) {
      errors.add(FieldError.required(resources.child("limits"), "Limit must be set for non overcommitable resources"));
    }
  }

  private void security(ObjectValue context, FieldPath path) {
    if (context.bool("privileged") && !privileged) {
      errors.add(FieldError.forbidden(path.child("privileged"), "disallowed by cluster policy"));
    }
    for (String field : List.of("runAsUser", "runAsGroup")) {
      long id = context.integer(0, field);
      Words.unixId(id).forEach(complaint -> errors.add(FieldError.invalid(path.child(field), id, complaint)));
    }
    if (context.has("procMount")) {
      String mount = context.string("procMount");
      if (!mount.equals("Default") && !mount.equals("Unmasked")) {
        errors.add(FieldError.notSupported(path.child("procMount"), mount, List.of("Default", "Unmasked")));
      }
      if (mount.equals("Unmasked") && !Boolean.FALSE.toString().equals(String.valueOf(spec.get("hostUsers")))) {
        errors.add(
            FieldError.invalidPrinted(path.child("procMount"), GoText.quote(mount), "`hostUsers` must be false to use `Unmasked`"));
      }
    }
  }
}
