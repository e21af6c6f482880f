package io.thyra.groups.discovery;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.List;

/// `discovery.k8s.io`: endpoint slices.
public final class DiscoveryGroup {
  private DiscoveryGroup() {}

  public static void declare(Group group) {
    group.resource(
        "endpointslices",
        r -> {
          r.columns(DiscoveryGroup::columns);
          SliceRules.declare(r);
        });
  }

  private static TableColumns columns(Columns columns) {
    String slice = "discovery.v1.EndpointSlice";
    return columns
        .text("AddressType", columns.doc(slice, "addressType"), o -> o.string("addressType"))
        .text(
            "Ports",
            columns.doc(slice, "ports"),
            o -> Cells.some(o.list("ports").objects().stream().map(DiscoveryGroup::port).toList()))
        .text("Endpoints", columns.doc(slice, "endpoints"), o -> Cells.some(addresses(o)))
        .age()
        .build();
  }

  private static String port(ObjectValue port) {
    return Cells.plain(port.get("port"), Cells.plain(port.get("name"), "*"));
  }

  private static List<String> addresses(ObjectValue slice) {
    return slice.list("endpoints").objects().stream().flatMap(e -> e.list("addresses").strings().stream()).toList();
  }
}
