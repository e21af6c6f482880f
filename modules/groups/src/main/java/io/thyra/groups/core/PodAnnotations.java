package io.thyra.groups.core;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Annotations of pods that mean something, and how they agree with the fields that took their place.
/// Source: pkg/apis/core/validation/validation.go, ValidatePodSpecificAnnotations.
final class PodAnnotations {
  static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
  static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
  static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations";
  private static final String LOCALHOST = "localhost/";
  private static final String MUST_MATCH = " in annotation and field must match";

  private PodAnnotations() {}

  static void check(ObjectValue annotations, ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (annotations.has(PodUpdates.MIRROR) && spec.string("nodeName").isEmpty()) {
      errors.add(
          FieldError.invalid(
              path.key(PodUpdates.MIRROR),
              annotations.string(PodUpdates.MIRROR),
              "must set spec.nodeName if mirror pod annotation is set"));
    }
    if (!annotations.string(TOLERATIONS).isEmpty()) {
      tolerations(annotations.string(TOLERATIONS), path, errors);
    }
    PodValidation.deletionCost(annotations, path, errors);
    if (annotations.has(SECCOMP_POD)) {
      seccomp(annotations.string(SECCOMP_POD), path.child(SECCOMP_POD), errors);
    }
    for (String key : annotations.names()) {
      if (key.startsWith(SECCOMP_CONTAINER)) {
        seccomp(annotations.string(key), path.child(key), errors);
      }
    }
    for (String key : annotations.names()) {
      if (key.startsWith(APP_ARMOR)) {
        appArmor(annotations.string(key), key, spec, path, errors);
      }
    }
  }

  private static void tolerations(String json, FieldPath path, List<FieldError> errors) {
    try {
      Value value = JsonReader.read(json.getBytes(StandardCharsets.UTF_8));
      if (value instanceof ListValue list) {
        ObjectValue holder = ObjectValue.of("tolerations", list);
        PodValidation.tolerations(holder, path.child(TOLERATIONS), errors);
        return;
      }
      errors.add(
          FieldError.invalid(
              path, TOLERATIONS, "json: cannot unmarshal " + value.jsonType() + " into Go value of type []core.Toleration"));
    } catch (DecodeException e) {
      errors.add(FieldError.invalid(path, TOLERATIONS, String.valueOf(e.getMessage())));
    }
  }

  private static void seccomp(String profile, FieldPath path, List<FieldError> errors) {
    switch (profile) {
      case "runtime/default", "docker/default", "unconfined" -> {}
      default -> {
        if (profile.startsWith(LOCALHOST)) {
          Checks.descendingPath(profile.substring(LOCALHOST.length()), path, errors);
        } else {
          errors.add(FieldError.invalid(path, profile, "must be a valid seccomp profile"));
        }
      }
    }
  }

  private static void appArmor(String profile, String key, ObjectValue spec, FieldPath path, List<FieldError> errors) {
    String container = key.substring(APP_ARMOR.length());
    var names = new ArrayList<String>();
    visit(spec, path, (c, _) -> names.add(c.string("name")));
    if (!names.contains(container)) {
      errors.add(FieldError.invalid(path.key(key), container, "container not found"));
    }
    boolean known = profile.isEmpty() || profile.equals("runtime/default") || profile.equals("unconfined");
    if (!known && !profile.startsWith(LOCALHOST)) {
      errors.add(
          FieldError.invalid(path.key(key), profile, "invalid AppArmor profile name: " + io.thyra.model.GoText.quote(profile)));
    }
  }

  /// The profile that an AppArmor annotation means, null when it means none.
  static @Nullable ObjectValue appArmorProfile(String annotation) {
    return switch (annotation) {
      case "unconfined" -> ObjectValue.of("type", new StringValue("Unconfined"));
      case "runtime/default" -> ObjectValue.of("type", new StringValue("RuntimeDefault"));
      default ->
          annotation.startsWith(LOCALHOST) && annotation.length() > LOCALHOST.length()
              ? ObjectValue.builder()
                  .put("type", "Localhost")
                  .put("localhostProfile", annotation.substring(LOCALHOST.length()))
                  .build()
              : null;
    };
  }

  /// A new pod with the fields that its AppArmor annotations stand for.
  static ObjectValue withAppArmorFields(RequestContext context, ObjectValue pod) {
    ObjectValue annotations = pod.object("metadata", "annotations");
    ObjectValue spec = pod.object("spec");
    if (spec.string("os", "name").equals("windows") || annotations.names().stream().noneMatch(k -> k.startsWith(APP_ARMOR))) {
      return pod;
    }
    Value ofPod = spec.at("securityContext", "appArmorProfile");
    ObjectValue changed = spec;
    for (String list : List.of("initContainers", "containers")) {
      changed = changed.changeList(list, all -> all.mapObjects(c -> withAppArmorField(context, c, annotations, ofPod)));
    }
    return pod.with("spec", changed);
  }

