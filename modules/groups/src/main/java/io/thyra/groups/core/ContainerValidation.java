package io.thyra.groups.core;

import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The containers of a pod or a pod template. Source: pkg/apis/core/validation/validation.go.
final class ContainerValidation {
  private static final String NOT_FOR_INIT = "may not be set for init containers without restartPolicy=Always";

  private static final int RESTART_RULES_MAX = 20;
  private static final int EXIT_CODES_MAX = 255;
  private static final List<String> RESTART_ACTIONS = List.of("Restart", "RestartAllContainers");
  private static final String NOT_EPHEMERAL = "cannot be set for an Ephemeral Container";
  // What ephemeral containers may not have, in the order of the Go type.
  private static final List<String> NOT_FOR_EPHEMERAL =
      List.of(
          "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe", "readinessProbe",
          "startupProbe", "lifecycle");
  private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");

  private final ObjectValue spec;
  private final Map<String, ObjectValue> volumes;
  private final Set<String> claims;
  private final boolean privileged;
  private final List<FieldError> errors;
  private final long gracePeriod;

  /// @param volumes the pod's sound volumes by name
  /// @param privileged whether containers may be privileged
  ContainerValidation(ObjectValue spec, Map<String, ObjectValue> volumes, boolean privileged, List<FieldError> errors) {
    this.spec = spec;
    this.volumes = volumes;
    this.claims = new TreeSet<>();
    spec.list("resourceClaims").objects().forEach(c -> claims.add(c.string("name")));
    this.privileged = privileged;
    this.errors = errors;
    gracePeriod = spec.integer(0, "terminationGracePeriodSeconds");
  }

