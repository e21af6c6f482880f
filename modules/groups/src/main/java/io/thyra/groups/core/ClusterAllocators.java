package io.thyra.groups.core;

import io.thyra.groups.StoredObjects;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupKind;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.RequestContext;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Cluster addresses out of one range and node ports out of another, for a cluster of one address family. An address is
/// taken by creating the IPAddress object of its name, a node port by setting its bit in the stored map, so several servers on
/// one store never give one twice. What a service no longer uses is given back after that is stored; what was taken for a write
/// that then failed is found by [#repair].
/// Source: pkg/registry/core/service/storage/alloc.go, pkg/registry/core/service/ipallocator.
public final class ClusterAllocators implements ServiceAllocators {
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource IP_ADDRESSES = new GroupResource("networking.k8s.io", "ipaddresses");
  private static final GroupKind SERVICE = new GroupKind("", "Service");
  private static final FieldPath SPEC = FieldPath.of("spec");
  // Upstream tries at random before it scans; a range with few free addresses answers after this many.
  private static final int ATTEMPTS = 64;
  private static final int REPAIRS_BEFORE_RELEASE = 3;

  // Objects are known once the registry exists, which is made from the groups.
  private final Supplier<StoredObjects> objects;
  private final Addresses.Range range;
  private final int portMin;
  private final int portMax;
  private final RandomGenerator random;
  private final AllocationMap ports;
  // Ports that no service had at the last repairs, and how often; only repair touches it, one at a time.
  private final Map<Integer, Integer> leaks = new HashMap<>();

  /// @param portMin the first node port, `portMax` the last
  /// @param ports makes the map of those that are taken from what it begins with
  public ClusterAllocators(
      Supplier<StoredObjects> objects, Addresses.Range range, int portMin, int portMax, Function<Supplier<BitSet>, AllocationMap> ports, RandomGenerator random) {
    this.objects = objects;
    this.range = range;
    this.portMin = portMin;
    this.portMax = portMax;
    this.ports = ports.apply(this::usedPorts);
    this.random = random;
  }

  private String family() {
    return range.network().isIpv4() ? "IPv4" : "IPv6";
  }

  @Override
  public ObjectValue allocate(RequestContext context, ObjectValue service) {
    ObjectValue allocated = service;
    if (!ServiceValidation.isType(service, "ExternalName")) {
      allocated = withAddress(context, families(service, ObjectValue.EMPTY));
    }
    try {
      return withPorts(context, allocated, ObjectValue.EMPTY);
    } catch (ApiException e) {
      // The ports that it asked for may be somebody else's.
      if (!context.dryRun()) {
        releaseAddresses(context, allocated.list("spec", "clusterIPs").strings());
      }
      throw e;
    }
  }

  @Override
  public ObjectValue reallocate(RequestContext context, ObjectValue service, ObjectValue old) {
    ObjectValue changed = service;
    if (!ServiceValidation.isType(service, "ExternalName")) {
      changed = families(service, old);
      if (ServiceValidation.isType(old, "ExternalName") || changed.string("spec", "clusterIP").isEmpty()) {
        changed = withAddress(context, changed);
      }
    }
    return withPorts(context, changed, old);
  }

  @Override
  public void changed(RequestContext context, ObjectValue service, ObjectValue old) {
    if (context.dryRun()) {
      return;
    }
    var addresses = new ArrayList<>(old.list("spec", "clusterIPs").strings());
    addresses.removeAll(service.list("spec", "clusterIPs").strings());
    releaseAddresses(context, addresses);
    List<Integer> dropped = portsOf(old);
    dropped.removeAll(portsOf(service));
    releasePorts(dropped);
  }

  @Override
  public void release(RequestContext context, ObjectValue service) {
    if (!context.dryRun()) {
      releaseAddresses(context, service.list("spec", "clusterIPs").strings());
      releasePorts(portsOf(service));
    }
  }

  private void releasePorts(List<Integer> released) {
    if (!released.isEmpty()) {
      ports.change(
          taken -> {
            released.stream().filter(this::isInRange).forEach(port -> taken.clear(port - portMin));
            return true;
          });
    }
  }

