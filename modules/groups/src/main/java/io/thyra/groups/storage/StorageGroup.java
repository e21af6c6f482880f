package io.thyra.groups.storage;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.model.ObjectValue;
import io.thyra.registry.ResourceDefinition.Deletion;
import io.thyra.registry.TableColumns;

/// `storage.k8s.io`: classes, drivers and what is attached where.
public final class StorageGroup {
  private static final String[] DEFAULT_CLASS = {
    "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"
  };

  private StorageGroup() {}

  public static void declare(Group group) {
    group.resource(
        "storageclasses",
        r -> {
          r.allColumns(StorageGroup::storageClass).deletion(Deletion.ANSWERS_WITH_OBJECT);
          ClassRules.declareStorageClass(r);
        });
    group.resource(
        "volumeattributesclasses",
        r -> {
          r.columns(
              c -> c.text("DriverName", c.doc("storage.v1.VolumeAttributesClass", "driverName"), o -> o.string("driverName")).age().build());
          r.deletion(Deletion.ANSWERS_WITH_OBJECT);
          ClassRules.declareAttributesClass(r);
        });
    group.resource(
        "volumeattachments",
        r -> {
          r.columns(StorageGroup::attachment).deletion(Deletion.ANSWERS_WITH_OBJECT);
          AttachmentRules.declare(r);
        });
    group.resource(
        "csinodes",
        r -> {
          r.columns(
              c ->
                  c.number(
                          "Drivers",
                          "Drivers indicates the number of CSI drivers registered on the node",
                          o -> o.list("spec", "drivers").size())
                      .age()
                      .build());
          r.deletion(Deletion.ANSWERS_WITH_OBJECT);
          DriverRules.declareNode(r);
        });
    group.resource(
        "csidrivers",
        r -> {
          r.columns(StorageGroup::driver).deletion(Deletion.ANSWERS_WITH_OBJECT);
          DriverRules.declareDriver(r);
        });
    group.resource(
        "csistoragecapacities",
        DriverRules::declareCapacity);
  }

  private static TableColumns storageClass(Columns columns) {
    String type = "storage.v1.StorageClass";
    return columns
        .name(StorageGroup::className)
        .text("Provisioner", columns.doc(type, "provisioner"), o -> o.string("provisioner"))
        .text("ReclaimPolicy", columns.doc(type, "reclaimPolicy"), o -> Cells.plain(o.get("reclaimPolicy"), "Delete"))
        .text("VolumeBindingMode", columns.doc(type, "volumeBindingMode"), o -> Cells.plain(o.get("volumeBindingMode"), "Immediate"))
        .cell(
            "AllowVolumeExpansion",
            "string",
            columns.doc(type, "allowVolumeExpansion"),
            (o, _) -> io.thyra.model.Value.of(o.bool("allowVolumeExpansion")))
        .age()
        .build();
  }

  private static String className(ObjectValue object) {
    String name = object.string("metadata", "name");
    for (String annotation : DEFAULT_CLASS) {
      if (object.object("metadata", "annotations").string(annotation).equals("true")) {
        return name + " (default)";
      }
    }
    return name;
  }

  private static TableColumns attachment(Columns columns) {
    String spec = "storage.v1.VolumeAttachmentSpec";
    return columns
        .formatted("Attacher", "name", columns.doc(spec, "attacher"), o -> o.string("spec", "attacher"))
        .text(
            "PV",
            columns.doc("storage.v1.VolumeAttachmentSource", "persistentVolumeName"),
            o -> o.string("spec", "source", "persistentVolumeName"))
        .text("Node", columns.doc(spec, "nodeName"), o -> o.string("spec", "nodeName"))
        .truth("Attached", columns.doc("storage.v1.VolumeAttachmentStatus", "attached"), o -> o.bool("status", "attached"))
        .age()
        .build();
  }

  private static TableColumns driver(Columns columns) {
    String spec = "storage.v1.CSIDriverSpec";
    return columns
        .truth(
            "AttachRequired",
            columns.doc(spec, "attachRequired"),
            o -> !o.object("spec").has("attachRequired") || o.bool("spec", "attachRequired"))
        .truth("PodInfoOnMount", columns.doc(spec, "podInfoOnMount"), o -> o.bool("spec", "podInfoOnMount"))
        .truth("StorageCapacity", columns.doc(spec, "storageCapacity"), o -> o.bool("spec", "storageCapacity"))
        .text(
            "TokenRequests",
            columns.doc(spec, "tokenRequests"),
            o -> o.object("spec").has("tokenRequests") ? Cells.joined(o.list("spec", "tokenRequests"), "audience") : Cells.UNSET)
        .truth("RequiresRepublish", columns.doc(spec, "requiresRepublish"), o -> o.bool("spec", "requiresRepublish"))
        .text(
            "Modes",
            columns.doc(spec, "volumeLifecycleModes"),
            o -> Cells.orNone(String.join(",", o.list("spec", "volumeLifecycleModes").strings())))
        .age()
        .build();
  }
}