  void check(FieldPath path) {
    containers(path.child("containers"));
    initContainers(path.child("initContainers"));
    ephemeralContainers(path.child("ephemeralContainers"));
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
      restartPolicy(container, at);
    }
    hostPorts(containers, path);
  }

  private void restartPolicy(ObjectValue container, FieldPath path) {
    List<ObjectValue> rules = container.list("restartPolicyRules").objects();
    FieldPath policy = path.child("restartPolicy");
    if (container.has("restartPolicy")) {
      if (!RESTART_POLICIES.contains(container.string("restartPolicy"))) {
        errors.add(FieldError.notSupported(policy, container.string("restartPolicy"), RESTART_POLICIES));
      }
    } else if (!rules.isEmpty()) {
      errors.add(FieldError.required(policy, "must specify restartPolicy when restart rules are used"));
    }
    FieldPath list = path.child("restartPolicyRules");
    if (rules.size() > RESTART_RULES_MAX) {
      errors.add(FieldError.tooMany(list, rules.size(), RESTART_RULES_MAX));
    }
    for (int i = 0; i < rules.size(); i++) {
      restartRule(rules.get(i), list.index(i));
    }
  }

  private void restartRule(ObjectValue rule, FieldPath path) {
    if (!RESTART_ACTIONS.contains(rule.string("action"))) {
      errors.add(FieldError.notSupported(path.child("action"), rule.string("action"), RESTART_ACTIONS));
    }
    FieldPath at = path.child("exitCodes");
    if (!(rule.get("exitCodes") instanceof ObjectValue codes)) {
      errors.add(FieldError.required(at, "must be specified"));
      return;
    }
    String operator = codes.string("operator");
    if (!operator.equals("In") && !operator.equals("NotIn")) {
      errors.add(FieldError.notSupported(at.child("operator"), operator, List.of("In", "NotIn")));
    }
    if (codes.list("values").size() > EXIT_CODES_MAX) {
      errors.add(FieldError.tooMany(at.child("values"), codes.list("values").size(), EXIT_CODES_MAX));
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
      restartPolicy(container, at);
      if (container.string("restartPolicy").equals("Always")) {
        HandlerValidation.lifecycle(container, gracePeriod, at, errors);
        HandlerValidation.probes(container, gracePeriod, at, errors);
      } else {
        for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
          if (container.get(field) instanceof ObjectValue) {
            errors.add(FieldError.forbidden(at.child(field), NOT_FOR_INIT));
          }
        }
        List<ObjectValue> policies = container.list("resizePolicy").objects();
        for (int j = 0; j < policies.size(); j++) {
          if (policies.get(j).string("restartPolicy").equals("RestartContainer")) {
            FieldPath policy = at.child("resizePolicy").index(j).child("restartPolicy");
            errors.add(
                FieldError.invalid(
                    policy, "RestartContainer", "must not be set to 'RestartContainer' for non-sidecar initContainers"));
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
    devices(container, path.child("volumeDevices"));
    Checks.required(
        container.string("imagePullPolicy"), List.of("Always", "IfNotPresent", "Never"), path.child("imagePullPolicy"), errors);
    resources(container.object("resources"), path.child("resources"), errors);
    claims(container.list("resources", "claims"), claims, path.child("resources", "claims"), errors);
    resizePolicy(container, path.child("resizePolicy"));
    if (container.get("securityContext") instanceof ObjectValue context) {
      boolean hostUsers = !spec.has("hostUsers") || spec.bool("hostUsers");
      SecurityValidation.container(context, hostUsers, privileged, path.child("securityContext"), errors);
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
      if (!volumes.containsKey(name)) {
        errors.add(FieldError.notFound(at.child("name"), name));
      }
      if (mountPath.isEmpty()) {
        errors.add(FieldError.required(at.child("mountPath"), ""));
      }
      if (!paths.add(mountPath)) {
        errors.add(FieldError.invalid(at.child("mountPath"), mountPath, "must be unique"));
      }
      List<ObjectValue> devices = container.list("volumeDevices").objects();
      if (devices.stream().anyMatch(d -> d.string("name").equals(name))) {
        errors.add(FieldError.invalid(at.child("name"), name, "must not already exist in volumeDevices"));
      }
      if (devices.stream().anyMatch(d -> d.string("devicePath").equals(mountPath))) {
        errors.add(FieldError.invalid(at.child("mountPath"), mountPath, "must not already exist as a path in volumeDevices"));
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
    resources(resources, ResourceNames::checkContainer, path, errors);
  }

  /// What the containers of a pod share.
  static void podResources(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    ObjectValue resources = spec.object("resources");
    Set<String> known = new TreeSet<>();
    spec.list("resourceClaims").objects().forEach(c -> known.add(c.string("name")));
    resources(resources, ResourceNames::checkPodLevel, path, errors);
    claims(resources.list("claims"), known, path.child("claims"), errors);
  }

  private interface NameCheck {
    void check(String name, FieldPath path, List<FieldError> errors);
  }

  private static void resources(ObjectValue resources, NameCheck names, FieldPath path, List<FieldError> errors) {
    ObjectValue limits = resources.object("limits");
    ObjectValue requests = resources.object("requests");
    boolean huge = false;
    boolean computing = false;
    for (String name : limits.names()) {
      FieldPath at = path.child("limits").key(name);
      names.check(name, at, errors);
      ResourceNames.checkAmount(name, Quantities.of(limits, name), at, errors);
      ResourceNames.checkPages(name, Quantities.of(limits, name), at, errors);
      huge |= ResourceNames.isHugePages(name);
      computing |= name.equals("cpu") || name.equals("memory");
    }
    for (String name : requests.names()) {
      FieldPath at = path.child("requests").key(name);
      names.check(name, at, errors);
      Quantity asked = Quantities.of(requests, name);
      ResourceNames.checkAmount(name, asked, at, errors);
      request(name, asked, limits, path, errors);
      ResourceNames.checkPages(name, asked, at, errors);
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

  /// Claims of devices, of which the pod must know the names.
  private static void claims(ListValue asked, Set<String> claims, FieldPath path, List<FieldError> errors) {
    var names = new TreeSet<String>();
    List<ObjectValue> all = asked.objects();
    for (int i = 0; i < all.size(); i++) {
      FieldPath at = path.index(i);
      String name = all.get(i).string("name");
      String request = all.get(i).string("request");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at, ""));
        continue;
      }
      if (names.contains(name)) {
        errors.add(FieldError.duplicate(at, name));
      } else {
        String key = request.isEmpty() ? name : name + "/" + request;
        if (!request.isEmpty()) {
          Checks.format(request, Names.dns1123Label(request), at.child("request"), errors);
        }
        if (names.contains(key)) {
          errors.add(FieldError.duplicate(at, key));
        } else if (request.isEmpty()) {
          names.stream().filter(k -> k.startsWith(name + "/")).forEach(_ -> errors.add(FieldError.duplicate(at, name)));
        }
        names.add(key);
      }
      if (!claims.contains(name)) {
        String known = claims.isEmpty() ? " which is empty" : ": " + String.join(", ", claims);
        errors.add(
            new FieldError(
                FieldError.Type.NOT_FOUND,
                at.toString(),
                GoText.quote(name),
                "must be one of the names in pod.spec.resourceClaims" + known));
      }
    }
  }

  private void resizePolicy(ObjectValue container, FieldPath path) {
    var seen = new HashSet<String>();
    List<ObjectValue> policies = container.list("resizePolicy").objects();
    for (int i = 0; i < policies.size(); i++) {
      String resource = policies.get(i).string("resourceName");
      String policy = policies.get(i).string("restartPolicy");
      if (!seen.add(resource)) {
        errors.add(FieldError.duplicate(path.index(i), resource));
      }
      Checks.required(resource, List.of("cpu", "memory"), path, errors);
      Checks.required(policy, List.of("NotRequired", "RestartContainer"), path, errors);
      if (spec.string("restartPolicy").equals("Never") && !policy.equals("NotRequired")) {
        errors.add(FieldError.invalid(path, policy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
      }
    }
  }

  private void devices(ObjectValue container, FieldPath path) {
    List<ObjectValue> mounts = container.list("volumeMounts").objects();
    List<ObjectValue> devices = container.list("volumeDevices").objects();
    var names = new HashSet<String>();
    var paths = new HashSet<String>();
    for (int i = 0; i < devices.size(); i++) {
      FieldPath at = path.index(i);
      String name = devices.get(i).string("name");
      String device = devices.get(i).string("devicePath");
      ObjectValue volume = volumes.get(name);
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name"), ""));
      }
      if (names.contains(name)) {
        errors.add(FieldError.invalid(at.child("name"), name, "must be unique"));
      }
      if (volume != null && !volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
        errors.add(
            FieldError.invalid(
                at.child("name"), name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"));
      }
      if (volume == null) {
        errors.add(FieldError.notFound(at.child("name"), name));
      }
      if (device.isEmpty()) {
        errors.add(FieldError.required(at.child("devicePath"), ""));
      }
      if (paths.contains(device)) {
        errors.add(FieldError.invalid(at.child("devicePath"), device, "must be unique"));
      }
      if (List.of(device.split("/", -1)).contains("..")) {
        errors.add(FieldError.invalid(at.child("devicePath"), device, "can not contain backsteps ('..')"));
      } else {
        paths.add(device);
      }
      if (mounts.stream().anyMatch(m -> m.string("name").equals(name))) {
        errors.add(FieldError.invalid(at.child("name"), name, "must not already exist in volumeMounts"));
      }
      if (mounts.stream().anyMatch(m -> m.string("mountPath").equals(device))) {
        errors.add(FieldError.invalid(at.child("devicePath"), device, "must not already exist as a path in volumeMounts"));
      }
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
  }

  private void ephemeralContainers(FieldPath path) {
    var others = new HashSet<String>();
    for (String list : List.of("containers", "initContainers")) {
      spec.list(list).objects().forEach(c -> others.add(c.string("name")));
    }
    var names = new HashSet<>(others);
    List<ObjectValue> containers = spec.list("ephemeralContainers").objects();
    for (int i = 0; i < containers.size(); i++) {
      ObjectValue container = containers.get(i);
      FieldPath at = path.index(i);
      common(container, at);
      PodValidation.trimmedImage(container.string("image"), at, errors);
      if (!names.add(container.string("name"))) {
        errors.add(FieldError.duplicate(at.child("name"), container.string("name")));
      }
      String target = container.string("targetContainerName");
      if (!target.isEmpty() && !others.contains(target)) {
        errors.add(FieldError.notFound(at.child("targetContainerName"), target));
      }
      for (String field : NOT_FOR_EPHEMERAL) {
        boolean inside = container.get(field) instanceof ObjectValue object && !object.emptied().isEmpty();
        if (!Rules.isEmpty(container.get(field)) || container.saidEmpty(field) || inside) {
          errors.add(FieldError.forbidden(at.child(field), NOT_EPHEMERAL));
        }
      }
      List<ObjectValue> mounts = container.list("volumeMounts").objects();
      for (int j = 0; j < mounts.size(); j++) {
        for (String field : List.of("subPath", "subPathExpr")) {
          if (!mounts.get(j).string(field).isEmpty()) {
            errors.add(FieldError.forbidden(at.child("volumeMounts").index(j).child(field), NOT_EPHEMERAL));
          }
        }
      }
    }
  }
}
