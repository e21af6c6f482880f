package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.UpdateRule;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.RequestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Services on their way in. Source: pkg/registry/core/service/strategy.go and storage/.
final class ServiceRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  private ServiceRules() {}

  static void declare(Group.Declaration r, ServiceAllocators allocators) {
    KindStrategy.Hooks release =
        new KindStrategy.Hooks() {
          @Override
          public void afterUpdate(RequestContext context, ObjectValue service, ObjectValue old) {
            allocators.changed(context, service, old);
          }

          @Override
          public void afterDelete(RequestContext context, ObjectValue service) {
            allocators.release(context, service);
          }

          @Override
          public void abandoned(RequestContext context, ObjectValue service) {
            allocators.release(context, service);
          }

          @Override
          public void abandonedUpdate(RequestContext context, ObjectValue service, ObjectValue old) {
            allocators.changed(context, old, service);
          }
        };
    r.rules()
        .named(Names.DNS_LABEL)
        .createsOnUpdate()
        .dropsStatus()
        .canonical(ServiceRules::shown)
        .onCreate((context, service) -> allocators.allocate(context, fillAddresses(service, null)))
        .onUpdate((context, service, old) -> allocators.reallocate(context, dropUnneeded(keepAllocated(fillAddresses(service, old), old), old), old))
        .createRules((service, _, errors) -> ServiceValidation.check(service, null, errors))
        .contextRules(
            (context, service, errors) -> {
              // What was handed out is given back when the service is refused after all.
              if (!errors.isEmpty()) {
                allocators.release(context, service);
              }
            })
        .updateRules(ServiceRules::change)
        .updateRules((service, old, _, errors) -> ServiceValidation.check(service, old, errors))
        .contextUpdateRules(
            (context, service, old, errors) -> {
              if (!errors.isEmpty()) {
                allocators.changed(context, old, service);
              }
            })
        .warns((service, _) -> warnings(service))
        .hooks(release);
    UpdateRule status = (service, old, _, errors) -> ServiceValidation.status(service, old, errors);
    r.statusRules().named(Names.DNS_LABEL).updateRules(status);
  }

  // Source: pkg/api/service/warnings.go.
  private static List<String> warnings(ObjectValue service) {
    var out = new ArrayList<String>();
    String hints = "service.kubernetes.io/topology-aware-hints";
    if (service.object("metadata", "annotations").has(hints)) {
      out.add("annotation " + hints + " is deprecated, please use service.kubernetes.io/topology-mode instead");
    }
    ObjectValue spec = service.object("spec");
    boolean external = ServiceValidation.isType(service, "ExternalName");
    boolean headless = !external && spec.string("clusterIP").equals("None");
    if (!headless && !external) {
      addresses(spec.list("clusterIPs"), "clusterIPs", out);
    }
    boolean hasExternalIps = !spec.list("externalIPs").isEmpty();
    if (headless) {
      if (!spec.string("loadBalancerIP").isEmpty()) {
        out.add("spec.loadBalancerIP is ignored for headless services");
      }
      if (hasExternalIps) {
        out.add("spec.externalIPs is ignored for headless services");
      }
      if (!spec.string("sessionAffinity").equals("None")) {
        out.add("spec.SessionAffinity is ignored for headless services");
      }
    }
    addresses(spec.list("externalIPs"), "externalIPs", out);
    if (hasExternalIps && !headless && !external) {
      out.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
    }
    if (!spec.string("loadBalancerIP").isEmpty()) {
      out.addAll(IpAddresses.warnings(SPEC.child("loadBalancerIP"), spec.string("loadBalancerIP")));
    }
    List<String> ranges = spec.list("loadBalancerSourceRanges").strings();
    for (int i = 0; i < ranges.size(); i++) {
      out.addAll(IpAddresses.cidrWarnings(SPEC.child("loadBalancerSourceRanges").index(i), ranges.get(i)));
    }
    if (external && hasExternalIps) {
      out.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
    if (!external && !spec.string("externalName").isEmpty()) {
      out.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if (spec.string("trafficDistribution").equals("PreferClose")) {
      out.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }
    return out;
  }

  private static void addresses(ListValue addresses, String field, List<String> out) {
    List<String> all = addresses.strings();
    for (int i = 0; i < all.size(); i++) {
      out.addAll(IpAddresses.warnings(SPEC.child(field).index(i), all.get(i)));
    }
  }

  /// The one address and the list of addresses say the same; an update that leaves both out keeps what there was.
  private static ObjectValue fillAddresses(ObjectValue service, @Nullable ObjectValue old) {
    ObjectValue spec = service.object("spec");
    String address = spec.string("clusterIP");
    ListValue addresses = spec.list("clusterIPs");
    if (old != null) {
      String before = old.string("spec", "clusterIP");
      ListValue all = old.list("spec", "clusterIPs");
      if (addresses.equals(all) && !address.equals(before)) {
        addresses = address.isEmpty() ? ListValue.EMPTY : ListValue.of(new StringValue(address));
      }
      if (!ServiceValidation.isType(service, "ExternalName") && !ServiceValidation.isType(old, "ExternalName")) {
        address = address.isEmpty() ? before : address;
        addresses = addresses.isEmpty() ? all : addresses;
      }
    } else if (addresses.isEmpty() && !address.isEmpty()) {
      addresses = ListValue.of(new StringValue(address));
    }
    if (address.equals(spec.string("clusterIP")) && addresses.equals(spec.list("clusterIPs"))) {
      return service;
    }
    ObjectValue changed = address.isEmpty() ? spec.without("clusterIP") : spec.with("clusterIP", address);
    return service.with("spec", addresses.isEmpty() ? changed.without("clusterIPs") : changed.with("clusterIPs", addresses));
  }

  /// Gives ports that come without their number the one that a port of their name had, unless another port took it.
  private static ObjectValue keepAllocated(ObjectValue service, ObjectValue old) {
    ObjectValue spec = service.object("spec");
    if (needsNodePort(old) && needsNodePort(service)) {
      var kept = new HashSet<>(nodePorts(old));
      kept.retainAll(nodePorts(service));
      var byName = new HashMap<String, Long>();
      old.list("spec", "ports").objects().forEach(port -> byName.put(port.string("name"), port.integer(0, "nodePort")));
      spec =
          spec.changeList(
              "ports",
              ports ->
                  ports.mapObjects(
                      port -> {
                        long before = byName.getOrDefault(port.string("name"), 0L);
                        boolean free = port.integer(0, "nodePort") == 0 && before != 0 && !kept.contains(before);
                        return free ? port.with("nodePort", before) : port;
                      }));
    }
    long health = old.integer(0, "spec", "healthCheckNodePort");
    boolean checked = ServiceValidation.needsHealthCheck(old) && ServiceValidation.needsHealthCheck(service);
    if (checked && health != 0 && spec.integer(0, "healthCheckNodePort") == 0) {
      spec = spec.with("healthCheckNodePort", health);
    }
    return service.with("spec", spec);
  }

  /// Drops what the new type has no use for, when the client only left it as it was.
  private static ObjectValue dropUnneeded(ObjectValue service, ObjectValue old) {
    ObjectValue spec = service.object("spec");
    boolean external = ServiceValidation.isType(service, "ExternalName");
    if (external && !ServiceValidation.isType(old, "ExternalName")) {
      if (same(service, old, "clusterIP") && same(service, old, "clusterIPs")) {
        spec = spec.without("clusterIP").without("clusterIPs");
      }
      spec = same(service, old, "ipFamilies") ? spec.without("ipFamilies") : spec;
      spec = same(service, old, "ipFamilyPolicy") ? spec.without("ipFamilyPolicy") : spec;
    }
    if (needsNodePort(old) && !needsNodePort(service) && nodePorts(old).containsAll(nodePorts(service))) {
      spec = spec.changeList("ports", ports -> ports.mapObjects(port -> port.without("nodePort")));
    }
    if (ServiceValidation.needsHealthCheck(old) && !ServiceValidation.needsHealthCheck(service) && same(service, old, "healthCheckNodePort")) {
      spec = spec.without("healthCheckNodePort");
    }
    boolean balancer = ServiceValidation.isType(service, "LoadBalancer");
    if (ServiceValidation.isType(old, "LoadBalancer") && !balancer) {
      spec = same(service, old, "allocateLoadBalancerNodePorts") ? spec.without("allocateLoadBalancerNodePorts") : spec;
      spec = same(service, old, "loadBalancerClass") ? spec.without("loadBalancerClass") : spec;
    }
    if (ServiceValidation.isReachableFromOutside(old)
        && !ServiceValidation.isReachableFromOutside(service)
        && same(service, old, "externalTrafficPolicy")) {
      spec = spec.without("externalTrafficPolicy");
    }
    ObjectValue changed = service.with("spec", spec);
    return balancer ? changed : changed.change("status", status -> status.with("loadBalancer", ObjectValue.EMPTY));
  }

  /// Upstream stores a policy that external names have no use for, and shows none.
  private static ObjectValue shown(ObjectValue service) {
    return ServiceValidation.isType(service, "ExternalName") ? service.withoutAt("spec", "internalTrafficPolicy") : service;
  }

  private static boolean same(ObjectValue service, ObjectValue old, String field) {
    return Objects.equals(service.at("spec", field), old.at("spec", field));
  }

  static boolean needsNodePort(ObjectValue service) {
    return ServiceValidation.isType(service, "NodePort") || ServiceValidation.isType(service, "LoadBalancer");
  }

  private static List<Long> nodePorts(ObjectValue service) {
    return service.list("spec", "ports").objects().stream().map(p -> p.integer(0, "nodePort")).filter(p -> p != 0).toList();
  }

  private static void change(ObjectValue service, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    AddressRules.change(service, old, errors);
    if (ServiceValidation.isType(old, "LoadBalancer")
        && ServiceValidation.isType(service, "LoadBalancer")
        && !same(service, old, "loadBalancerClass")) {
      errors.add(
          service.object("spec").has("loadBalancerClass")
              ? FieldError.invalid(SPEC.child("loadBalancerClass"), service.string("spec", "loadBalancerClass"), "may not change once set")
              : FieldError.invalidPrinted(SPEC.child("loadBalancerClass"), "null", "may not change once set"));
    }
    ServiceValidation.balancerClass(service, errors);
    if (ServiceValidation.needsHealthCheck(old) && ServiceValidation.needsHealthCheck(service) && !same(service, old, "healthCheckNodePort")) {
      errors.add(FieldError.forbidden(SPEC.child("healthCheckNodePort"), "field is immutable"));
    }
  }
}
