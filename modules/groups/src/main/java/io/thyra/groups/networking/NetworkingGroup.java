package io.thyra.groups.networking;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `networking.k8s.io`: ingresses and their classes, network policies, the addresses of services.
public final class NetworkingGroup {
  private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

  private NetworkingGroup() {}

  public static void declare(Group group) {
    group.resource(
        "ingresses",
        r -> {
          r.storedUnder("ingress").columns(NetworkingGroup::ingress);
          IngressRules.declare(r);
        });
    group.resource(
        "ingressclasses",
        r -> {
          r.allColumns(NetworkingGroup::ingressClass);
          ClassRules.declare(r);
        });
    group.resource(
        "networkpolicies",
        r -> {
          r.columns(
              c ->
                  c.text(
                          "Pod-Selector",
                          c.doc("networking.v1.NetworkPolicySpec", "podSelector"),
                          o -> Cells.selector(o.object("spec", "podSelector")))
                      .age()
                      .build());
          PolicyRules.declare(r);
        });
    group.resource(
        "servicecidrs",
        r -> {
          r.columns(
              c ->
                  c.text(
                          "CIDRs",
                          c.doc("networking.v1.ServiceCIDRSpec", "cidrs"),
                          o -> String.join(",", o.list("spec", "cidrs").strings()))
                      .age()
                      .build());
          AddressRules.declareBlocks(r);
        });
    group.resource(
        "ipaddresses",
        r -> {
          r.columns(
              c ->
                  c.text("ParentRef", c.doc("networking.v1.IPAddressSpec", "parentRef"), NetworkingGroup::parent)
                      .spare((o, now) -> Cells.text(Cells.age(o, now)))
                      .build());
          AddressRules.declareAddress(r);
        });
  }

  private static TableColumns ingress(Columns columns) {
    return columns
        .text(
            "Class",
            "The name of the IngressClass resource that should be used for additional configuration",
            o -> Cells.plain(o.at("spec", "ingressClassName"), Cells.NONE))
        .text("Hosts", "Hosts that incoming requests are matched against before the ingress rule", NetworkingGroup::hosts)
        .text(
            "Address",
            "Address is a list containing ingress points for the load-balancer",
            o -> Cells.loadBalancer(o.list("status", "loadBalancer", "ingress")))
        .text("Ports", "Ports of TLS configurations that open", o -> o.list("spec", "tls").isEmpty() ? "80" : "80, 443")
        .age()
        .build();
  }

  // What is left over counts rules, with a host or not, as soon as one comes after the third host.
  private static String hosts(ObjectValue ingress) {
    ListValue rules = ingress.list("spec", "rules");
    var hosts = new ArrayList<String>();
    boolean more = false;
    for (ObjectValue rule : rules.objects()) {
      more |= hosts.size() == 3;
      if (!more && !rule.string("host").isEmpty()) {
        hosts.add(rule.string("host"));
      }
    }
    if (hosts.isEmpty()) {
      return "*";
    }
    String shown = String.join(",", hosts);
    return more ? shown + " + " + (rules.size() - 3) + " more..." : shown;
  }

  private static TableColumns ingressClass(Columns columns) {
    return columns
        .name(
            o -> {
              String name = o.string("metadata", "name");
              return o.object("metadata", "annotations").string(DEFAULT_CLASS).equals("true") ? name + " (default)" : name;
            })
        .text("Controller", "Controller that is responsible for handling this class", o -> o.string("spec", "controller"))
        .text("Parameters", "A reference to a resource with additional parameters", NetworkingGroup::parameters)
        .age()
        .build();
  }

  private static String parameters(ObjectValue ingressClass) {
    if (!(ingressClass.at("spec", "parameters") instanceof ObjectValue parameters)) {
      return Cells.NONE;
    }
    String group = parameters.has("apiGroup") ? "." + parameters.string("apiGroup") : "";
    return parameters.string("kind") + group + "/" + parameters.string("name");
  }

  private static String parent(ObjectValue address) {
    if (!(address.at("spec", "parentRef") instanceof ObjectValue parent)) {
      return Cells.NONE;
    }
    String group = parent.string("group");
    String resource = (parent.string("resource") + (group.isEmpty() ? "" : "." + group)).toLowerCase(Locale.ROOT);
    String namespace = parent.string("namespace");
    return resource + (namespace.isEmpty() ? "" : "/" + namespace) + "/" + parent.string("name");
  }
}