  private static ObjectValue withAppArmorField(
      RequestContext context, ObjectValue container, ObjectValue annotations, @Nullable Value ofPod) {
    String key = APP_ARMOR + container.string("name");
    if (!annotations.has(key) || container.at("securityContext", "appArmorProfile") instanceof ObjectValue) {
      return container;
    }
    ObjectValue profile = appArmorProfile(annotations.string(key));
    if (profile != null) {
      var errors = new ArrayList<FieldError>();
      SecurityValidation.appArmor(ObjectValue.of("appArmorProfile", profile), FieldPath.of(""), errors);
      profile = errors.isEmpty() ? profile : null;
    }
    boolean differs = profile != null && !profile.equals(ofPod);
    if (profile == null || differs) {
      context.warn(FieldPath.of("metadata", "annotations").key(key) + PodWarnings.USE_APP_ARMOR);
    }
    return differs && profile != null ? container.withAt(profile, "securityContext", "appArmorProfile") : container;
  }

  /// Every container with its path, the initial ones first.
  static void visit(ObjectValue spec, FieldPath path, BiConsumer<ObjectValue, FieldPath> visitor) {
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      List<ObjectValue> containers = spec.list(list).objects();
      for (int i = 0; i < containers.size(); i++) {
        visitor.accept(containers.get(i), path.child(list).index(i));
      }
    }
  }

  /// That annotations and fields of a new pod say the same.
  static void agree(ObjectValue annotations, ObjectValue spec, FieldPath path, List<FieldError> errors) {
    Value own = spec.at("securityContext", "seccompProfile");
    if (own instanceof ObjectValue profile && annotations.has(SECCOMP_POD)) {
      seccompAgrees(annotations.string(SECCOMP_POD), profile, path.child("securityContext", "seccompProfile"), errors);
    }
    visit(
        spec,
        path,
        (container, at) -> {
          String key = SECCOMP_CONTAINER + container.string("name");
          if (container.at("securityContext", "seccompProfile") instanceof ObjectValue profile && annotations.has(key)) {
            seccompAgrees(annotations.string(key), profile, at.child("securityContext", "seccompProfile"), errors);
          }
        });
    if (spec.string("os", "name").equals("windows")) {
      return;
    }
    Value ofPod = spec.at("securityContext", "appArmorProfile");
    visit(
        spec,
        path,
        (container, at) -> {
          String key = APP_ARMOR + container.string("name");
          Value profile = container.at("securityContext", "appArmorProfile");
          Value counts = profile instanceof ObjectValue ? profile : ofPod;
          if (counts instanceof ObjectValue said && annotations.has(key)) {
            appArmorAgrees(annotations.string(key), said, at.child("securityContext", "appArmorProfile"), errors);
          }
        });
  }

  private static void seccompAgrees(String annotation, ObjectValue profile, FieldPath path, List<FieldError> errors) {
    boolean agrees =
        switch (profile.string("type")) {
          case "Unconfined" -> annotation.equals("unconfined");
          case "RuntimeDefault" -> annotation.equals("runtime/default") || annotation.equals("docker/default");
          case "Localhost" -> annotation.startsWith(LOCALHOST);
          default -> true;
        };
    report(agrees, annotation, profile, "seccomp", path, errors);
  }

  private static void appArmorAgrees(String annotation, ObjectValue profile, FieldPath path, List<FieldError> errors) {
    boolean agrees =
        switch (profile.string("type")) {
          case "Unconfined" -> annotation.equals("unconfined");
          case "RuntimeDefault" -> annotation.equals("runtime/default");
          case "Localhost" -> annotation.startsWith(LOCALHOST);
          default -> true;
        };
    report(agrees, annotation, profile, "apparmor", path, errors);
  }

  private static void report(
      boolean agrees, String annotation, ObjectValue profile, String what, FieldPath path, List<FieldError> errors) {
    if (!agrees) {
      errors.add(FieldError.forbidden(path.child("type"), what + " type" + MUST_MATCH));
    } else if (profile.string("type").equals("Localhost")
        && !annotation.substring(LOCALHOST.length()).equals(textOrNull(profile, "localhostProfile"))) {
      errors.add(FieldError.forbidden(path.child("localhostProfile"), what + " profile" + MUST_MATCH));
    }
  }

  private static @Nullable String textOrNull(ObjectValue object, String field) {
    return object.has(field) ? object.string(field) : null;
  }
}
