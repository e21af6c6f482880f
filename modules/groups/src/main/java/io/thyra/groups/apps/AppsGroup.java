package io.thyra.groups.apps;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.core.CoreColumns;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.util.Locale;

/// `apps/v1`: Deployments, StatefulSets, DaemonSets, ReplicaSets and ControllerRevisions.
public final class AppsGroup {
  private static final String[] CONTAINERS = {"spec", "template", "spec", "containers"};

  private AppsGroup() {}

  public static void declare(Group group, PodTemplates templates) {
    group.resource(
        "deployments",
        r -> {
          r.columns(AppsGroup::deployment).scale(AppsGroup::selector);
          DeploymentRules.declareDeployment(r, templates);
        });
    group.resource(
        "statefulsets",
        r -> {
          r.columns(AppsGroup::statefulSet).scale(AppsGroup::selector);
          StatefulSetRules.declare(r, templates);
        });
    group.resource(
        "daemonsets",
        r -> {
          r.columns(AppsGroup::daemonSet);
          DaemonSetRules.declare(r, templates);
        });
    group.resource(
        "replicasets",
        r -> {
          r.columns(AppsGroup::replicaSet).scale(AppsGroup::selector);
          DeploymentRules.declareReplicaSet(r, templates);
        });
    group.resource(
        "controllerrevisions",
        r -> {
          r.columns(AppsGroup::revision);
          RevisionRules.declare(r);
        });
  }

  private static String selector(ObjectValue object) {
    String text = Cells.selector(object.at("spec", "selector"));
    return text.equals(Cells.NONE) ? "" : text;
  }

  private static TableColumns deployment(Columns columns) {
    String status = "apps.v1.DeploymentStatus";
    columns
        .text("Ready", "Number of the pod with ready state", AppsGroup::readyOfWanted)
        .count("Up-to-date", columns.doc(status, "updatedReplicas"), CoreColumns.count("status", "updatedReplicas"))
        .count("Available", columns.doc(status, "availableReplicas"), CoreColumns.count("status", "availableReplicas"))
        .age()
        .wide();
    return CoreColumns.containers(columns, CONTAINERS)
        .text("Selector", columns.doc("apps.v1.DeploymentSpec", "selector"), AppsGroup::selector)
        .build();
  }

  private static String readyOfWanted(ObjectValue object) {
    return object.integer(0, "status", "readyReplicas") + "/" + object.integer(0, "spec", "replicas");
  }

  private static TableColumns statefulSet(Columns columns) {
    columns.text("Ready", "Number of the pod with ready state", AppsGroup::readyOfWanted).age().wide();
    return CoreColumns.containers(columns, CONTAINERS).build();
  }

  private static TableColumns daemonSet(Columns columns) {
    String status = "apps.v1.DaemonSetStatus";
    columns
        .number("Desired", columns.doc(status, "desiredNumberScheduled"), CoreColumns.count("status", "desiredNumberScheduled"))
        .number("Current", columns.doc(status, "currentNumberScheduled"), CoreColumns.count("status", "currentNumberScheduled"))
        .number("Ready", columns.doc(status, "numberReady"), CoreColumns.count("status", "numberReady"))
        .number("Up-to-date", columns.doc(status, "updatedNumberScheduled"), CoreColumns.count("status", "updatedNumberScheduled"))
        .number("Available", columns.doc(status, "numberAvailable"), CoreColumns.count("status", "numberAvailable"))
        .text(
            "Node Selector",
            columns.doc("core.v1.PodSpec", "nodeSelector"),
            o -> Cells.labels(o.object("spec", "template", "spec", "nodeSelector")))
        .age()
        .wide();
    return CoreColumns.containers(columns, CONTAINERS)
        .text("Selector", columns.doc("apps.v1.DaemonSetSpec", "selector"), o -> Cells.selector(o.at("spec", "selector")))
        .build();
  }

  private static TableColumns replicaSet(Columns columns) {
    String status = "apps.v1.ReplicaSetStatus";
    columns
        .number("Desired", columns.doc("apps.v1.ReplicaSetSpec", "replicas"), CoreColumns.count("spec", "replicas"))
        .number("Current", columns.doc(status, "replicas"), CoreColumns.count("status", "replicas"))
        .number("Ready", columns.doc(status, "readyReplicas"), CoreColumns.count("status", "readyReplicas"))
        .age()
        .wide();
    return CoreColumns.containers(columns, CONTAINERS)
        .text("Selector", columns.doc("apps.v1.ReplicaSetSpec", "selector"), o -> Cells.selector(o.at("spec", "selector")))
        .build();
  }

  private static TableColumns revision(Columns columns) {
    return columns
        .text("Controller", "Controller of the object", AppsGroup::controller)
        .cell(
            "Revision",
            "string",
            columns.doc("apps.v1.ControllerRevision", "revision"),
            (o, _) -> io.thyra.model.Value.of(o.integer(0, "revision")))
        .age()
        .build();
  }

  private static String controller(ObjectValue object) {
    for (ObjectValue owner : object.list("metadata", "ownerReferences").objects()) {
      if (owner.bool("controller")) {
        String version = owner.string("apiVersion");
        int slash = version.indexOf('/');
        String kind = owner.string("kind") + (slash < 0 ? "" : "." + version.substring(0, slash));
        return kind.toLowerCase(Locale.ROOT) + "/" + owner.string("name");
      }
    }
    return Cells.NONE;
  }
}
