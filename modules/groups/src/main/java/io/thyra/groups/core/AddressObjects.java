package io.thyra.groups.core;

import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The IPAddress objects by which services hold their cluster addresses, and the ServiceCIDR objects that name the ranges.
/// Source: pkg/registry/core/service/ipallocator.
public final class AddressObjects {
  public static final GroupResource ADDRESSES = new GroupResource("networking.k8s.io", "ipaddresses");
  public static final GroupResource RANGES = new GroupResource("networking.k8s.io", "servicecidrs");
  private static final String FAMILY_LABEL = "ipaddress.kubernetes.io/ip-family";
  private static final String OWNER_LABEL = "ipaddress.kubernetes.io/managed-by";
  private static final String OWNER = "ipallocator.k8s.io";

  private AddressObjects() {}

  static String familyOf(String address) {
    return address.contains(":") ? "IPv6" : "IPv4";
  }

  /// The object by which a service holds an address.
  public static ObjectValue of(ObjectValue service, String namespace, String address) {
    ObjectValue parent =
        ObjectValue.builder()
            .put("resource", "services")
            .put("namespace", namespace)
            .put("name", service.string("metadata", "name"))
            .build();
    return ObjectValue.builder()
        .put("kind", "IPAddress")
        .put("apiVersion", "networking.k8s.io/v1")
        .put("metadata", ObjectValue.builder().put("name", address).put("labels", labels(address)).build())
        .put("spec", ObjectValue.of("parentRef", parent))
        .build();
  }

  private static ObjectValue labels(String address) {
    return ObjectValue.ofStrings(new TreeMap<>(Map.of(FAMILY_LABEL, familyOf(address), OWNER_LABEL, OWNER)));
  }

  /// Whether the service of this name holds the address.
  static boolean isHeldBy(ObjectValue address, String namespace, String name) {
    ObjectValue parent = address.object("spec", "parentRef");
    return refersToService(address) && parent.string("namespace").equals(namespace) && parent.string("name").equals(name);
  }

  /// Whether the address says that it belongs to a service.
  public static boolean refersToService(ObjectValue address) {
    ObjectValue parent = address.object("spec", "parentRef");
    return parent.string("group").isEmpty() && parent.string("resource").equals("services");
  }

  /// Whether the address was made for a service, whatever it says now.
  public static boolean isManaged(ObjectValue address) {
    return address.object("metadata", "labels").string(OWNER_LABEL).equals(OWNER);
  }

  /// Whether the object has the labels with which it was made.
  public static boolean isLabelled(ObjectValue address) {
    ObjectValue has = address.object("metadata", "labels");
    ObjectValue wanted = labels(address.string("metadata", "name"));
    return Stream.of(FAMILY_LABEL, OWNER_LABEL).allMatch(label -> has.string(label).equals(wanted.string(label)));
  }

  /// The name that the object of an address has; empty for what is no address.
  public static Optional<String> name(String address) {
    return Addresses.parse(address).map(Addresses.Address::print);
  }

  /// Whether an address lies in a block of any of these ServiceCIDRs, ready or not.
  public static boolean isOffered(List<ObjectValue> ranges, String address) {
    return Addresses.parse(address)
        .filter(parsed -> ranges.stream().flatMap(AddressObjects::blocks).anyMatch(block -> block.offers(parsed)))
        .isPresent();
  }

  static Stream<Addresses.Range> blocks(ObjectValue range) {
    return range.list("spec", "cidrs").strings().stream().flatMap(text -> Addresses.parseRange(text).stream());
  }

  /// Whether addresses of a ServiceCIDR may be given away: unless a condition says that it is not ready.
  static boolean isReady(ObjectValue range) {
    boolean ready =
        range.list("status", "conditions").objects().stream()
            .filter(condition -> condition.string("type").equals("Ready"))
            .findFirst()
            .map(condition -> condition.string("status").equals("True"))
            .orElse(true);
    return ready && !range.object("metadata").has("deletionTimestamp");
  }
}
