package io.thyra.groups.resource;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.groups.core.SchedulingValidation;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// ResourceSlices, DeviceClasses and DeviceTaintRules: what there is to be claimed.
/// Source: pkg/apis/resource/validation/validation.go.
final class SliceRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int DEVICES_MAX = 128;
  private static final int DEVICES_ADVANCED_MAX = 64;
  private static final int COUNTER_SETS_MAX = 8;
  private static final int COUNTERS_MAX = 32;
  private static final int CONSUMED_SETS_MAX = 2;
  private static final int ATTRIBUTES_MAX = 32;
  private static final int VALUE_LENGTH_MAX = 64;
  // A domain, a slash and an identifier.
  private static final int KEY_LENGTH_MAX = 63 + 1 + 32;
  private static final int TAINTS_MAX = 16;
  private static final String PLACES = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  private static final String DEVICE_PLACES =
      "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the "
          + "ResourceSlice spec";
  // Bounded by the length that was checked; no nested repetition over the same letters.
  private static final Pattern SEMVER =
      Pattern.compile(
          "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
              + "(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
              + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

  private SliceRules() {}

  static void declareClass(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.METADATA)
        .countsGenerations()
        .rules(
            (object, _, errors) -> {
              ObjectValue spec = object.object("spec");
              DeviceRules.selectors(spec.list("selectors"), SPEC.child("selectors"), errors);
              DeviceNames.list(
                  spec.list("config"), DeviceRules.LIST_MAX, SPEC.child("config"), errors, DeviceRules::configuration);
              String extended = spec.string("extendedResourceName");
              if (isSet(spec, "extendedResourceName") && !isExtended(extended)) {
                errors.add(
                    FieldError.invalid(SPEC.child("extendedResourceName"), extended, "must be a valid extended resource name"));
              }
            });
  }

  /// A resource of somebody else's domain, such as `example.com/gpu`.
  private static boolean isExtended(String name) {
    int slash = name.indexOf('/');
    boolean named = slash >= 0 && !name.contains("kubernetes.io/") && !name.startsWith("requests.");
    return named && Names.qualifiedName("requests." + name).isEmpty();
  }

  static void declareTaintRule(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .rules(
            (rule, _, errors) -> {
              FieldPath path = SPEC.child("deviceSelector");
              ObjectValue selector = rule.object("spec", "deviceSelector");
              if (isSet(selector, "driver")) {
                DeviceNames.driver(selector.string("driver"), path.child("driver"), errors);
              }
              if (isSet(selector, "pool")) {
                DeviceNames.pool(selector.string("pool"), path.child("pool"), errors);
              }
              if (isSet(selector, "device")) {
                DeviceNames.label(selector.string("device"), path.child("device"), errors);
              }
              DeviceRules.taint(rule.object("spec", "taint"), SPEC.child("taint"), errors);
            });
    r.statusRules().named(Names.DNS_SUBDOMAIN).resetsMetadata();
  }

  static void declareSlice(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .countsGenerations()
        .countsAsSent()
        .onCreate((_, slice) -> withoutGated(slice, ObjectValue.EMPTY))
        .onUpdate((_, slice, old) -> withoutGated(slice, old))
        .createRules((slice, _, errors) -> slice(slice.object("spec"), null, spec, errors))
        .updateRules((slice, old, _, errors) -> slice(slice.object("spec"), old.object("spec"), spec, errors));
  }

  /// Fields of gates that are off, unless some device has them already: lists as attributes, and what devices take of a
  /// node's allocatable resources. Source: pkg/registry/resource/resourceslice/strategy.go.
  private static ObjectValue withoutGated(ObjectValue slice, ObjectValue old) {
    List<ObjectValue> before = old.list("spec", "devices").objects();
    boolean maps = before.stream().anyMatch(device -> device.has("nodeAllocatableResourceMappings"));
    boolean lists = before.stream().anyMatch(SliceRules::hasListAttributes);
    if (maps && lists) {
      return slice;
    }
    return slice.change(
        "spec",
        spec ->
            spec.changeList(
                "devices",
                devices ->
                    devices.mapObjects(
                        device -> {
                          ObjectValue kept = maps ? device : device.without("nodeAllocatableResourceMappings");
                          return lists || !hasListAttributes(kept) ? kept : kept.change("attributes", SliceRules::withoutLists);
                        })));
  }

  /// A key as errors about what is under it show it: its middle left out where it is too long.
  private static String shown(String key) {
    if (key.length() <= KEY_LENGTH_MAX) {
      return key;
    }
    String gap = "...";
    int kept = KEY_LENGTH_MAX - gap.length();
    return key.substring(0, (kept + 1) / 2) + gap + key.substring(key.length() - kept / 2);
  }

  private static boolean said(ObjectValue spec, String field) {
    return isSet(spec, field) || spec.saidEmpty(field);
  }

  private static boolean hasListAttributes(ObjectValue device) {
    ObjectValue attributes = device.object("attributes");
    return attributes.names().stream().anyMatch(name -> LIST_ATTRIBUTES.stream().anyMatch(attributes.object(name)::has));
  }

  private static ObjectValue withoutLists(ObjectValue attributes) {
    ObjectValue changed = attributes;
    for (String name : attributes.names()) {
      for (String field : LIST_ATTRIBUTES) {
        changed = changed.change(name, attribute -> attribute.without(field));
      }
    }
    return changed;
  }

  private static final List<String> LIST_ATTRIBUTES = List.of("ints", "bools", "strings", "versions");

  private static void slice(ObjectValue spec, @Nullable ObjectValue old, Struct type, List<FieldError> errors) {
    Struct attribute = GoStruct.at(type, "devices", "attributes");
    DeviceNames.driver(spec.string("driver"), SPEC.child("driver"), errors);
    ObjectValue pool = spec.object("pool");
    DeviceNames.pool(pool.string("name"), SPEC.child("pool", "name"), errors);
    if (number(pool, "resourceSliceCount") <= 0) {
      errors.add(
          FieldError.invalid(
              SPEC.child("pool", "resourceSliceCount"), number(pool, "resourceSliceCount"), "must be greater than zero"));
    }
    if (number(pool, "generation") < 0) {
      errors.add(
          FieldError.invalid(
              SPEC.child("pool", "generation"), number(pool, "generation"), "must be greater than or equal to zero"));
    }
    if (old != null) {
      Checks.immutable(GoStruct.at(type, "pool"), pool, old.object("pool"), SPEC.child("pool"), errors, "name");
      Checks.immutable(type, spec, old, SPEC, errors, "driver", "nodeName");
    }
    List<String> places = places(spec, type, true, errors);
    if (places.isEmpty()) {
      errors.add(FieldError.required(SPEC, PLACES));
    } else if (places.size() > 1) {
      errors.add(
          FieldError.invalid(SPEC, "{" + String.join(", ", places) + "}", PLACES + ", but multiple fields are set"));
    }
    if (said(spec, "sharedCounters") && said(spec, "devices")) {
      errors.add(FieldError.invalid(SPEC, "", "only one of `sharedCounters` or `devices` is allowed"));
    }
    boolean advanced =
        spec.list("devices").objects().stream()
            .anyMatch(d -> !d.list("taints").isEmpty() || !d.list("consumesCounters").isEmpty());
    DeviceNames.set(
        spec.list("devices"),
        advanced ? DEVICES_ADVANCED_MAX : DEVICES_MAX,
        SPEC.child("devices"),
        errors,
        (device, path, all) -> device(device, find(old, device.string("name")), spec.bool("perDeviceNodeSelection"), attribute, path, all),
        device -> device.string("name"));
    DeviceNames.set(
        spec.list("sharedCounters"),
        COUNTER_SETS_MAX,
        SPEC.child("sharedCounters"),
        errors,
        (counters, path, all) -> counters(counters, "name", path, all),
        counters -> counters.string("name"));
  }

  private static @Nullable ObjectValue find(@Nullable ObjectValue spec, String device) {
    return spec == null
        ? null
        : spec.list("devices").objects().stream().filter(d -> d.string("name").equals(device)).findFirst().orElse(null);
  }

  private static List<String> places(ObjectValue spec, Struct type, boolean perDevice, List<FieldError> errors) {
    var places = new ArrayList<String>();
    if (isSet(spec, "nodeName")) {
      String node = spec.string("nodeName");
      if (node.isEmpty()) {
        errors.add(FieldError.invalid(SPEC.child("nodeName"), node, "must be either unset or set to a non-empty string"));
      } else {
        places.add("`nodeName`");
        Rules.checkFormat(node, SPEC.child("nodeName"), errors, Names::dns1123Subdomain);
      }
    }
    if (spec.get("nodeSelector") instanceof ObjectValue selector) {
      places.add("`nodeSelector`");
      SchedulingValidation.nodeSelector(selector, SPEC.child("nodeSelector"), errors);
      if (selector.list("nodeSelectorTerms").size() != 1) {
        errors.add(
            FieldError.invalidPrinted(
                SPEC.child("nodeSelector", "nodeSelectorTerms"),
                GoText.of(GoStruct.field(GoStruct.at(type, "nodeSelector"), selector, "nodeSelectorTerms")),
                "must have exactly one node selector term"));
      }
    }
    flag(spec, "allNodes", SPEC, places, errors);
    if (perDevice) {
      flag(spec, "perDeviceNodeSelection", SPEC, places, errors);
    }
    return places;
  }

  private static void flag(ObjectValue spec, String field, FieldPath path, List<String> places, List<FieldError> errors) {
    if (spec.bool(field)) {
      places.add("`" + field + "`");
    } else if (isSet(spec, field)) {
      errors.add(FieldError.invalidPrinted(path.child(field), "false", "must be either unset or set to true"));
    }
  }

  private static void counters(ObjectValue counters, String nameField, FieldPath path, List<FieldError> errors) {
    Checks.named(counters, nameField, path, errors, Names::dns1123Label);
    ObjectValue values = counters.object("counters");
    if (values.isEmpty()) {
      errors.add(FieldError.required(path.child("counters"), ""));
    } else if (values.size() > COUNTERS_MAX) {
      errors.add(FieldError.tooMany(path.child("counters"), values.size(), COUNTERS_MAX));
    } else {
      values.names().forEach(name -> DeviceNames.label(name, path.child("counters"), errors));
    }
  }

  private static void device(
      ObjectValue device, @Nullable ObjectValue old, boolean perDevice, Struct attribute, FieldPath path, List<FieldError> errors) {
    DeviceNames.label(device.string("name"), path.child("name"), errors);
    ObjectValue attributes = device.object("attributes");
    ObjectValue capacity = device.object("capacity");
    if (attributes.size() + capacity.size() > ATTRIBUTES_MAX) {
      errors.add(
          FieldError.invalid(
              path,
              attributes.size() + capacity.size(),
              "the total number of attributes and capacities must not exceed " + ATTRIBUTES_MAX));
    }
    for (String name : attributes.names()) {
      DeviceNames.qualified(name, path.child("attributes"), errors);
      attribute(attributes.object(name), attribute, path.child("attributes").key(shown(name)), errors);
    }
    for (String name : capacity.names()) {
      DeviceNames.qualified(name, path.child("capacity"), errors);
      boolean shared = device.bool("allowMultipleAllocations");
      CapacityRules.check(capacity.object(name), shared, path.child("capacity").key(shown(name)), errors);
    }
    if (old == null || !Objects.equals(old.get("taints"), device.get("taints"))) {
      DeviceNames.list(device.list("taints"), TAINTS_MAX, path.child("taints"), errors, DeviceRules::taint);
    }
    DeviceNames.set(
        device.list("consumesCounters"),
        CONSUMED_SETS_MAX,
        path.child("consumesCounters"),
        errors,
        (counters, at, all) -> counters(counters, "counterSet", at, all),
        counters -> counters.string("counterSet"));
    place(device, perDevice, path, errors);
    DeviceRules.binding(device, path, errors);
  }

  private static void place(ObjectValue device, boolean perDevice, FieldPath path, List<FieldError> errors) {
    if (!perDevice) {
      if (isSet(device, "nodeName") || isSet(device, "nodeSelector") || isSet(device, "allNodes")) {
        errors.add(
            FieldError.invalidPrinted(
                path,
                "null",
                "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the "
                    + "ResourceSlice spec"));
      }
      return;
    }
    var places = new ArrayList<String>();
    if (isSet(device, "nodeName")) {
      String node = device.string("nodeName");
      if (node.isEmpty()) {
        errors.add(FieldError.invalid(path.child("nodeName"), node, "must not be empty"));
      } else {
        places.add("`nodeName`");
        Rules.checkFormat(node, path.child("nodeName"), errors, Names::dns1123Subdomain);
      }
    }
    if (device.get("nodeSelector") instanceof ObjectValue selector) {
      places.add("`nodeSelector`");
      SchedulingValidation.nodeSelector(selector, path.child("nodeSelector"), errors);
    }
    flag(device, "allNodes", path, places, errors);
    if (places.isEmpty()) {
      errors.add(FieldError.required(path, DEVICE_PLACES));
    } else if (places.size() > 1) {
      errors.add(FieldError.invalid(path, "{" + String.join(", ", places) + "}", DEVICE_PLACES));
    }
  }

  private static void attribute(ObjectValue attribute, Struct struct, FieldPath path, List<FieldError> errors) {
    int values = 0;
    for (String field : List.of("bool", "int")) {
      values += isSet(attribute, field) ? 1 : 0;
    }
    if (isSet(attribute, "string")) {
      values++;
      Rules.maxLength("string", VALUE_LENGTH_MAX).check(attribute, path, errors);
    }
    if (isSet(attribute, "version")) {
      values++;
      String version = attribute.string("version");
      if (version.length() > VALUE_LENGTH_MAX || !SEMVER.matcher(version).matches()) {
        errors.add(
            FieldError.invalid(path.child("version"), version, "must be a string compatible with semver.org spec 2.0.0"));
      }
      Rules.maxLength("version", VALUE_LENGTH_MAX).check(attribute, path, errors);
    }
    if (values == 0) {
      errors.add(FieldError.invalid(path, "", "exactly one value must be specified"));
    } else if (values > 1) {
      errors.add(
          FieldError.invalidPrinted(path, GoText.of(GoStruct.of(struct, attribute)), "exactly one value must be specified"));
    }
  }
}
