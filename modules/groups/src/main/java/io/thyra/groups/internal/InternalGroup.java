package io.thyra.groups.internal;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.List;

/// `internal.apiserver.k8s.io`: which server stores what in which version.
public final class InternalGroup {
  private InternalGroup() {}

  public static void declare(Group group) {
    group.resource(
        "storageversions",
        r -> {
          r.columns(InternalGroup::columns);
          StorageVersionRules.declare(r);
        });
  }

  private static TableColumns columns(Columns columns) {
    String status = "apiserverinternal.v1alpha1.StorageVersionStatus";
    return columns
        .text(
            "CommonEncodingVersion",
            columns.doc(status, "commonEncodingVersion"),
            o -> Cells.plain(o.at("status", "commonEncodingVersion"), Cells.UNSET))
        .text(
            "StorageVersions",
            columns.doc(status, "storageVersions"),
            o -> Cells.some(o.list("status", "storageVersions").objects().stream().map(InternalGroup::version).toList()))
        .age()
        .build();
  }

  private static String version(ObjectValue version) {
    return version.string("apiServerID") + "=" + version.string("encodingVersion");
  }
}
