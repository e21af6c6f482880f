package io.thyra.groups.core;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/// How the kinds of the core group are shown. Source: pkg/printers/internalversion/printers.go.
public final class CoreColumns {
  private static final String CONTAINERS = "Names of each container in the template.";
  private static final String IMAGES = "Images referenced by each container in the template.";

  private CoreColumns() {}

  /// A number at a path, 0 where there is none.
  public static ToLongFunction<ObjectValue> count(String... path) {
    return object -> object.integer(0, path);
  }

  /// The names and images of the containers of a template at a path.
  public static Columns containers(Columns columns, String... path) {
    return columns
        .text("Containers", CONTAINERS, o -> Cells.joined(o.list(path), "name"))
        .text("Images", IMAGES, o -> Cells.joined(o.list(path), "image"));
  }

  static TableColumns podTemplate(Columns columns) {
    return containers(columns, "template", "spec", "containers")
        .text("Pod Labels", "The labels for the pod template.", o -> Cells.labels(o.object("template", "metadata", "labels")))
        .build();
  }

  static TableColumns replicationController(Columns columns) {
    columns
        .number("Desired", columns.doc("core.v1.ReplicationControllerSpec", "replicas"), o -> o.integer(0, "spec", "replicas"))
        .number("Current", columns.doc("core.v1.ReplicationControllerStatus", "replicas"), o -> o.integer(0, "status", "replicas"))
        .number("Ready", columns.doc("core.v1.ReplicationControllerStatus", "readyReplicas"), o -> o.integer(0, "status", "readyReplicas"))
        .age()
        .wide();
    return containers(columns, "spec", "template", "spec", "containers")
        .text("Selector", columns.doc("core.v1.ReplicationControllerSpec", "selector"), o -> Cells.labels(o.object("spec", "selector")))
        .build();
  }

  static TableColumns service(Columns columns) {
    String spec = "core.v1.ServiceSpec";
    return columns
        .text("Type", columns.doc(spec, "type"), o -> o.string("spec", "type"))
        .text("Cluster-IP", columns.doc(spec, "clusterIP"), CoreColumns::clusterAddress)
        .text("External-IP", columns.doc(spec, "externalIPs"), CoreColumns::externalAddresses)
        .text("Port(s)", columns.doc(spec, "ports"), CoreColumns::ports)
        .age()
        .wide()
        .text("Selector", columns.doc(spec, "selector"), o -> Cells.labels(o.object("spec", "selector")))
        .build();
  }

  private static String clusterAddress(ObjectValue service) {
    ListValue addresses = service.list("spec", "clusterIPs");
    return addresses.isEmpty() ? Cells.NONE : addresses.strings().getFirst();
  }

  private static String externalAddresses(ObjectValue service) {
    String external = String.join(",", service.list("spec", "externalIPs").strings());
    return switch (service.string("spec", "type")) {
      case "ClusterIP", "NodePort" -> Cells.orNone(external);
      case "LoadBalancer" -> {
        String balancer = Cells.loadBalancer(service.list("status", "loadBalancer", "ingress"));
        if (!external.isEmpty()) {
          yield balancer.isEmpty() ? external : balancer + "," + external;
        }
        yield balancer.isEmpty() ? "<pending>" : balancer;
      }
      case "ExternalName" -> service.string("spec", "externalName");
      default -> Cells.UNKNOWN;
    };
  }

  private static String ports(ObjectValue service) {
    var out = new ArrayList<String>();
    for (ObjectValue port : service.list("spec", "ports").objects()) {
      long node = port.integer(0, "nodePort");
      out.add(port.integer(0, "port") + (node > 0 ? ":" + node : "") + "/" + port.string("protocol"));
    }
    return Cells.orNone(String.join(",", out));
  }

  static TableColumns endpoints(Columns columns) {
    return columns.text("Endpoints", columns.doc("core.v1.Endpoints", "subsets"), CoreColumns::subsets).age().build();
  }

  private static String subsets(ObjectValue endpoints) {
    List<ObjectValue> subsets = endpoints.list("subsets").objects();
    if (subsets.isEmpty()) {
      return Cells.NONE;
    }
    var all = new ArrayList<String>();
    for (ObjectValue subset : subsets) {
      List<ObjectValue> addresses = subset.list("addresses").objects();
      List<ObjectValue> ports = subset.list("ports").objects();
      if (ports.isEmpty()) {
        addresses.forEach(address -> all.add(address.string("ip")));
      }
      for (ObjectValue port : ports) {
        addresses.forEach(address -> all.add(hostPort(address.string("ip"), port.integer(0, "port"))));
      }
    }
    String shown = String.join(",", all.subList(0, Math.min(3, all.size())));
    return all.size() > 3 ? shown + " + " + (all.size() - 3) + " more..." : shown;
  }

