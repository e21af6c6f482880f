package io.thyra.groups.core;

import io.thyra.groups.StoredObjects;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
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

/// Cluster addresses ([ClusterAddresses]) and node ports. A node port is taken by setting its bit in the stored map, so several
/// servers on one store never give one twice. What a service no longer uses is given back after that is stored; what was taken
/// for a write that then failed is given back, too, or found by [#repair] where the server ended in between.
/// Source: pkg/registry/core/service/storage/alloc.go, pkg/registry/core/service/ipallocator.
public final class ClusterAllocators implements ServiceAllocators {
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int REPAIRS_BEFORE_RELEASE = 3;

  // Objects are known once the registry exists, which is made from the groups.
  private final Supplier<StoredObjects> objects;
  private final ClusterAddresses addresses;
  private final int portMin;
  private final int portMax;
  private final RandomGenerator random;
  private final AllocationMap ports;
  // Ports that no service had at the last repairs, and how often; only repair touches it, one at a time.
  private final Map<Integer, Integer> leaks = new HashMap<>();

  /// @param ranges of cluster addresses: one, or two of different families with the default one first
  /// @param portMin the first node port, `portMax` the last
  /// @param ports makes the map of those that are taken from what it begins with
  public ClusterAllocators(
      Supplier<StoredObjects> objects,
      List<Addresses.Range> ranges,
      int portMin,
      int portMax,
      Function<Supplier<BitSet>, AllocationMap> ports,
      RandomGenerator random) {
    this.objects = objects;
    this.addresses = new ClusterAddresses(objects, ranges, random);
    this.portMin = portMin;
    this.portMax = portMax;
    this.ports = ports.apply(this::usedPorts);
    this.random = random;
  }

  @Override
  public ObjectValue allocate(RequestContext context, ObjectValue service) {
    ObjectValue allocated = addresses.allocate(context, service);
    try {
      return withPorts(context, allocated, ObjectValue.EMPTY);
    } catch (ApiException e) {
      // The ports that it asked for may be somebody else's.
      addresses.release(context, allocated);
      throw e;
    }
  }

  @Override
  public ObjectValue reallocate(RequestContext context, ObjectValue service, ObjectValue old) {
    ObjectValue changed = addresses.reallocate(context, service, old);
    try {
      return withPorts(context, changed, old);
    } catch (ApiException e) {
      addresses.changed(context, old, changed);
      throw e;
    }
  }

  @Override
  public void changed(RequestContext context, ObjectValue service, ObjectValue old) {
    if (!context.dryRun()) {
      addresses.changed(context, service, old);
      List<Integer> dropped = portsOf(old);
      dropped.removeAll(portsOf(service));
      releasePorts(dropped);
    }
  }

  @Override
  public void release(RequestContext context, ObjectValue service) {
    if (!context.dryRun()) {
      addresses.release(context, service);
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

  // A service that has no use for them is refused with the ports that it names, which may be somebody else's.
  private static List<Integer> portsOf(ObjectValue service) {
    var all = new ArrayList<Integer>();
    if (ServiceRules.needsNodePort(service)) {
      service.list("spec", "ports").objects().forEach(port -> all.add((int) port.integer(0, "nodePort")));
    }
    if (ServiceValidation.needsHealthCheck(service)) {
      all.add((int) service.integer(0, "spec", "healthCheckNodePort"));
    }
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
      ClusterAddresses.refuse(service, List.of(FieldError.invalid(SPEC.child("ports").index(index).child("nodePort"), asked, why)));
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