  private void releaseAddresses(RequestContext context, List<String> addresses) {
    for (String address : addresses) {
      if (!address.equals("None") && !address.isEmpty()) {
        try {
          objects.get().delete(context, IP_ADDRESSES, "", address, ObjectValue.EMPTY);
        } catch (ApiException _) {
          // It is gone already, which is what was wanted.
        }
      }
    }
  }

  private static ApiException invalid(ObjectValue service, List<FieldError> errors) {
    return new Failure.Invalid(SERVICE, service.string("metadata", "name"), errors).toException();
  }

  /// Fills in policy and families, and refuses what this cluster has not.
  private ObjectValue families(ObjectValue service, ObjectValue old) {
    ObjectValue spec = service.object("spec");
    boolean headless = spec.string("clusterIP").equals("None");
    boolean unselected = headless && spec.object("selector").isEmpty();
    if (!spec.has("ipFamilyPolicy")) {
      String before = old.string("spec", "ipFamilyPolicy");
      spec = spec.with("ipFamilyPolicy", before.isEmpty() ? (unselected ? "RequireDualStack" : "SingleStack") : before);
    }
    ObjectValue filled = service.with("spec", spec);
    var errors = new ArrayList<FieldError>();
    AddressRules.check(filled, old.isEmpty() ? null : old, errors);
    if (!errors.isEmpty()) {
      throw invalid(service, errors);
    }
    boolean single = spec.string("ipFamilyPolicy").equals("SingleStack");
    if (!old.isEmpty()) {
      spec = single ? withoutSecond(spec, old) : spec;
      if (!single) {
        released(spec, old, errors);
      }
    }
    List<String> addresses = spec.list("clusterIPs").strings();
    var families = new ArrayList<>(spec.list("ipFamilies").strings());
    multiple(single, addresses, families, errors);
    for (int i = families.size(); i < addresses.size() && !headless; i++) {
      String family = addresses.get(i).contains(":") ? "IPv6" : "IPv4";
      if (family.equals(family())) {
        families.add(family);
      } else {
        errors.add(
            FieldError.invalid(
                SPEC.child("clusterIPs").index(i), spec.list("clusterIPs"), family + " is not configured on this cluster"));
      }
    }
    if (!errors.isEmpty()) {
      throw invalid(service, errors);
    }
    if (families.isEmpty() && unselected) {
      families.add(family());
    }
    if (unselected) {
      if (families.size() < 2 && !single) {
        families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
      }
    } else {
      configured(spec, families, errors);
      if (!errors.isEmpty()) {
        throw invalid(service, errors);
      }
      if (families.isEmpty()) {
        families.add(family());
      }
    }
    return service.with("spec", spec.with("ipFamilies", ListValue.ofStrings(families)));
  }

  /// Whoever asks for one family and leaves the rest as it was gives the second one back.
  private static ObjectValue withoutSecond(ObjectValue spec, ObjectValue old) {
    ObjectValue kept = spec;
    ListValue addresses = spec.list("clusterIPs");
    ListValue families = spec.list("ipFamilies");
    boolean sameAddresses =
        spec.string("clusterIP").equals(old.string("spec", "clusterIP")) && addresses.equals(old.list("spec", "clusterIPs"));
    if (sameAddresses && addresses.size() > 1) {
      kept = kept.with("clusterIPs", ListValue.of(addresses.get(0)));
    }
    if (families.size() > 1 && families.equals(old.list("spec", "ipFamilies"))) {
      kept = kept.with("ipFamilies", ListValue.of(families.get(0)));
    }
    return kept;
  }

  private static void released(ObjectValue spec, ObjectValue old, List<FieldError> errors) {
    for (String field : List.of("clusterIPs", "ipFamilies")) {
      int count = spec.list(field).size();
      if (count > 0 && count < old.list("spec", field).size()) {
        String what = field.equals("clusterIPs") ? "cluster IP" : "IP family";
        errors.add(
            FieldError.invalid(
                SPEC.child("ipFamilyPolicy"), spec.string("ipFamilyPolicy"), "must be 'SingleStack' to release the secondary " + what));
      }
    }
  }

