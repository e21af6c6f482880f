package io.thyra.groups.core;

import io.thyra.groups.StoredObjects;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Cluster addresses of one or two families, out of the ranges that ServiceCIDR objects name. An address is taken by creating the
/// IPAddress object of its name, so several servers on one store never give one twice. Until the first ServiceCIDR is there the
/// ranges of the server's flag count. Immutable; the objects own the state.
/// Source: pkg/registry/core/service/storage/alloc.go, pkg/registry/core/service/ipallocator/cidrallocator.go.
final class ClusterAddresses {
  private static final GroupKind SERVICE = new GroupKind("", "Service");
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath POLICY = SPEC.child("ipFamilyPolicy");
  private static final String NO_RANGE = "the provided network does not match the current range";
  private static final String TAKEN = "provided IP is already allocated";

  private final Supplier<StoredObjects> objects;
  private final List<Addresses.Range> configured;
  private final RandomGenerator random;

  /// @param configured one range, or two of different families; that of the first is the cluster's default
  ClusterAddresses(Supplier<StoredObjects> objects, List<Addresses.Range> configured, RandomGenerator random) {
    this.objects = objects;
    this.configured = List.copyOf(configured);
    this.random = random;
  }

  private static String familyOf(Addresses.Range range) {
    return range.network().isIpv4() ? "IPv4" : "IPv6";
  }

  private static String other(String family) {
    return family.equals("IPv4") ? "IPv6" : "IPv4";
  }

  private String defaultFamily() {
    return familyOf(configured.getFirst());
  }

  private boolean isConfigured(String family) {
    return configured.stream().anyMatch(range -> familyOf(range).equals(family));
  }

  private static boolean isExternalName(ObjectValue service) {
    return ServiceValidation.isType(service, "ExternalName");
  }

  /// A new service with its families and addresses.
  ObjectValue allocate(RequestContext context, ObjectValue service) {
    return isExternalName(service) ? service : allocateAll(context, withFamilies(service, ObjectValue.EMPTY));
  }

  /// A changed service: one that was external gets its addresses, one that wants a second family the second.
  ObjectValue reallocate(RequestContext context, ObjectValue service, ObjectValue old) {
    if (isExternalName(service) || stays(service, old)) {
      return service;
    }
    ObjectValue changed = withFamilies(service, old);
    if (isExternalName(old)) {
      return allocateAll(context, changed);
    }
    boolean wasHeadless = old.list("spec", "clusterIPs").strings().stream().findFirst().filter("None"::equals).isPresent();
    List<String> families = changed.list("spec", "ipFamilies").strings();
    if (wasHeadless || families.size() != 2 || old.list("spec", "ipFamilies").size() != 1) {
      return changed;
    }
    return allocate(context, changed, families, 1);
  }

  /// The families of a cluster may change; a service that only prefers two keeps what it has until its owner touches them.
  private static boolean stays(ObjectValue service, ObjectValue old) {
    return service.string("spec", "type").equals(old.string("spec", "type"))
        && service.string("spec", "ipFamilyPolicy").equals("PreferDualStack")
        && List.of("", "PreferDualStack").contains(old.string("spec", "ipFamilyPolicy"))
        && service.list("spec", "clusterIPs").equals(old.list("spec", "clusterIPs"))
        && service.list("spec", "ipFamilies").equals(old.list("spec", "ipFamilies"));
  }

  /// Fills in policy and families, and refuses what this cluster has not.
  private ObjectValue withFamilies(ObjectValue service, ObjectValue old) {
    ObjectValue spec = service.object("spec");
    boolean unselected = spec.string("clusterIP").equals("None") && spec.object("selector").isEmpty();
    if (!spec.has("ipFamilyPolicy")) {
      String before = old.string("spec", "ipFamilyPolicy");
      spec = spec.with("ipFamilyPolicy", before.isEmpty() ? (unselected ? "RequireDualStack" : "SingleStack") : before);
    }
    ObjectValue filled = service.with("spec", spec);
    var errors = new ArrayList<FieldError>();
    AddressRules.check(filled, old.isEmpty() ? null : old, errors);
    refuse(service, errors);
    boolean single = spec.string("ipFamilyPolicy").equals("SingleStack");
    if (!old.isEmpty() && single) {
      spec = keepFirst(spec, old.object("spec"), "clusterIPs");
      spec = keepFirst(spec, old.object("spec"), "ipFamilies");
    } else if (!old.isEmpty()) {
      reduced(spec, old.object("spec"), errors);
    }
    var families = new ArrayList<>(spec.list("ipFamilies").strings());
    if (single) {
      multiple(spec, errors);
    }
    inferred(spec, families, errors);
    refuse(service, errors);
    if (families.isEmpty() && unselected) {
      families.add(defaultFamily());
    }
    if (!unselected) {
      offered(spec, families, errors);
      refuse(service, errors);
      if (families.isEmpty()) {
        families.add(defaultFamily());
      }
    }
    // Nobody knows of what family the endpoints of a headless service without a selector are, so it may have both everywhere.
    if (families.size() == 1 && !single && (unselected || configured.size() == 2)) {
      families.add(other(families.getFirst()));
    }
    return service.with("spec", spec.with("ipFamilies", ListValue.ofStrings(families)));
  }

