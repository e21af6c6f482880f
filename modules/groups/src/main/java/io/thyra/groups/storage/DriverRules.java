package io.thyra.groups.storage;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.NodeLabels;
import io.thyra.groups.Rules;
import io.thyra.groups.core.Quantities;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// What CSI drivers and the nodes that run them say: CSIDriver, CSINode, CSIStorageCapacity.
/// Source: pkg/apis/storage/validation/validation.go, pkg/registry/storage/*/strategy.go.
final class DriverRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int NAME_LENGTH_MAX = 63;
  private static final int NODE_ID_LENGTH_MAX = 256;
  private static final long TOKEN_SECONDS_MIN = 600;
  private static final long TOKEN_SECONDS_MAX = 1L << 32;
  private static final String TOKENS_LOGGED =
      "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of "
          + "tokens in volume attributes";

  private DriverRules() {}

  /// The name of a driver, where another object has it.
  static void name(String name, FieldPath path, List<FieldError> errors) {
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    if (name.length() > NAME_LENGTH_MAX) {
      errors.add(FieldError.tooLong(path, NAME_LENGTH_MAX));
    }
    for (String complaint : Names.dns1123Subdomain(name.toLowerCase(Locale.ROOT))) {
      errors.add(FieldError.invalid(path, name, complaint));
    }
  }

  static void declareDriver(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .requiresResourceVersion()
        .countsChanges()
        .onCreate((_, driver) -> driver.withoutAt("spec", "preventPodSchedulingIfMissing"))
        .onUpdate(
            (_, driver, old) ->
                isSet(old.at("spec", "preventPodSchedulingIfMissing"))
                    ? driver
                    : driver.withoutAt("spec", "preventPodSchedulingIfMissing"))
        .rules((driver, _, errors) -> driver(driver.object("spec"), errors))
        .updateRules(
            (driver, old, _, errors) -> {
              ObjectValue now = driver.object("spec");
              ObjectValue before = old.object("spec");
              if (!Objects.equals(now.get("attachRequired"), before.get("attachRequired"))) {
                errors.add(Checks.invalid(SPEC.child("attachedRequired"), now.get("attachRequired"), Rules.IMMUTABLE));
              }
              Checks.immutable(now, before, SPEC, errors, "volumeLifecycleModes");
            })
        .warns(
            (driver, old) -> {
              ObjectValue spec = driver.object("spec");
              boolean fresh = old == null || !Objects.equals(spec.get("tokenRequests"), old.at("spec", "tokenRequests"));
              boolean logged = !spec.list("tokenRequests").isEmpty() && !isSet(spec, "serviceAccountTokenInSecrets");
              return fresh && logged ? List.of(TOKENS_LOGGED) : List.of();
            });
  }

  private static void driver(ObjectValue spec, List<FieldError> errors) {
    requireSet(spec, "attachRequired", "attachedRequired", errors);
    requireSet(spec, "podInfoOnMount", "podInfoOnMount", errors);
    requireSet(spec, "storageCapacity", "storageCapacity", errors);
    if (isSet(spec, "fsGroupPolicy")) {
      Checks.oneOf(
          spec.string("fsGroupPolicy"), SPEC.child("fsGroupPolicy"), errors, "File", "None", "ReadWriteOnceWithFSType");
    }
    tokens(spec.list("tokenRequests").objects(), SPEC.child("tokenRequests"), errors);
    for (String mode : spec.list("volumeLifecycleModes").strings()) {
      Checks.oneOf(mode, SPEC.child("volumeLifecycleModes"), errors, "Persistent", "Ephemeral");
    }
    requireSet(spec, "seLinuxMount", "seLinuxMount", errors);
    long period = number(spec, "nodeAllocatableUpdatePeriodSeconds");
    if (isSet(spec, "nodeAllocatableUpdatePeriodSeconds") && period < 10) {
      errors.add(
          FieldError.invalid(
              SPEC.child("nodeAllocatableUpdatePeriodSeconds"), period, "must be greater than or equal to 10 seconds"));
    }
    if (isSet(spec, "serviceAccountTokenInSecrets") && spec.list("tokenRequests").isEmpty()) {
      errors.add(
          Checks.invalid(
              SPEC.child("serviceAccountTokenInSecrets"),
              spec.get("serviceAccountTokenInSecrets"),
              "serviceAccountTokenInSecrets is set but no tokenRequests are specified"));
    }
  }

  private static void requireSet(ObjectValue spec, String field, String told, List<FieldError> errors) {
    if (!isSet(spec, field)) {
      errors.add(FieldError.required(SPEC.child(told), ""));
    }
  }

  private static void tokens(List<ObjectValue> requests, FieldPath path, List<FieldError> errors) {
    Set<String> audiences = new HashSet<>();
    for (int i = 0; i < requests.size(); i++) {
      ObjectValue request = requests.get(i);
      if (!audiences.add(request.string("audience"))) {
        errors.add(FieldError.duplicate(path.index(i).child("audience"), request.string("audience")));
        continue;
      }
      long seconds = number(request, "expirationSeconds");
      FieldPath at = path.index(i).child("expirationSeconds");
      if (isSet(request, "expirationSeconds") && seconds < TOKEN_SECONDS_MIN) {
        errors.add(FieldError.invalid(at, seconds, "may not specify a duration less than 10 minutes"));
      }
      if (seconds > TOKEN_SECONDS_MAX) {
        errors.add(FieldError.invalid(at, seconds, "may not specify a duration larger than 2^32 seconds"));
      }
    }
  }

  static void declareNode(Group.Declaration r) {
    Struct driver = GoStruct.at(r.struct(), "spec", "drivers");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .requiresResourceVersion()
        .rules((node, _, errors) -> drivers(node.list("spec", "drivers").objects(), errors))
        .updateRules((node, old, _, errors) -> keepsDrivers(node, old, driver, errors));
  }

  private static void drivers(List<ObjectValue> drivers, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < drivers.size(); i++) {
      ObjectValue driver = drivers.get(i);
      FieldPath path = SPEC.child("drivers").index(i);
      String name = driver.string("name");
      name(name, path.child("name"), errors);
      String id = driver.string("nodeID");
      if (id.isEmpty()) {
        errors.add(FieldError.required(path.child("nodeID"), ""));
      }
      if (id.length() > NODE_ID_LENGTH_MAX) {
        errors.add(FieldError.invalid(path.child("nodeID"), id, "must be " + NODE_ID_LENGTH_MAX + " characters or less"));
      }
      Checks.notNegative(driver.object("allocatable"), path.child("allocatable"), errors, "count");
      if (!names.add(name)) {
        errors.add(FieldError.duplicate(path.child("name"), name));
      }
      Set<String> keys = new HashSet<>();
      for (String key : driver.list("topologyKeys").strings()) {
        if (key.isEmpty()) {
          errors.add(FieldError.required(path, ""));
        }
        if (!keys.add(key)) {
          errors.add(FieldError.duplicate(path, key));
        }
        Rules.checkFormat(key, path, errors, Names::qualifiedName);
      }
    }
  }

  /// A driver that stays keeps all but its count.
  private static void keepsDrivers(ObjectValue node, ObjectValue old, Struct struct, List<FieldError> errors) {
    for (ObjectValue before : old.list("spec", "drivers").objects()) {
      for (ObjectValue now : node.list("spec", "drivers").objects()) {
        boolean same = before.string("name").equals(now.string("name"));
        if (same && !before.without("allocatable").equals(now.without("allocatable"))) {
          String printed = GoText.of(GoStruct.of(struct, now.without("allocatable")));
          errors.add(FieldError.invalidPrinted(SPEC.child("drivers"), printed, Rules.IMMUTABLE));
        }
      }
    }
  }

  static void declareCapacity(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .requiresResourceVersion()
        .rules(
            (capacity, _, errors) -> capacity(capacity, false, errors),
            (capacity, old, _, errors) -> capacity(capacity, Checks.hasInvalidValues(old.get("nodeTopology")), errors))
        .updateRules((capacity, old, _, errors) -> Checks.immutable(r.struct(), capacity, old, null, errors, "nodeTopology", "storageClassName"))
        .warns((capacity, _) -> NodeLabels.selectorWarnings(capacity.object("nodeTopology"), FieldPath.of("nodeTopology")));
  }

  private static void capacity(ObjectValue capacity, boolean lenient, List<FieldError> errors) {
    Checks.selector(capacity, "nodeTopology", lenient, null, errors);
    Rules.checkFormat(capacity.string("storageClassName"), FieldPath.of("storageClassName"), errors, Names::dns1123Subdomain);
    if (isSet(capacity, "capacity") && Quantities.of(capacity.get("capacity")).signum() < 0) {
      errors.add(Checks.invalid(FieldPath.of("capacity"), capacity.get("capacity"), Rules.NOT_NEGATIVE));
    }
  }
}
