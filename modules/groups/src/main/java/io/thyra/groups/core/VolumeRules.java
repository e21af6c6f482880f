package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;
import io.thyra.machinery.SelectorValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Persistent volumes and the claims on them.
/// Source: pkg/registry/core/persistentvolume{,claim}/strategy.go, pkg/apis/core/validation/validation.go.
final class VolumeRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final List<String> MODES = List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");

  private VolumeRules() {}

  static void declareVolume(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .onCreate(
            (context, volume) ->
                volume.with(
                    "status",
                    ObjectValue.builder()
                        .put("phase", "Pending")
                        .put("lastPhaseTransitionTime", context.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .build()))
        .rules(VolumeRules::volume);
    r.statusRules().named(Names.DNS_SUBDOMAIN);
  }

  static void declareClaim(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .onCreate((_, claim) -> sources(claim).with("status", ObjectValue.of("phase", new StringValue("Pending"))))
        .onUpdate((_, claim, _) -> sources(claim))
        .createRules((claim, _, errors) -> claimSpec(claim.object("spec"), SPEC, errors))
        .updateRules((claim, _, _, errors) -> claimSpec(claim.object("spec"), SPEC, errors));
    r.statusRules().named(Names.DNS_SUBDOMAIN);
  }

  /// Drops sources that were never understood and says the rest under both names.
  private static ObjectValue sources(ObjectValue claim) {
    ObjectValue spec = claim.object("spec");
    if (spec.has("dataSource") && !spec.has("dataSourceRef") && !isKnownSource(spec.object("dataSource"))) {
      spec = spec.without("dataSource");
    }
    // Sources in other namespaces need a gate that is off.
    if (!spec.string("dataSourceRef", "namespace").isEmpty()) {
      spec = spec.without("dataSourceRef");
    }
    Value source = spec.get("dataSource");
    Value reference = spec.get("dataSourceRef");
    if (source != null && reference == null) {
      spec = spec.with("dataSourceRef", source);
    } else if (source == null && reference != null) {
      spec = spec.with("dataSource", reference);
    }
    return claim.with("spec", spec);
  }

  private static boolean isKnownSource(ObjectValue source) {
    return switch (source.string("kind")) {
      case "PersistentVolumeClaim" -> source.string("apiGroup").isEmpty();
      case "VolumeSnapshot" -> source.string("apiGroup").equals("snapshot.storage.k8s.io");
      default -> false;
    };
  }

  /// The spec of a claim, alone or in a template.
  static void claimSpec(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (spec.list("accessModes").isEmpty()) {
      errors.add(FieldError.required(path.child("accessModes"), "at least 1 access mode is required"));
    }
    if (spec.get("selector") instanceof ObjectValue selector) {
      errors.addAll(SelectorValidation.labelSelector(selector, false, path.child("selector")));
    }
    accessModes(spec.list("accessModes"), path.child("accessModes"), errors);
    ObjectValue requests = spec.object("resources", "requests");
    FieldPath storage = path.child("resources").key("storage");
    if (requests.has("storage")) {
      positive(Quantities.of(requests, "storage"), storage, errors);
    } else {
      errors.add(FieldError.required(storage, ""));
    }
    className(spec, "storageClassName", path, errors);
    volumeMode(spec, path, errors);
    if (spec.has("dataSource") && spec.has("dataSourceRef") && !spec.object("dataSource").equals(spec.object("dataSourceRef"))) {
      errors.add(FieldError.invalid(path, ObjectValue.EMPTY, "must match dataSourceRef"));
    }
    className(spec, "volumeAttributesClassName", path, errors);
  }

  private static void accessModes(ListValue modes, FieldPath path, List<FieldError> errors) {
    boolean oncePod = false;
    for (String mode : modes.strings()) {
      if (!MODES.contains(mode)) {
        errors.add(FieldError.notSupported(path, mode, MODES));
      }
      oncePod |= mode.equals("ReadWriteOncePod");
    }
    if (oncePod && modes.strings().stream().anyMatch(mode -> !mode.equals("ReadWriteOncePod"))) {
      errors.add(FieldError.forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }
  }

  private static void positive(Quantity amount, FieldPath path, List<FieldError> errors) {
    if (amount.signum() <= 0) {
      errors.add(FieldError.invalid(path, amount.toString(), "must be greater than zero"));
    }
  }

  private static void className(ObjectValue spec, String field, FieldPath path, List<FieldError> errors) {
    String name = spec.string(field);
    if (!name.isEmpty()) {
      Checks.format(name, Names.DNS_SUBDOMAIN.check(name, false), path.child(field), errors);
    }
  }

  private static void volumeMode(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    List<String> known = List.of("Block", "Filesystem");
    if (spec.has("volumeMode") && !known.contains(spec.string("volumeMode"))) {
      errors.add(FieldError.notSupported(path.child("volumeMode"), spec.string("volumeMode"), known));
    }
  }

  private static void volume(ObjectValue volume, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue spec = volume.object("spec");
    if (spec.list("accessModes").isEmpty()) {
      errors.add(FieldError.required(SPEC.child("accessModes"), ""));
    }
    accessModes(spec.list("accessModes"), SPEC.child("accessModes"), errors);
    ObjectValue capacity = spec.object("capacity");
    if (capacity.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("capacity"), ""));
    }
    if (!capacity.has("storage") || capacity.size() > 1) {
      String printed = capacity.isEmpty() ? "null" : io.thyra.model.GoText.of(capacity);
      errors.add(
          new FieldError(
              FieldError.Type.NOT_SUPPORTED, SPEC.child("capacity").toString(), printed, "supported values: \"storage\""));
    }
    for (String name : capacity.names()) {
      positive(Quantities.of(capacity, name), SPEC.child("capacity").key(name), errors);
    }
    String policy = spec.string("persistentVolumeReclaimPolicy");
    List<String> policies = List.of("Delete", "Recycle", "Retain");
    if (!policy.isEmpty() && !policies.contains(policy)) {
      errors.add(FieldError.notSupported(SPEC.child("persistentVolumeReclaimPolicy"), policy, policies));
    }
    if (policy.equals("Recycle") && spec.string("hostPath", "path").equals("/")) {
      errors.add(
          FieldError.forbidden(SPEC.child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'"));
    }
    className(spec, "storageClassName", SPEC, errors);
    volumeMode(spec, SPEC, errors);
    className(spec, "volumeAttributesClassName", SPEC, errors);
  }
}