  // One stack alone is a clear word, unless the lists say something new themselves.
  private static ObjectValue keepFirst(ObjectValue spec, ObjectValue old, String field) {
    List<String> all = spec.list(field).strings();
    boolean same = spec.list(field).equals(old.list(field));
    return same && all.size() > 1 ? spec.with(field, ListValue.ofStrings(all.subList(0, 1))) : spec;
  }

  private static void reduced(ObjectValue spec, ObjectValue old, List<FieldError> errors) {
    for (Map.Entry<String, String> field : new TreeMap<>(Map.of("clusterIPs", "cluster IP", "ipFamilies", "IP family")).entrySet()) {
      int size = spec.list(field.getKey()).size();
      if (size > 0 && size < old.list(field.getKey()).size()) {
        String why = "must be 'SingleStack' to release the secondary " + field.getValue();
        errors.add(FieldError.invalid(POLICY, spec.string("ipFamilyPolicy"), why));
      }
    }
  }

  private static void multiple(ObjectValue spec, List<FieldError> errors) {
    for (Map.Entry<String, String> field : new TreeMap<>(Map.of("clusterIPs", "cluster IPs", "ipFamilies", "IP families")).entrySet()) {
      if (spec.list(field.getKey()).size() == 2) {
        String why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple " + field.getValue() + " are specified";
        errors.add(FieldError.invalid(POLICY, "SingleStack", why));
      }
    }
  }

  /// Adds the families of the addresses that are named without.
  private void inferred(ObjectValue spec, List<String> families, List<FieldError> errors) {
    List<String> addresses = spec.list("clusterIPs").strings();
    for (int i = 0; i < addresses.size() && !addresses.get(i).equals("None"); i++) {
      if (i < families.size()) {
        continue;
      }
      String family = AddressObjects.familyOf(addresses.get(i));
      if (isConfigured(family)) {
        families.add(family);
      } else {
        errors.add(
            FieldError.invalid(
                SPEC.child("clusterIPs").index(i), spec.list("clusterIPs"), family + " is not configured on this cluster"));
      }
    }
  }

  private void offered(ObjectValue spec, List<String> families, List<FieldError> errors) {
    if (spec.string("ipFamilyPolicy").equals("RequireDualStack") && configured.size() < 2) {
      errors.add(FieldError.invalid(POLICY, "RequireDualStack", "this cluster is not configured for dual-stack services"));
    }
    for (int i = 0; i < families.size(); i++) {
      if (!isConfigured(families.get(i))) {
        errors.add(FieldError.invalid(SPEC.child("ipFamilies").index(i), families.get(i), "not configured on this cluster"));
      }
    }
  }

  private ObjectValue allocateAll(RequestContext context, ObjectValue service) {
    List<String> addresses = service.list("spec", "clusterIPs").strings();
    if (!addresses.isEmpty() && addresses.getFirst().equals("None")) {
      return service;
    }
    return allocate(context, service, service.list("spec", "ipFamilies").strings(), 0);
  }

  /// Takes the addresses of the families from an index on: those that are named, any others.
  private ObjectValue allocate(RequestContext context, ObjectValue service, List<String> families, int from) {
    var addresses = new ArrayList<>(service.list("spec", "clusterIPs").strings());
    while (addresses.size() < families.size()) {
      addresses.add("");
    }
    ListValue told = ListValue.ofStrings(addresses);
    var taken = new ArrayList<String>();
    try {
      for (int i = from; i < families.size(); i++) {
        String asked = addresses.get(i);
        String address =
            asked.isEmpty() ? any(context, service, families.get(i)) : given(context, service, families.get(i), asked, told);
        taken.add(address);
        addresses.set(i, address);
      }
    } catch (ApiException e) {
      release(context, service, taken);
      throw e;
    }
    ObjectValue spec = service.object("spec").with("clusterIP", addresses.getFirst());
    return service.with("spec", spec.with("clusterIPs", ListValue.ofStrings(addresses)));
  }

