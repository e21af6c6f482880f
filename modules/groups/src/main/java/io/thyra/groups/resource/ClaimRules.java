package io.thyra.groups.resource;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.MetadataRules;
import io.thyra.groups.Rules;
import io.thyra.groups.StoredObjects;
import io.thyra.groups.core.SchedulingValidation;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// ResourceClaims, their templates, and what is allocated to them.
/// Source: pkg/apis/resource/validation/validation.go, pkg/registry/resource/{resourceclaim,resourceclaimtemplate}.
final class ClaimRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath ALLOCATION = STATUS.child("allocation");
  private static final String ADMIN = "resource.kubernetes.io/admin-access";
  private static final int RESERVED_MAX = 256;
  private static final int CONDITIONS_MAX = 8;
  private static final int ADDRESSES_MAX = 16;

  private final StoredObjects objects;
  private final Struct struct;

  private ClaimRules(StoredObjects objects, Struct struct) {
    this.objects = objects;
    this.struct = struct;
  }

  static void declareClaim(Group.Declaration r, StoredObjects objects) {
    var rules = new ClaimRules(objects, r.struct());
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .dropsStatus()
        .createRules((claim, _, errors) -> ClaimSpecRules.check(claim.object("spec"), SPEC, errors))
        .permissions((context, claim, errors) -> rules.adminAccess(context, claim.object("spec"), errors))
        .updateRules((claim, old, _, errors) -> rules.immutable(claim, old, errors, "spec"));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .resetsMetadata()
        .onUpdate((_, claim, old) -> withoutReleased(claim, old))
        .updateRules((claim, old, _, errors) -> rules.status(claim, old, errors));
  }

  static void declareTemplate(Group.Declaration r, StoredObjects objects) {
    var rules = new ClaimRules(objects, r.struct());
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .rules((template, _, errors) -> template(template.object("spec"), errors))
        .permissions((context, template, errors) -> rules.adminAccess(context, template.object("spec", "spec"), errors))
        .updateRules((template, old, _, errors) -> rules.immutable(template, old, errors, "spec"));
  }

  private void immutable(ObjectValue object, ObjectValue old, List<FieldError> errors, String... path) {
    if (!Checks.sameMeaning(object.at(path), old.at(path))) {
      String printed = GoText.of(GoStruct.of(GoStruct.at(struct, path), object.at(path)));
      errors.add(FieldError.invalidPrinted(Rules.descend(null, path), printed, Rules.IMMUTABLE));
    }
  }

  private static void template(ObjectValue spec, List<FieldError> errors) {
    MetadataRules.template(spec.object("metadata"), SPEC.child("metadata"), errors);
    ClaimSpecRules.check(spec.object("spec"), SPEC.child("spec"), errors);
  }

  /// Admin access is for namespaces that have a label.
  private void adminAccess(RequestContext context, ObjectValue spec, List<FieldError> errors) {
    List<ObjectValue> requests = spec.list("devices", "requests").objects();
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).bool("exactly", "adminAccess")) {
        adminAccess(context.info().namespace(), SPEC.child("devices", "requests").index(i).child("adminAccess"), errors);
        return;
      }
    }
  }

  private void adminAccess(String namespace, FieldPath path, List<FieldError> errors) {
    boolean labelled =
        objects
            .find(new GroupResource("", "namespaces"), "", namespace)
            .filter(found -> found.object("metadata", "labels").string(ADMIN).equals("true"))
            .isPresent();
    if (!labelled) {
      errors.add(
          FieldError.forbidden(
              path, "admin access to devices requires the `" + ADMIN + ": true` label on the containing namespace"));
    }
  }

  private static Set<String> allocated(ObjectValue claim) {
    Set<String> devices = new HashSet<>();
    claim.list("status", "allocation", "devices", "results").objects().forEach(d -> devices.add(DeviceNames.device(d)));
    return devices;
  }

  /// The status of a device goes with its allocation.
  private static ObjectValue withoutReleased(ObjectValue claim, ObjectValue old) {
    Set<String> released = allocated(old);
    released.removeAll(allocated(claim));
    List<Value> kept = new ArrayList<>();
    claim.list("status", "devices").objects().stream().filter(d -> !released.contains(DeviceNames.device(d))).forEach(kept::add);
    return kept.isEmpty()
        ? claim.withoutAt("status", "devices")
        : claim.withAt(new ListValue(kept), "status", "devices");
  }

  private void status(ObjectValue claim, ObjectValue old, List<FieldError> errors) {
    ObjectValue now = claim.object("status");
    ObjectValue before = old.object("status");
    admins(claim, old, errors);
    DeviceNames.set(
        now.list("reservedFor"),
        RESERVED_MAX,
        STATUS.child("reservedFor"),
        errors,
        (user, path, all) -> {
          Checks.required(user, "resource", "", path, all);
          Checks.required(user, "name", "", path, all);
          Checks.required(user, "uid", "", path, all);
        },
        user -> user.string("uid"));
    devices(now.list("devices"), allocated(claim), errors);
    reserved(claim, now, before, errors);
    if (isSet(now, "allocation") && isSet(before, "allocation")) {
      immutable(claim, old, errors, "status", "allocation");
    } else if (isSet(now, "allocation")) {
      allocation(now.object("allocation"), ClaimSpecRules.requestNames(claim.object("spec")), errors);
    }
  }

  private void admins(ObjectValue claim, ObjectValue old, List<FieldError> errors) {
    if (old.list("status", "allocation", "devices", "results").objects().stream().anyMatch(r -> r.bool("adminAccess"))) {
      return;
    }
    List<ObjectValue> results = claim.list("status", "allocation", "devices", "results").objects();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).bool("adminAccess")) {
        FieldPath path = ALLOCATION.child("devices", "results").index(i).child("adminAccess");
        adminAccess(claim.string("metadata", "namespace"), path, errors);
        return;
      }
    }
  }

  private static void reserved(ObjectValue claim, ObjectValue now, ObjectValue before, List<FieldError> errors) {
    ListValue reserved = now.list("reservedFor");
    if (reserved.isEmpty()) {
      return;
    }
    FieldPath path = STATUS.child("reservedFor");
    if (!isSet(now, "allocation")) {
      errors.add(FieldError.forbidden(path, "may not be specified when `allocated` is not set"));
    } else if (!claim.string("metadata", "deletionTimestamp").isEmpty()
        && !before.list("reservedFor").items().containsAll(reserved.items())) {
      errors.add(
          FieldError.forbidden(
              path, "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set"));
    }
  }

  private static void devices(ListValue devices, Set<String> allocated, List<FieldError> errors) {
    FieldPath path = STATUS.child("devices");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < devices.size(); i++) {
      device(devices.object(i), allocated, path.index(i), errors);
    }
    for (int i = 0; i < devices.size(); i++) {
      if (!seen.add(DeviceNames.device(devices.object(i)))) {
        errors.add(FieldError.duplicatePrinted(path.index(i), print(devices.object(i))));
      }
    }
  }

  // The key that upstream compares by.
  private static String print(ObjectValue device) {
    var key = ObjectValue.builder();
    key.put("Driver", device.string("driver")).put("Pool", device.string("pool")).put("Device", device.string("device"));
    return GoText.of(key.put("ShareID", device.string("shareID")).build());
  }

  private static void device(ObjectValue device, Set<String> allocated, FieldPath path, List<FieldError> errors) {
    DeviceNames.driver(device.string("driver"), path.child("driver"), errors);
    DeviceNames.pool(device.string("pool"), path.child("pool"), errors);
    DeviceNames.label(device.string("device"), path.child("device"), errors);
    share(device, path, errors);
    if (!allocated.contains(DeviceNames.device(device))) {
      errors.add(FieldError.invalidPrinted(path, print(device), "must be an allocated device in the claim"));
    }
    Rules.maxItems("conditions", CONDITIONS_MAX).check(device, path, errors);
    errors.addAll(ObjectMetaValidation.conditions(device.list("conditions"), path.child("conditions")));
    if (isSet(device, "data")) {
      DeviceRules.raw(device.get("data"), path.child("data"), errors);
    }
    if (device.get("networkData") instanceof ObjectValue network) {
      FieldPath at = path.child("networkData");
      Rules.maxLength("interfaceName", 256).check(network, at, errors);
      Rules.maxLength("hardwareAddress", 128).check(network, at, errors);
      addresses(network.list("ips"), at.child("ips"), errors);
    }
  }

  private static void share(ObjectValue device, FieldPath path, List<FieldError> errors) {
    if (isSet(device, "shareID")) {
      String id = device.string("shareID");
      FieldPath at = path.child("shareID");
      Words.findUuidComplaint(id)
          .ifPresentOrElse(
              complaint -> errors.add(FieldError.invalid(at, id, "error validating uid: " + complaint)),
              () -> {
                if (id.length() != 36 || !id.equals(id.toLowerCase(java.util.Locale.ROOT))) {
                  errors.add(
                      FieldError.invalid(
                          at,
                          id,
                          "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase"
                              + " hexadecimal characters"));
                }
              });
    }
  }

  private static void addresses(ListValue addresses, FieldPath path, List<FieldError> errors) {
    if (addresses.size() > ADDRESSES_MAX) {
      errors.add(FieldError.tooMany(path, addresses.size(), ADDRESSES_MAX));
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < addresses.size(); i++) {
      String address = addresses.get(i) instanceof StringValue(String text) ? text : "";
      errors.addAll(IpAddresses.validateInterfaceAddress(path.index(i), address));
      if (!seen.add(address)) {
        errors.add(FieldError.duplicate(path.index(i), address));
      }
    }
  }

  private static void allocation(ObjectValue allocation, Map<String, Set<String>> requests, List<FieldError> errors) {
    FieldPath path = ALLOCATION.child("devices");
    DeviceNames.list(
        allocation.list("devices", "results"),
        DeviceRules.LIST_MAX,
        path.child("results"),
        errors,
        (result, at, all) -> {
          ClaimSpecRules.reference(result.string("request"), requests, at.child("request"), all);
          DeviceNames.driver(result.string("driver"), at.child("driver"), all);
          DeviceNames.pool(result.string("pool"), at.child("pool"), all);
          DeviceNames.label(result.string("device"), at.child("device"), all);
          DeviceRules.binding(result, at, all);
          share(result, at, all);
        });
    DeviceNames.list(
        allocation.list("devices", "config"),
        2 * DeviceRules.LIST_MAX,
        path.child("config"),
        errors,
        (config, at, all) -> {
          String source = config.string("source");
          if (source.isEmpty()) {
            all.add(FieldError.required(at.child("source"), ""));
          } else {
            Checks.oneOf(source, at.child("source"), all, "FromClaim", "FromClass");
          }
          ClaimSpecRules.references(config.list("requests"), requests, at.child("requests"), all);
          DeviceRules.configuration(config, at, all);
        });
    if (allocation.get("nodeSelector") instanceof ObjectValue selector) {
      SchedulingValidation.nodeSelector(selector, ALLOCATION.child("nodeSelector"), errors);
    }
  }
}