  private static void multiple(boolean single, List<String> addresses, List<String> families, List<FieldError> errors) {
    for (String word : List.of("cluster IPs", "IP families")) {
      int count = word.startsWith("c") ? addresses.size() : families.size();
      if (single && count == 2) {
        errors.add(
            FieldError.invalid(
                SPEC.child("ipFamilyPolicy"),
                "SingleStack",
                "must be 'RequireDualStack' or 'PreferDualStack' when multiple " + word + " are specified"));
      }
    }
  }

  private void configured(ObjectValue spec, List<String> families, List<FieldError> errors) {
    if (spec.string("ipFamilyPolicy").equals("RequireDualStack")) {
      errors.add(
          FieldError.invalid(
              SPEC.child("ipFamilyPolicy"), "RequireDualStack", "this cluster is not configured for dual-stack services"));
    }
    for (int i = 0; i < families.size(); i++) {
      if (!families.get(i).equals(family())) {
        errors.add(FieldError.invalid(SPEC.child("ipFamilies").index(i), families.get(i), "not configured on this cluster"));
      }
    }
  }

  private ObjectValue withAddress(RequestContext context, ObjectValue service) {
    String asked = service.string("spec", "clusterIP");
    if (asked.equals("None")) {
      return service;
    }
    String address = asked.isEmpty() ? any(context, service) : given(context, service, asked);
    ObjectValue spec = service.object("spec").with("clusterIP", address);
    return service.with("spec", spec.with("clusterIPs", ListValue.of(new StringValue(address))));
  }

  private String given(RequestContext context, ObjectValue service, String asked) {
    String why = "";
    var address = Addresses.parse(asked);
    if (address.isEmpty() || !isUsable(address.get())) {
      why = "the provided network does not match the current range";
    } else if (!take(context, service, asked)) {
      why = "provided IP is already allocated";
    }
    if (!why.isEmpty()) {
      throw invalid(
          service,
          List.of(
              FieldError.invalid(
                  SPEC.child("clusterIPs"), service.list("spec", "clusterIPs"), "failed to allocate IP " + asked + ": " + why)));
    }
    return asked;
  }

  // Neither the network's own address nor, in IPv4, the broadcast address.
  private boolean isUsable(Addresses.Address address) {
    BigInteger offset = address.number().subtract(range.network().number());
    return range.contains(address) && offset.signum() > 0 && offset.compareTo(size()) <= 0;
  }

  private BigInteger size() {
    int bits = range.network().bytes().length * 8 - range.prefixLength();
    BigInteger all = BigInteger.ONE.shiftLeft(Math.min(bits, 31));
    return all.subtract(range.network().isIpv4() ? BigInteger.TWO : BigInteger.ONE).max(BigInteger.ZERO);
  }

  private String any(RequestContext context, ObjectValue service) {
    long size = size().longValueExact();
    // The lower part of the range is left to addresses that are asked for by name.
    long reserved = Math.min(256, Math.max(16, size / 16));
    long from = size > reserved ? reserved : 0;
    for (int i = 0; i < ATTEMPTS && size > from; i++) {
      String address = at(1 + from + random.nextLong(size - from));
      if (take(context, service, address)) {
        return address;
      }
    }
    for (long offset = 1; offset <= size; offset++) {
      String address = at(offset);
      if (take(context, service, address)) {
        return address;
      }
    }
    throw new Failure.Internal("failed to allocate a serviceIP: range is full").toException();
  }

  private String at(long offset) {
    byte[] number = range.network().number().add(BigInteger.valueOf(offset)).toByteArray();
    byte[] bytes = new byte[range.network().bytes().length];
    int length = Math.min(number.length, bytes.length);
    System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
    return Addresses.print(bytes);
  }