  private static String hostPort(String host, long port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  static TableColumns node(Columns columns) {
    String info = "core.v1.NodeSystemInfo";
    String addresses = columns.doc("core.v1.NodeStatus", "addresses");
    return columns
        .text("Status", "The status of the node", CoreColumns::nodeStatus)
        .text("Roles", "The roles of the node", CoreColumns::nodeRoles)
        .age()
        .text("Version", columns.doc(info, "kubeletVersion"), o -> o.string("status", "nodeInfo", "kubeletVersion"))
        .wide()
        .text("Internal-IP", addresses, o -> nodeAddress(o, "InternalIP"))
        .text("External-IP", addresses, o -> nodeAddress(o, "ExternalIP"))
        .text("OS-Image", columns.doc(info, "osImage"), o -> orUnknown(o.string("status", "nodeInfo", "osImage")))
        .text("Kernel-Version", columns.doc(info, "kernelVersion"), CoreColumns::kernel)
        .text(
            "Container-Runtime",
            columns.doc(info, "containerRuntimeVersion"),
            o -> orUnknown(o.string("status", "nodeInfo", "containerRuntimeVersion")))
        .build();
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? Cells.UNKNOWN : text;
  }

  private static String kernel(ObjectValue node) {
    String architecture = node.string("status", "nodeInfo", "architecture");
    String kernel = orUnknown(node.string("status", "nodeInfo", "kernelVersion"));
    return architecture.isEmpty() ? kernel : kernel + " (" + architecture + ")";
  }

  private static String nodeAddress(ObjectValue node, String type) {
    return node.list("status", "addresses").objects().stream()
        .filter(a -> a.string("type").equals(type))
        .findFirst()
        .map(a -> a.string("address"))
        .orElse(Cells.NONE);
  }

  private static String nodeStatus(ObjectValue node) {
    // The last condition of a type counts, as in a map.
    String ready =
        node.list("status", "conditions").objects().stream()
            .filter(c -> c.string("type").equals("Ready"))
            .reduce((_, last) -> last)
            .map(c -> c.string("status").equals("True") ? "Ready" : "NotReady")
            .orElse("Unknown");
    return node.bool("spec", "unschedulable") ? ready + ",SchedulingDisabled" : ready;
  }

  private static String nodeRoles(ObjectValue node) {
    var roles = new TreeSet<String>();
    node.object("metadata", "labels")
        .strings()
        .forEach(
            (key, value) -> {
              String prefix = "node-role.kubernetes.io/";
              if (key.startsWith(prefix)) {
                roles.add(key.substring(prefix.length()));
              } else if (key.equals("kubernetes.io/role")) {
                roles.add(value);
              }
            });
    roles.remove("");
    return Cells.orNone(String.join(",", roles));
  }

  public static TableColumns event(Columns columns) {
    String event = "core.v1.Event";
    return columns
        .cell("Last Seen", "string", columns.doc(event, "lastTimestamp"), (o, now) -> Cells.text(lastSeen(o, now)))
        .text("Type", columns.doc(event, "type"), o -> o.string("type"))
        .text("Reason", columns.doc(event, "reason"), o -> o.string("reason"))
        .text("Object", columns.doc(event, "involvedObject"), CoreColumns::involved)
        .wide()
        .text("Subobject", columns.doc("core.v1.ObjectReference", "fieldPath"), o -> o.string("involvedObject", "fieldPath"))
        .text("Source", columns.doc(event, "source"), CoreColumns::source)
        .normal()
        .text("Message", columns.doc(event, "message"), o -> o.string("message").strip())
        .wide()
        .cell("First Seen", "string", columns.doc(event, "firstTimestamp"), (o, now) -> Cells.text(firstSeen(o, now)))
        .cell("Count", "string", columns.doc(event, "count"), (o, _) -> io.thyra.model.Value.of(count(o)))
        .name()
        .build();
  }

  private static String firstSeen(ObjectValue event, Instant now) {
    String first = event.string("firstTimestamp");
    return Cells.since(first.isEmpty() ? event.string("eventTime") : first, now);
  }

  private static String lastSeen(ObjectValue event, Instant now) {
    if (event.get("series") instanceof ObjectValue series) {
      return Cells.since(series.string("lastObservedTime"), now);
    }
    String last = event.string("lastTimestamp");
    return last.isEmpty() ? firstSeen(event, now) : Cells.since(last, now);
  }

  private static long count(ObjectValue event) {
    if (event.get("series") instanceof ObjectValue series) {
      return series.integer(0, "count");
    }
    return Math.max(1, event.integer(0, "count"));
  }

  private static String involved(ObjectValue event) {
    String kind = event.string("involvedObject", "kind").toLowerCase(Locale.ROOT);
    String name = event.string("involvedObject", "name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String source(ObjectValue event) {
    String component = firstOf(event.string("source", "component"), event.string("reportingComponent"));
    String instance = firstOf(event.string("source", "host"), event.string("reportingInstance"));
    return instance.isEmpty() ? component : component + ", " + instance;
  }

  private static String firstOf(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  static TableColumns volume(Columns columns) {
    String spec = "core.v1.PersistentVolumeSpec";
    String status = "core.v1.PersistentVolumeStatus";
    return columns
        .text("Capacity", columns.doc(spec, "capacity"), o -> Cells.quantity(o.object("spec", "capacity"), "storage"))
        .text("Access Modes", columns.doc(spec, "accessModes"), o -> Cells.accessModes(o.list("spec", "accessModes")))
        .text("Reclaim Policy", columns.doc(spec, "persistentVolumeReclaimPolicy"), o -> o.string("spec", "persistentVolumeReclaimPolicy"))
        .text("Status", columns.doc(status, "phase"), CoreColumns::phase)
        .text("Claim", columns.doc(spec, "claimRef"), CoreColumns::claim)
        .text("StorageClass", "StorageClass of the pv", CoreColumns::storageClass)
        .text("VolumeAttributesClass", "VolumeAttributesClass of the pv", o -> orUnset(o, "volumeAttributesClassName"))
        .text("Reason", columns.doc(status, "reason"), o -> o.string("status", "reason"))
        .age()
        .wide()
        .text("VolumeMode", columns.doc(spec, "volumeMode"), o -> orUnset(o, "volumeMode"))
        .build();
  }

  private static String phase(ObjectValue object) {
    return object.string("metadata", "deletionTimestamp").isEmpty() ? object.string("status", "phase") : "Terminating";
  }

  private static String claim(ObjectValue volume) {
    return volume.object("spec").get("claimRef") instanceof ObjectValue claim
        ? claim.string("namespace") + "/" + claim.string("name")
        : "";
  }

  private static String storageClass(ObjectValue object) {
    String annotation = "volume.beta.kubernetes.io/storage-class";
    ObjectValue annotations = object.object("metadata", "annotations");
    return annotations.has(annotation) ? annotations.string(annotation) : object.string("spec", "storageClassName");
  }

  private static String orUnset(ObjectValue object, String field) {
    return Cells.plain(object.at("spec", field), Cells.UNSET);
  }

  static TableColumns claim(Columns columns) {
    String spec = "core.v1.PersistentVolumeClaimSpec";
    String status = "core.v1.PersistentVolumeClaimStatus";
    return columns
        .text("Status", columns.doc(status, "phase"), CoreColumns::phase)
        .text("Volume", columns.doc(spec, "volumeName"), o -> o.string("spec", "volumeName"))
        .text(
            "Capacity",
            columns.doc(status, "capacity"),
            o -> isBound(o) ? Cells.quantity(o.object("status", "capacity"), "storage") : "")
        .text(
            "Access Modes",
            columns.doc(status, "accessModes"),
            o -> isBound(o) ? Cells.accessModes(o.list("status", "accessModes")) : "")
        .text("StorageClass", "StorageClass of the pvc", CoreColumns::storageClass)
        .text("VolumeAttributesClass", "VolumeAttributesClass of the pvc", o -> orUnset(o, "volumeAttributesClassName"))
        .age()
        .wide()
        .text("VolumeMode", columns.doc(spec, "volumeMode"), o -> orUnset(o, "volumeMode"))
        .build();
  }

  private static boolean isBound(ObjectValue claim) {
    return !claim.string("spec", "volumeName").isEmpty();
  }

  static TableColumns quota(Columns columns) {
    return columns
        .text(
            "Request",
            "Request represents a minimum amount of cpu/memory that a container may consume.",
            o -> amounts(o, false))
        .text(
            "Limit",
            "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
            o -> amounts(o, true))
        .age()
        .build();
  }

  private static String amounts(ObjectValue quota, boolean limits) {
    var out = new ArrayList<String>();
    ObjectValue hard = quota.object("status", "hard");
    for (String name : new TreeSet<>(hard.names())) {
      if (name.startsWith("limits.") == limits) {
        out.add(name + ": " + Cells.quantity(quota.object("status", "used"), name) + "/" + Cells.quantity(hard, name));
      }
    }
    return String.join(", ", out);
  }

  static TableColumns component(Columns columns) {
    return columns
        .text("Status", "Status of the component conditions", o -> health(o, "status"))
        .text("Message", "Message of the component conditions", o -> health(o, "message"))
        .text("Error", "Error of the component conditions", o -> health(o, "error"))
        .build();
  }

  private static String health(ObjectValue component, String field) {
    return component.list("conditions").objects().stream()
        .filter(c -> c.string("type").equals("Healthy"))
        .findFirst()
        .map(c -> field.equals("status") ? (c.string("status").equals("True") ? "Healthy" : "Unhealthy") : c.string(field))
        .orElse(field.equals("status") ? "Unknown" : "");
  }
}