  private String given(RequestContext context, ObjectValue service, String family, String asked, ListValue told) {
    Addresses.Address address =
        Addresses.parse(asked)
            .orElseThrow(() -> new Failure.Internal("failed to parse service IP \"" + asked + "\"").toException());
    List<Addresses.Range> ranges = ranges(family);
    boolean inside = ranges.stream().anyMatch(range -> range.offers(address));
    String why = "";
    if (context.dryRun()) {
      // Upstream does not look whether it is free, and tells the range that it tried.
      why = inside ? "" : notTried(ranges, address);
    } else if (!inside) {
      why = NO_RANGE;
    } else if (!take(context, service, address.print())) {
      why = TAKEN;
    }
    if (!why.isEmpty()) {
      refuse(service, List.of(FieldError.invalid(SPEC.child("clusterIPs"), told, "failed to allocate IP " + asked + ": " + why)));
    }
    return asked;
  }

  private static String notTried(List<Addresses.Range> ranges, Addresses.Address address) {
    return ranges.isEmpty()
        ? "allocator not ready"
        : "the provided IP (" + address.print() + ") is not in the valid range. The range of valid IPs is " + ranges.getFirst().print();
  }

  private String any(RequestContext context, ObjectValue service, String family) {
    List<Addresses.Range> ranges = ranges(family);
    if (context.dryRun() && !ranges.isEmpty()) {
      // What is not kept need not be free: upstream answers with the network's own address.
      return ranges.getFirst().network().print();
    }
    for (Addresses.Range range : ranges) {
      Optional<String> found = new FreeAddress(range, random).find(address -> isFree(address) && take(context, service, address));
      if (found.isPresent()) {
        return found.get();
      }
    }
    String name = service.string("metadata", "name");
    throw new Failure.Internal("failed to allocate a serviceIP for Service \"" + name + "\": range is full").toException();
  }

  private boolean isFree(String address) {
    return objects.get().find(AddressObjects.ADDRESSES, "", address).isEmpty();
  }

  /// The ranges of a family that are ready: a condition says when one is not.
  private List<Addresses.Range> ranges(String family) {
    List<ObjectValue> objects = this.objects.get().list(AddressObjects.RANGES, "");
    Stream<Addresses.Range> all =
        objects.isEmpty() ? configured.stream() : objects.stream().filter(AddressObjects::isReady).flatMap(AddressObjects::blocks);
    return all.filter(range -> familyOf(range).equals(family)).distinct().toList();
  }

  /// Whether the address was free.
  private boolean take(RequestContext context, ObjectValue service, String address) {
    try {
      objects.get().create(context, AddressObjects.ADDRESSES, AddressObjects.of(service, context.info().namespace(), address));
      return true;
    } catch (ApiException e) {
      if (e.status().reason().equals("AlreadyExists")) {
        return false;
      }
      throw e;
    }
  }

  /// Gives back the addresses that a service had before and has no more.
  void changed(RequestContext context, ObjectValue service, ObjectValue old) {
    Set<String> kept = new HashSet<>(service.list("spec", "clusterIPs").strings());
    release(context, old, old.list("spec", "clusterIPs").strings().stream().filter(address -> !kept.contains(address)).toList());
  }

  /// Gives back what a service holds of its addresses.
  void release(RequestContext context, ObjectValue service) {
    release(context, service, service.list("spec", "clusterIPs").strings());
  }

  // One of a family that this server has no range of stays: the cluster may have had two before. One that somebody else holds
  // stays, too: a refused service may have named it.
  private void release(RequestContext context, ObjectValue service, List<String> addresses) {
    if (context.dryRun() || isExternalName(service)) {
      return;
    }
    for (String address : addresses) {
      Optional<String> name = isConfigured(AddressObjects.familyOf(address)) ? AddressObjects.name(address) : Optional.empty();
      boolean held =
          name.flatMap(found -> objects.get().find(AddressObjects.ADDRESSES, "", found))
              .filter(found -> AddressObjects.isHeldBy(found, context.info().namespace(), service.string("metadata", "name")))
              .isPresent();
      if (held) {
        try {
          objects.get().delete(context, AddressObjects.ADDRESSES, "", name.orElseThrow(), ObjectValue.EMPTY);
        } catch (ApiException _) {
          // It is gone already, which is what was wanted.
        }
      }
    }
  }

  /// Refuses a service of which anything is wrong.
  static void refuse(ObjectValue service, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(SERVICE, service.string("metadata", "name"), errors).toException();
    }
  }
}