  private boolean take(RequestContext context, ObjectValue service, String address) {
    if (context.dryRun()) {
      return objects.get().find(IP_ADDRESSES, "", address).isEmpty();
    }
    ObjectValue labels =
        ObjectValue.ofStrings(
            new java.util.TreeMap<>(
                Map.of("ipaddress.kubernetes.io/ip-family", family(), "ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io")));
    ObjectValue parent =
        ObjectValue.builder()
            .put("resource", "services")
            .put("namespace", context.info().namespace())
            .put("name", service.string("metadata", "name"))
            .build();
    ObjectValue object =
        ObjectValue.builder()
            .put("kind", "IPAddress")
            .put("apiVersion", "networking.k8s.io/v1")
            .put("metadata", ObjectValue.builder().put("name", address).put("labels", labels).build())
            .put("spec", ObjectValue.of("parentRef", parent))
            .build();
    try {
      objects.get().create(context, IP_ADDRESSES, object);
      return true;
    } catch (ApiException e) {
      if (e.status().reason().equals("AlreadyExists")) {
        return false;
      }
      throw e;
    }
  }

  private static List<Integer> portsOf(ObjectValue service) {
    var all = new ArrayList<Integer>();
    service.list("spec", "ports").objects().forEach(port -> all.add((int) port.integer(0, "nodePort")));
    all.add((int) service.integer(0, "spec", "healthCheckNodePort"));
    all.removeIf(port -> port <= 0);
    return all;
  }

  private boolean isInRange(long port) {
    return port >= portMin && port <= portMax;
  }

  /// The node ports that services have, as a map begins with.
  private BitSet usedPorts() {
    var used = new BitSet();
    objects.get().list(SERVICES, "").forEach(service -> mark(used, portsOf(service)));
    return used;
  }

  private void mark(BitSet set, List<Integer> all) {
    all.stream().filter(this::isInRange).forEach(port -> set.set(port - portMin));
  }

  /// Takes the ports that services have and the map has not, and gives back those that no service had at three repairs in a row:
  /// a server may have ended between taking one and storing its service. To be called every few minutes.
  /// Source: pkg/registry/core/service/portallocator/controller/repair.go.
  public synchronized void repair() {
    BitSet seen = ports.change(taken -> (BitSet) taken.clone());
    // After the map was looked at: a service that is stored by now took its ports before.
    BitSet used = usedPorts();
    var unused = (BitSet) seen.clone();
    unused.andNot(used);
    leaks.keySet().removeIf(bit -> !unused.get(bit));
    var leaked = new BitSet();
    unused.stream()
        .forEach(
            bit -> {
              if (leaks.merge(bit, 1, Integer::sum) >= REPAIRS_BEFORE_RELEASE) {
                leaked.set(bit);
                leaks.remove(bit);
              }
            });
    var missing = (BitSet) used.clone();
    missing.andNot(seen);
    if (!leaked.isEmpty() || !missing.isEmpty()) {
      ports.change(
          taken -> {
            taken.andNot(leaked);
            taken.or(missing);
            return true;
          });
    }
  }

  private ObjectValue withPorts(RequestContext context, ObjectValue service, ObjectValue old) {
    ObjectValue spec = service.object("spec");
    boolean needed = ServiceRules.needsNodePort(service);
    boolean checked = ServiceValidation.needsHealthCheck(service);
    if (!needed && !checked) {
      return service;
    }
    return ports.change(
        taken -> {
          // Its own ports are free for it to keep, and stay taken in the map whatever becomes of this write.
          var tried = (BitSet) taken.clone();
          portsOf(old).stream().filter(this::isInRange).forEach(port -> tried.clear(port - portMin));
          ObjectValue filled = spec;
          if (needed) {
            boolean wanted = ServiceValidation.isType(service, "NodePort") || spec.bool("allocateLoadBalancerNodePorts");
            List<ObjectValue> all = spec.list("ports").objects();
            boolean created = old.isEmpty();
            ListValue given = created ? newPorts(service, all, wanted, tried) : changedPorts(service, old, all, wanted, tried);
            filled = filled.with("ports", given);
          }
          if (checked) {
            filled = healthPort(filled, tried);
          }
          if (!context.dryRun()) {
            taken.or(tried);
          }
          return service.with("spec", filled);
        });
  }

