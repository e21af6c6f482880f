package io.thyra.groups.core;

import io.thyra.groups.GoStruct;
import io.thyra.groups.SchemaOrder;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.MetadataRules;
import io.thyra.groups.NodeLabels;
import io.thyra.groups.UpdateRule;
import io.thyra.machinery.GoDiff;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.SelectorValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Persistent volumes and the claims on them.
/// Source: pkg/registry/core/persistentvolume{,claim}/strategy.go, pkg/apis/core/validation/validation.go.
public final class VolumeRules {
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
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .rules(VolumeRules::volume)
        .rules(VolumeRules::mountOptions)
        // Upstream looks at the whole volume once more.
        .updateRules(
            (volume, _, _, errors) -> {
              MetadataRules.check(volume.object("metadata"), false, Names.DNS_SUBDOMAIN, FieldPath.of("metadata"), errors);
              volume(volume, null, errors);
            })
        .updateRules(volumeUpdate(r.struct()))
        .warns((volume, _) -> volumeWarnings(volume));
    r.statusRules().named(Names.DNS_SUBDOMAIN).onUpdate(VolumeRules::transition);
  }

  static void declareClaim(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .onCreate((_, claim) -> sources(claim, ObjectValue.EMPTY).with("status", ObjectValue.of("phase", new StringValue("Pending"))))
        .onUpdate((_, claim, old) -> sources(claim, old))
        .createRules((claim, _, errors) -> claimSpec(claim.object("spec"), SPEC, errors))
        .checksNameOnUpdate()
        .updateRules((claim, _, _, errors) -> claimSpec(claim.object("spec"), SPEC, errors))
        .updateRules(claimUpdate(GoStruct.at(r.struct(), "spec")))
        .warns((claim, _) -> claimWarnings(claim));
    // Upstream stores a new claim without a phase, and fills it in when it reads.
    var status = GoStruct.at(r.struct(), "status");
    r.reading(
        claim ->
            claim.string("status", "phase").isEmpty()
                ? claim.with("status", SchemaOrder.put(status, claim.object("status"), "phase", new StringValue("Pending")))
                : claim);
    r.statusRules().named(Names.DNS_SUBDOMAIN).updateRules((claim, _, _, errors) -> claimStatus(claim, errors));
  }

  private static List<String> volumeWarnings(ObjectValue volume) {
    var out = new ArrayList<String>();
    ObjectValue annotations = volume.object("metadata", "annotations");
    FieldPath path = FieldPath.of("metadata", "annotations");
    if (annotations.has(BETA_CLASS)) {
      out.add(path.key(BETA_CLASS) + ": deprecated since v1.8; use \"storageClassName\" attribute instead");
    }
    if (annotations.has(BETA_MOUNT_OPTIONS)) {
      out.add(
          path.key(BETA_MOUNT_OPTIONS) + ": deprecated since v1.31; use \"mountOptions\" attribute instead");
    }
    ObjectValue spec = volume.object("spec");
    if (spec.string("persistentVolumeReclaimPolicy").equals("Recycle")) {
      out.add(
          "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.");
    }
    List<ObjectValue> terms = spec.list("nodeAffinity", "required", "nodeSelectorTerms").objects();
    for (int i = 0; i < terms.size(); i++) {
      PodWarnings.term(terms.get(i), false, SPEC.child("nodeAffinity", "required", "nodeSelectorTerms").index(i), out);
    }
    OLD_SOURCES.forEach(
        old -> {
          if (spec.get(old[0]) instanceof ObjectValue) {
            out.add("spec." + old[1] + ": " + old[2]);
          }
        });
    return out;
  }

  private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private static final String BETA_MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
  private static final List<String> MOUNTED_WITH_OPTIONS =
      List.of(
          "gcePersistentDisk",
          "awsElasticBlockStore",
          "glusterfs",
          "nfs",
          "rbd",
          "quobyte",
          "iscsi",
          "cinder",
          "cephfs",
          "azureFile",
          "vsphereVolume",
          "azureDisk",
          "photonPersistentDisk");

  /// The annotation is for sources that were mounted with options before there was a field for them.
  /// Source: pkg/volume/validation/pv_validation.go.
  private static void mountOptions(ObjectValue volume, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue spec = volume.object("spec");
    boolean supported = MOUNTED_WITH_OPTIONS.stream().anyMatch(source -> spec.get(source) instanceof ObjectValue);
    if (!supported && volume.object("metadata", "annotations").has(BETA_MOUNT_OPTIONS)) {
      errors.add(
          FieldError.forbidden(
              FieldPath.of("metadata", "annotations", BETA_MOUNT_OPTIONS), "may not specify mount options for this volume type"));
    }
  }
  private static final List<String[]> OLD_SOURCES =
      List.of(
          new String[] {"cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"},
          new String[] {"photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"},
          new String[] {"scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
          new String[] {"storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"},
          new String[] {"glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
          new String[] {"rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"});

  private static List<String> claimWarnings(ObjectValue claim) {
    var out = new ArrayList<String>();
    if (claim.object("metadata", "annotations").has(BETA_CLASS)) {
      out.add(
          FieldPath.of("metadata", "annotations").key(BETA_CLASS)
              + ": deprecated since v1.8; use \"storageClassName\" attribute instead");
    }
    PodWarnings.claim(claim.object("spec"), SPEC, out);
    return out;
  }

  // A change of the phase tells its time unless the client does.
  private static ObjectValue transition(RequestContext context, ObjectValue volume, ObjectValue old) {
    Value time = volume.at("status", "lastPhaseTransitionTime");
    Value was = old.at("status", "lastPhaseTransitionTime");
    boolean told = time != null && !time.isNull();
    boolean same = volume.string("status", "phase").equals(old.string("status", "phase"));
    if (same && !told && was != null) {
      return volume.withAt(was, "status", "lastPhaseTransitionTime");
    }
    if (!same && (!told || time.equals(was))) {
      return volume.withAt(
          new StringValue(context.now().truncatedTo(ChronoUnit.SECONDS).toString()), "status", "lastPhaseTransitionTime");
    }
    return volume;
  }

  private static UpdateRule volumeUpdate(Struct type) {
    Struct source =
        GoStruct.at(type, "spec").fields().stream()
            .filter(FieldSchema::inline)
            .map(FieldSchema::shape)
            .filter(Struct.class::isInstance)
            .map(Struct.class::cast)
            .findFirst()
            .orElseThrow();
    return (volume, old, _, errors) -> {
      ObjectValue spec = volume.object("spec");
      ObjectValue before = old.object("spec");
      String secret = "controllerExpandSecretRef";
      boolean late = before.has("csi") && !before.object("csi").has(secret);
      ObjectValue told = late ? spec.change("csi", csi -> csi.without(secret)) : spec;
      if (!GoStruct.same(source, before, told)) {
        errors.add(
            FieldError.forbidden(
                SPEC.child("persistentvolumesource"),
                "spec.persistentvolumesource is immutable after creation\n"
                    + GoDiff.of(GoStruct.of(source, before), GoStruct.of(source, told))));
      }
      errors.addAll(ObjectMetaValidation.immutable(spec.get("volumeMode"), before.get("volumeMode"), FieldPath.of("volumeMode")));
      Struct affine = GoStruct.at(type, "spec", "nodeAffinity");
      if (before.get("nodeAffinity") instanceof ObjectValue affinity
          && !GoStruct.same(affine, relabelled(affinity, spec.object("nodeAffinity")), spec.get("nodeAffinity"))) {
        Value shown = GoStruct.of(affine, spec.get("nodeAffinity"));
        errors.add(
            FieldError.invalidPrinted(
                FieldPath.of("nodeAffinity"),
                GoText.json(shown),
                "field is immutable, except for updating from beta label to GA"));
      }
      if (before.has("volumeAttributesClassName") && !spec.has("volumeAttributesClassName")) {
        errors.add(FieldError.forbidden(SPEC.child("volumeAttributesClassName"), "update from non-nil value to nil is forbidden"));
      }
    };
  }

  /// The stored affinity with the keys that may be renamed: of labels in beta to those that followed them. What no key
  /// followed may become empty.
  private static ObjectValue relabelled(ObjectValue affinity, ObjectValue wanted) {
    String[] path = {"required", "nodeSelectorTerms"};
    ListValue terms = affinity.list(path);
    ListValue others = wanted.list(path);
    if (terms.size() != others.size()) {
      return affinity;
    }
    var renamed = new ArrayList<Value>();
    for (int i = 0; i < terms.size(); i++) {
      ObjectValue term = terms.object(i);
      ObjectValue other = others.object(i);
      for (String field : List.of("matchExpressions", "matchFields")) {
        term = term.changeList(field, all -> relabelled(all, other.list(field)));
      }
      renamed.add(term);
    }
    return terms.isEmpty() ? affinity : affinity.withAt(new ListValue(renamed), path);
  }

  private static ListValue relabelled(ListValue requirements, ListValue wanted) {
    var all = new ArrayList<Value>();
    for (int i = 0; i < requirements.size(); i++) {
      ObjectValue requirement = requirements.object(i);
      String key = i < wanted.size() ? wanted.object(i).string("key") : requirement.string("key");
      boolean follows = NodeLabels.successor(requirement.string("key")).equals(key);
      all.add(follows ? requirement.with("key", key) : requirement);
    }
    return new ListValue(all);
  }

  private static UpdateRule claimUpdate(Struct type) {
    return (claim, old, _, errors) -> {
      ObjectValue spec = claim.object("spec");
      ObjectValue before = sources(old, old).object("spec");
      ObjectValue munged = spec;
      if (before.string("volumeName").isEmpty()) {
        before = restore(before, spec, "volumeName");
      }
      String beta = old.object("metadata", "annotations").string(BETA_CLASS);
      boolean hadBeta = old.object("metadata", "annotations").has(BETA_CLASS);
      String nowBeta = claim.object("metadata", "annotations").string(BETA_CLASS);
      boolean hasBeta = claim.object("metadata", "annotations").has(BETA_CLASS);
      boolean named = spec.has("storageClassName");
      String name = spec.string("storageClassName");
      boolean unnamed = !before.has("storageClassName");
      if (hadBeta && unnamed && named && name.equals(beta) && (!hasBeta || nowBeta.equals(beta))) {
        munged = munged.without("storageClassName");
      } else {
        if (!nowBeta.equals(beta)) {
          errors.add(
              FieldError.invalid(FieldPath.of("metadata", "annotations", BETA_CLASS), nowBeta, "field is immutable"));
        }
        if (named && unnamed && (!hadBeta || name.equals(beta))) {
          munged = munged.without("storageClassName");
        }
      }
      boolean bound = claim.string("status", "phase").equals("Bound");
      if (bound) {
        Value size = before.at("resources", "requests", "storage");
        if (spec.at("resources", "requests") instanceof ObjectValue && size != null) {
          munged = munged.withAt(size, "resources", "requests", "storage");
        }
        munged = restore(munged, before, "volumeAttributesClassName");
      }
      if (!GoStruct.same(type, before, munged)) {
        errors.add(
            FieldError.forbidden(
                SPEC,
                "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
                    + GoDiff.of(GoStruct.of(type, before), GoStruct.of(type, munged))));
      }
      Quantity asked = Quantities.of(spec.object("resources", "requests"), "storage");
      boolean shrinks = asked.compareTo(Quantities.of(old.object("spec", "resources", "requests"), "storage")) < 0;
      if (shrinks && asked.compareTo(Quantities.of(old.object("status", "capacity"), "storage")) <= 0) {
        errors.add(FieldError.forbidden(SPEC.child("resources", "requests", "storage"), "field can not be less than status.capacity"));
      }
      errors.addAll(
          ObjectMetaValidation.immutable(spec.get("volumeMode"), old.at("spec", "volumeMode"), FieldPath.of("volumeMode")));
      attributesClass(spec, old, errors);
    };
  }

  private static void attributesClass(ObjectValue spec, ObjectValue old, List<FieldError> errors) {
    String field = "volumeAttributesClassName";
    boolean changed = !Objects.equals(spec.get(field), old.at("spec", field));
    if (!changed || !old.object("status").has("currentVolumeAttributesClassName")) {
      return;
    }
    String why = " is forbidden when status.currentVolumeAttributesClassName is not nil";
    if (!spec.has(field)) {
      errors.add(FieldError.forbidden(SPEC.child(field), "update to nil" + why));
    } else if (spec.string(field).isEmpty()) {
      errors.add(FieldError.forbidden(SPEC.child(field), "update to empty string" + why));
    }
  }

  private static ObjectValue restore(ObjectValue object, ObjectValue before, String field) {
    Value was = before.get(field);
    return was == null ? object.without(field) : object.with(field, was);
  }

  private static final List<String> RESIZE_STATES =
      List.of(
          "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible",
          "NodeResizePending").stream().sorted().toList();

  private static void claimStatus(ObjectValue claim, List<FieldError> errors) {
    if (claim.list("spec", "accessModes").isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("Spec", "accessModes"), ""));
    }
    FieldPath status = FieldPath.of("status");
    ObjectValue capacity = claim.object("status", "capacity");
    for (String name : capacity.names()) {
      notNegative(Quantities.of(capacity, name), status.child("capacity").key(name), errors);
    }
    FieldPath states = status.child("allocatedResourceStatuses");
    ObjectValue said = claim.object("status", "allocatedResourceStatuses");
    for (String name : said.names()) {
      resourceKey(name, states, errors);
      if (!RESIZE_STATES.contains(said.string(name))) {
        errors.add(FieldError.notSupported(states, name, RESIZE_STATES));
      }
    }
    FieldPath allocated = status.child("allocatedResources");
    ObjectValue amounts = claim.object("status", "allocatedResources");
    for (String name : amounts.names()) {
      if (resourceKey(name, allocated, errors)) {
        notNegative(Quantities.of(amounts, name), allocated.key(name), errors);
      }
    }
  }

  private static void notNegative(Quantity amount, FieldPath path, List<FieldError> errors) {
    if (amount.signum() < 0) {
      errors.add(FieldError.invalid(path, amount.value(), "must be a valid resource quantity"));
    }
  }

  private static boolean resourceKey(String name, FieldPath path, List<FieldError> errors) {
    List<String> complaints = Names.qualifiedName(name);
    Checks.format(name, complaints, path, errors);
    if (complaints.isEmpty() && ResourceNames.isNative(name) && !name.equals("storage")) {
      errors.add(FieldError.notSupported(path, name, List.of("storage")));
      return false;
    }
    return complaints.isEmpty();
  }

  /// Drops sources that were never understood and says the rest under both names.
  ///
  /// @param old the stored claim, empty for a new one
  private static ObjectValue sources(ObjectValue claim, ObjectValue old) {
    ObjectValue spec = claim.object("spec");
    // Sources in other namespaces need a gate that is off, but for claims that have one.
    if (!spec.string("dataSourceRef", "namespace").isEmpty() && !old.object("spec").has("dataSourceRef")) {
      spec = spec.without("dataSourceRef");
    }
    boolean had = old.object("spec").has("dataSource");
    if (!had && spec.has("dataSource") && !spec.has("dataSourceRef") && !isKnownSource(spec.object("dataSource"))) {
      spec = spec.without("dataSource");
    }
    Value source = spec.get("dataSource");
    Value reference = spec.get("dataSourceRef");
    if (source != null && reference == null) {
      spec = spec.with("dataSourceRef", source);
    } else if (source == null && reference instanceof ObjectValue object && object.string("namespace").isEmpty()) {
      spec = spec.with("dataSource", object.without("namespace"));
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
    for (String field : List.of("dataSource", "dataSourceRef")) {
      if (spec.get(field) instanceof ObjectValue source) {
        source(source, path.child(field), errors);
      }
    }
    if (!spec.string("dataSourceRef", "namespace").isEmpty()) {
      if (spec.has("dataSource")) {
        errors.add(FieldError.invalid(path, ObjectValue.EMPTY, "may not be specified when dataSourceRef.namespace is specified"));
      }
    } else if (spec.has("dataSource") && spec.has("dataSourceRef") && !sameSource(spec)) {
      errors.add(FieldError.invalid(path, ObjectValue.EMPTY, "must match dataSourceRef"));
    }
    className(spec, "volumeAttributesClassName", path, errors);
  }

  private static boolean sameSource(ObjectValue spec) {
    ObjectValue reference = spec.object("dataSourceRef").without("namespace");
    return spec.object("dataSource").equals(reference);
  }

  private static void source(ObjectValue source, FieldPath path, List<FieldError> errors) {
    for (String field : List.of("name", "kind")) {
      if (source.string(field).isEmpty()) {
        errors.add(FieldError.required(path.child(field), ""));
      }
    }
    String group = source.string("apiGroup");
    String kind = source.string("kind");
    if (group.isEmpty() && !kind.equals("PersistentVolumeClaim")) {
      errors.add(FieldError.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
    } else if (!group.isEmpty()) {
      Checks.format(group, Names.dns1123Subdomain(group), path.child("apiGroup"), errors);
    }
    String namespace = source.string("namespace");
    if (!namespace.isEmpty()) {
      Checks.format(namespace, Names.dns1123Label(namespace), path.child("namespace"), errors);
    }
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
      String printed = GoText.of(io.thyra.groups.Checks.map(spec, "capacity"));
      errors.add(
          new FieldError(
              FieldError.Type.NOT_SUPPORTED, SPEC.child("capacity").toString(), printed, "supported values: \"storage\""));
    }
    for (String name : capacity.names()) {
      Quantity amount = Quantities.of(capacity, name);
      if (amount.value() < 0) {
        errors.add(FieldError.invalid(SPEC.child("capacity").key(name), amount.value(), "must be a valid resource quantity"));
      }
      positive(amount, SPEC.child("capacity").key(name), errors);
    }
    String policy = spec.string("persistentVolumeReclaimPolicy");
    List<String> policies = List.of("Delete", "Recycle", "Retain");
    if (!policy.isEmpty() && !policies.contains(policy)) {
      errors.add(FieldError.notSupported(SPEC.child("persistentVolumeReclaimPolicy"), policy, policies));
    }
    boolean bound = affinity(spec, errors);
    VolumeValidation.persistent(spec, volume.string("metadata", "name"), bound, SPEC, errors);
    if (policy.equals("Recycle") && spec.string("hostPath", "path").equals("/")) {
      errors.add(
          FieldError.forbidden(SPEC.child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'"));
    }
    className(spec, "storageClassName", SPEC, errors);
    volumeMode(spec, SPEC, errors);
    if (spec.has("volumeAttributesClassName")) {
      if (spec.string("volumeAttributesClassName").isEmpty()) {
        errors.add(FieldError.required(SPEC.child("volumeAttributesClassName"), "an empty string is disallowed"));
      } else {
        className(spec, "volumeAttributesClassName", SPEC, errors);
      }
      if (!(spec.get("csi") instanceof ObjectValue)) {
        errors.add(FieldError.required(SPEC.child("csi"), "has to be specified when using volumeAttributesClassName"));
      }
    }
  }

  /// A volume that an attachment brings along: a CSI source and little else.
  public static void inlineVolume(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    String why = "may not be specified in the context of inline volumes";
    if (spec.get("claimRef") instanceof ObjectValue) {
      errors.add(FieldError.forbidden(path.child("claimRef"), why));
    }
    if (!spec.object("capacity").isEmpty()) {
      errors.add(FieldError.forbidden(path.child("capacity"), why));
    }
    if (!(spec.get("csi") instanceof ObjectValue)) {
      errors.add(FieldError.required(path.child("csi"), "has to be specified in the context of inline volumes"));
    }
    if (spec.list("accessModes").isEmpty()) {
      errors.add(FieldError.required(path.child("accessModes"), ""));
    }
    accessModes(spec.list("accessModes"), path.child("accessModes"), errors);
    String policy = spec.string("persistentVolumeReclaimPolicy");
    if (!policy.isEmpty() && !policy.equals("Retain")) {
      errors.add(
          FieldError.forbidden(path.child("persistentVolumeReclaimPolicy"), "may only be Retain in the context of inline volumes"));
    }
    if (spec.get("nodeAffinity") instanceof ObjectValue) {
      errors.add(FieldError.forbidden(path.child("nodeAffinity"), why));
    }
    VolumeValidation.persistent(spec, "", false, path, errors);
    if (!spec.string("storageClassName").isEmpty()) {
      errors.add(FieldError.forbidden(path.child("storageClassName"), why));
    }
    if (spec.has("volumeMode") && !spec.string("volumeMode").equals("Filesystem")) {
      errors.add(
          FieldError.forbidden(
              path.child("volumeMode"), "may not specify volumeMode other than Filesystem in the context of inline volumes"));
    }
  }

  private static boolean affinity(ObjectValue spec, List<FieldError> errors) {
    if (!(spec.get("nodeAffinity") instanceof ObjectValue affinity)) {
      return false;
    }
    FieldPath path = SPEC.child("nodeAffinity", "required");
    if (affinity.get("required") instanceof ObjectValue required) {
      SchedulingValidation.nodeSelector(required, path, errors);
    } else {
      errors.add(FieldError.required(path, "must specify required node constraints"));
    }
    return true;
  }
}
