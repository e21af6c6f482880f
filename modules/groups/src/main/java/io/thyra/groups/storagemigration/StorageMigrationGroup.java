package io.thyra.groups.storagemigration;

import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.Set;

/// `storagemigration.k8s.io`: rewriting stored objects in another version.
public final class StorageMigrationGroup {
  private static final Set<String> TOLD = Set.of("Running", "Failed", "Succeeded");

  private StorageMigrationGroup() {}

  public static void declare(Group group) {
    group.resource(
        "storageversionmigrations",
        r -> {
          r.gate("StorageVersionMigrator").allColumns(StorageMigrationGroup::columns);
          MigrationRules.declare(r);
        });
  }

  private static TableColumns columns(Columns columns) {
    return columns
        .formatted(
            "Name", "", columns.doc("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "name"), o -> o.string("metadata", "name"))
        .text("Resource", "GroupResource to migrate", StorageMigrationGroup::resource)
        .text("Status", "Status of the migration", StorageMigrationGroup::status)
        .build();
  }

  private static String resource(ObjectValue migration) {
    String group = migration.string("spec", "resource", "group");
    String resource = migration.string("spec", "resource", "resource");
    return group.isEmpty() ? resource : resource + "." + group;
  }

  private static String status(ObjectValue migration) {
    return migration.list("status", "conditions").objects().stream()
        .filter(c -> c.string("status").equals("True") && TOLD.contains(c.string("type")))
        .map(c -> c.string("type"))
        .reduce((_, last) -> last)
        .orElse("Unknown");
  }
}
