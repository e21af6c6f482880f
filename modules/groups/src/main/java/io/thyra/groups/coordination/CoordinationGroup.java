package io.thyra.groups.coordination;

import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.core.CoreFields;
import io.thyra.registry.SelectableFields;
import io.thyra.registry.TableColumns;
import java.util.Map;

/// `coordination.k8s.io`: leases and who stands for them.
public final class CoordinationGroup {
  private CoordinationGroup() {}

  public static void declare(Group group) {
    group.resource(
        "leases",
        r -> {
          r.columns(
              c -> c.text("Holder", c.doc("coordination.v1.LeaseSpec", "holderIdentity"), CoreFields.at("spec", "holderIdentity")).age().build());
          LeaseRules.declareLease(r);
        });
    group.resource(
        "leasecandidates",
        r -> {
          r.storedIn("v1beta1").columns(CoordinationGroup::candidate);
          r.selectable(SelectableFields.of(Map.of("spec.leaseName", CoreFields.at("spec", "leaseName"))));
          LeaseRules.declareCandidate(r);
        });
  }

  private static TableColumns candidate(Columns columns) {
    String spec = "coordination.v1alpha2.LeaseCandidateSpec";
    return columns
        .text("LeaseName", columns.doc(spec, "leaseName"), CoreFields.at("spec", "leaseName"))
        .text("BinaryVersion", "", CoreFields.at("spec", "binaryVersion"))
        .text("EmulationVersion", "", CoreFields.at("spec", "emulationVersion"))
        .age()
        .build();
  }
}
