package io.thyra.controllers;

import io.thyra.groups.core.AddressObjects;
import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps services and the IPAddress objects that stand for their cluster addresses in step: an address that a service has is taken
/// in its name, one that no service has is given back. A write that is under way is left alone for as long as it may take.
/// Source: pkg/registry/core/service/ipallocator/controller/repairip.go.
final class AddressRepair extends Loop {
  private static final Logger LOG = LoggerFactory.getLogger(AddressRepair.class);
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource ADDRESSES = AddressObjects.ADDRESSES;
  private static final String EVERYTHING = "everything";
  private static final Duration RESYNC = Duration.ofMinutes(3);
  // The longest that a request may take, and what an update takes between its two objects.
  private static final Duration CREATE_GRACE = Duration.ofSeconds(60);
  private static final Duration UPDATE_GRACE = Duration.ofSeconds(5);

  private final Registry registry;

  AddressRepair(Registry registry) {
    super("service-address-repair");
    this.registry = registry;
  }

  @Override
  void follow() {
    follow(
        registry.findStore(SERVICES).orElseThrow().cache(),
        object -> queue.add("service/" + object.namespace() + "/" + object.name()),
        _ -> {});
    follow(registry.findStore(ADDRESSES).orElseThrow().cache(), object -> queue.add("address/" + object.name()), _ -> {});
    queue.addAfter(EVERYTHING, RESYNC);
  }

  @Override
  void reconcile(String key) {
    String[] parts = key.split("/");
    switch (parts[0]) {
      case "service" -> registry.peek(SERVICES, parts[1], parts[2]).ifPresent(this::repairService);
      case "address" -> registry.peek(ADDRESSES, "", parts[1]).ifPresent(address -> repairAddress(key, address));
      default -> {
        registry.peekAll(SERVICES, "").forEach(service -> queue.add("service/" + namespace(service) + "/" + name(service)));
        registry.peekAll(ADDRESSES, "").forEach(address -> queue.add("address/" + name(address)));
        queue.addAfter(EVERYTHING, RESYNC);
      }
    }
  }

  private void repairService(ObjectValue service) {
    if (service.string("spec", "type").equals("ExternalName")) {
      return;
    }
    for (String text : service.list("spec", "clusterIPs").strings()) {
      Optional<String> address = AddressObjects.name(text);
      if (address.isEmpty() || !AddressObjects.isOffered(registry.peekAll(AddressObjects.RANGES, ""), text)) {
        continue;
      }
      // As it is now: the cache of addresses may be behind that of services.
      Optional<ObjectValue> held = registry.find(ADDRESSES, "", address.get());
      if (held.isEmpty()) {
        warn(service, address.get(), "is not allocated");
        create(service, address.get());
      } else if (isForeign(held.get(), service)) {
        warn(service, address.get(), "has a wrong reference");
        delete(held.get());
        create(service, address.get());
      }
    }
  }

  /// Whether the object of an address says something else than that this service has it, and nobody else does.
  private boolean isForeign(ObjectValue held, ObjectValue service) {
    ObjectValue parent = held.object("spec", "parentRef");
    if (!AddressObjects.refersToService(held)) {
      return true;
    }
    boolean own = parent.string("namespace").equals(namespace(service)) && parent.string("name").equals(name(service));
    if (own) {
      return !AddressObjects.isLabelled(held);
    }
    Optional<ObjectValue> other = registry.find(SERVICES, parent.string("namespace"), parent.string("name"));
    if (other.isPresent() && other.get().list("spec", "clusterIPs").strings().contains(name(held))) {
      warn(service, name(held), "was assigned to several services; please recreate the service");
    }
    return other.isEmpty();
  }

  private void repairAddress(String key, ObjectValue address) {
    if (!AddressObjects.isManaged(address)) {
      return;
    }
    ObjectValue parent = address.object("spec", "parentRef");
    if (!AddressObjects.refersToService(address)) {
      delete(address);
      return;
    }
    Optional<ObjectValue> service = registry.find(SERVICES, parent.string("namespace"), parent.string("name"));
    if (service.isPresent() && service.get().list("spec", "clusterIPs").strings().contains(name(address))) {
      return;
    }
    // Where upstream takes the address of a service that grows within its first second, that is given the time, too.
    boolean grows = service.isPresent() && !service.get().string("spec", "type").equals("ExternalName");
    Duration grace = grows ? UPDATE_GRACE : CREATE_GRACE;
    Duration age = Duration.between(created(address), registry.clock().instant());
    if (age.compareTo(grace) < 0) {
      queue.addAfter(key, grace.minus(age));
      return;
    }
    LOG.atInfo().addKeyValue("address", name(address)).log("no service has it: given back");
    delete(address);
  }

  private void create(ObjectValue service, String address) {
    try {
      registry.create(Registry.SYSTEM_ACTOR, ADDRESSES, AddressObjects.of(service, namespace(service), address));
    } catch (ApiException e) {
      if (!e.status().reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }

  private void delete(ObjectValue address) {
    unlessGone(() -> registry.delete(Registry.SYSTEM, ADDRESSES, "", name(address), DeleteTerms.NONE));
  }

  private static void warn(ObjectValue service, String address, String what) {
    LOG.atWarn()
        .addKeyValue("namespace", namespace(service))
        .addKeyValue("service", name(service))
        .log("the cluster address {} {}", address, what);
  }

  private static Instant created(ObjectValue object) {
    return Instant.parse(object.string("metadata", "creationTimestamp"));
  }

  private static String namespace(ObjectValue object) {
    return object.string("metadata", "namespace");
  }

  private static String name(ObjectValue object) {
    return object.string("metadata", "name");
  }
}