  /// The ports of a new service: those that serve one number by several protocols share a node port.
  private ListValue newPorts(ObjectValue service, List<ObjectValue> all, boolean wanted, BitSet taken) {
    var out = new ArrayList<io.thyra.model.Value>();
    Map<Long, Long> shared = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      ObjectValue port = all.get(i);
      long number = port.integer(0, "port");
      long asked = port.integer(0, "nodePort");
      Long known = shared.get(number);
      if (asked == 0 && !wanted) {
        out.add(port);
      } else if (known == null) {
        long told = requested(number, all);
        long given = told == 0 ? free(taken) : take(service, i, told, taken);
        shared.put(number, given);
        out.add(port.with("nodePort", given));
      } else if (asked == 0) {
        out.add(port.with("nodePort", known));
      } else {
        out.add(asked == known ? port : port.with("nodePort", take(service, i, asked, taken)));
      }
    }
    return new ListValue(out);
  }

  private static long requested(long number, List<ObjectValue> all) {
    return all.stream()
        .filter(port -> port.integer(0, "port") == number)
        .mapToLong(port -> port.integer(0, "nodePort"))
        .filter(told -> told != 0)
        .findFirst()
        .orElse(0);
  }

  /// The ports of a changed service, which keeps those that it has; each once for a protocol.
  private ListValue changedPorts(ObjectValue service, ObjectValue old, List<ObjectValue> all, boolean wanted, BitSet taken) {
    var out = new ArrayList<io.thyra.model.Value>();
    Set<Long> held = new HashSet<>();
    old.list("spec", "ports").objects().forEach(port -> held.add(port.integer(0, "nodePort")));
    Set<String> given = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      ObjectValue port = all.get(i);
      long asked = port.integer(0, "nodePort");
      if (asked == 0 && !wanted) {
        out.add(port);
        continue;
      }
      long number = asked;
      if (asked == 0) {
        number = free(taken);
      } else if (held.add(asked)) {
        take(service, i, asked, taken);
      } else if (isInRange(asked)) {
        taken.set((int) asked - portMin);
      }
      String told = port.string("protocol") + " " + number;
      if (!given.add(told)) {
        throw new Failure.Unclassified(500, "duplicate nodePort: {" + told + "}").toException();
      }
      out.add(port.with("nodePort", number));
    }
    return new ListValue(out);
  }

  private long take(ObjectValue service, int index, long asked, BitSet taken) {
    String why = "";
    if (!isInRange(asked)) {
      why = "provided port is not in the valid range. The range of valid ports is " + portMin + "-" + portMax;
    } else if (taken.get((int) asked - portMin)) {
      why = "provided port is already allocated";
    }
    if (!why.isEmpty()) {
      throw invalid(service, List.of(FieldError.invalid(SPEC.child("ports").index(index).child("nodePort"), asked, why)));
    }
    taken.set((int) asked - portMin);
    return asked;
  }

  private ObjectValue healthPort(ObjectValue spec, BitSet taken) {
    long asked = spec.integer(0, "healthCheckNodePort");
    if (asked == 0) {
      return spec.with("healthCheckNodePort", free(taken));
    }
    if (!isInRange(asked) || taken.get((int) asked - portMin)) {
      String why =
          isInRange(asked)
              ? "provided port is already allocated"
              : "provided port is not in the valid range. The range of valid ports is " + portMin + "-" + portMax;
      throw new Failure.Internal("failed to allocate requested HealthCheck NodePort " + asked + ": " + why).toException();
    }
    taken.set((int) asked - portMin);
    return spec;
  }

  private long free(BitSet taken) {
    int size = portMax - portMin + 1;
    int start = random.nextInt(size);
    for (int i = 0; i < size; i++) {
      int bit = (start + i) % size;
      if (!taken.get(bit)) {
        taken.set(bit);
        return portMin + bit;
      }
    }
    throw new Failure.Internal("failed to allocate a nodePort: range is full").toException();
  }
}
