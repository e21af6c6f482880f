package io.thyra.groups.resource;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.core.CoreFields;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.ResourceDefinition.Deletion;
import io.thyra.registry.SelectableFields;
import io.thyra.registry.TableColumns;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// `resource.k8s.io`: devices, and the claims on them.
public final class ResourceGroup {
  private static final SelectableFields SLICE_FIELDS =
      new SelectableFields(
          Map.of("spec.nodeName", CoreFields.at("spec", "nodeName"), "spec.driver", CoreFields.at("spec", "driver")),
          Map.of(),
          label -> "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: " + label);

  private ResourceGroup() {}

  public static void declare(Group group, GroupDependencies needs) {
    group.resource(
        "deviceclasses",
        r -> {
          r.columns(c -> c.age().build()).deletion(Deletion.ANSWERS_WITH_OBJECT);
          SliceRules.declareClass(r);
        });
    group.resource(
        "resourceclaims",
        r -> {
          r.columns(
              c ->
                  c.text("State", "A summary of the current state (allocated, pending, reserved, etc.).", ResourceGroup::state)
                      .age()
                      .build());
          r.deletion(Deletion.ANSWERS_WITH_OBJECT).converts("v1beta1", ResourceConversion::claimToHub, ResourceConversion::claimFromHub);
          ClaimRules.declareClaim(r, needs.objects());
        });
    group.resource(
        "resourceclaimtemplates",
        r -> {
          r.columns(c -> c.age().build()).deletion(Deletion.ANSWERS_WITH_OBJECT);
          r.converts("v1beta1", ResourceConversion::templateToHub, ResourceConversion::templateFromHub);
          ClaimRules.declareTemplate(r, needs.objects());
        });
    group.resource(
        "resourceslices",
        r -> {
          r.columns(ResourceGroup::slice).selectable(SLICE_FIELDS).deletion(Deletion.ANSWERS_WITH_OBJECT);
          r.converts("v1beta1", ResourceConversion::sliceToHub, ResourceConversion::sliceFromHub);
          SliceRules.declareSlice(r);
        });
    group.resource(
        "devicetaintrules",
        r -> {
          r.storedIn("v1alpha3").columns(ResourceGroup::taint).deletion(Deletion.ANSWERS_WITH_OBJECT);
          SliceRules.declareTaintRule(r);
        });
    group.resource(
        "resourcepoolstatusrequests",
        r -> {
          r.storedIn("v1alpha3").columns(ResourceGroup::pools).deletion(Deletion.ANSWERS_WITH_OBJECT);
          PoolStatusRules.declare(r);
        });
  }

  private static String state(ObjectValue claim) {
    boolean deleted = !claim.string("metadata", "deletionTimestamp").isEmpty();
    if (!claim.object("status").has("allocation")) {
      return deleted ? "deleted" : "pending";
    }
    String state = deleted ? "deleted,allocated" : "allocated";
    return claim.list("status", "reservedFor").isEmpty() ? state : state + ",reserved";
  }

  private static TableColumns slice(Columns columns) {
    String spec = "resource.v1.ResourceSliceSpec";
    return columns
        .text("Node", columns.doc(spec, "nodeName"), o -> o.string("spec", "nodeName"))
        .text("Driver", columns.doc(spec, "driver"), o -> o.string("spec", "driver"))
        .text("Pool", columns.doc("resource.v1.ResourcePool", "name"), o -> o.string("spec", "pool", "name"))
        .age()
        .build();
  }

  private static TableColumns taint(Columns columns) {
    String taint = "resource.v1.DeviceTaint";
    return columns
        .text("Key", columns.doc(taint, "key"), o -> o.string("spec", "taint", "key"))
        .text("Value", columns.doc(taint, "value"), o -> o.string("spec", "taint", "value"))
        .text("Effect", columns.doc(taint, "effect"), o -> o.string("spec", "taint", "effect"))
        .cell("TimeAdded", "string", columns.doc(taint, "timeAdded"), (o, now) -> Cells.text(added(o, now)))
        .age()
        .build();
  }

  private static String added(ObjectValue rule, Instant now) {
    String added = rule.string("spec", "taint", "timeAdded");
    return added.isEmpty() ? "" : Cells.since(added, now);
  }

  private static TableColumns pools(Columns columns) {
    return columns
        .text("Driver", "The driver to query pools for.", o -> o.string("spec", "driver"))
        .text("Total", "Total number of devices across all pools.", o -> sum(o, "totalDevices"))
        .text("Available", "Number of available devices across all pools.", o -> sum(o, "availableDevices"))
        .text("Allocated", "Number of allocated devices across all pools.", o -> sum(o, "allocatedDevices"))
        .text("Unavailable", "Number of unavailable devices across all pools.", o -> sum(o, "unavailableDevices"))
        .text("Errors", "Number of pools with validation errors.", ResourceGroup::errors)
        .number("Pools", "Total number of matching pools.", o -> o.integer(0, "status", "poolCount"))
        .text("Status", "Processing status.", ResourceGroup::progress)
        .cell("Completed", "string", "Time since the observation completed.", ResourceGroup::completed)
        .build();
  }

  private static String sum(ObjectValue request, String field) {
    if (!request.has("status") || outcome(request).equals("Failed")) {
      return "-";
    }
    return Long.toString(pools(request).stream().mapToLong(p -> p.integer(0, field)).sum());
  }

  private static String errors(ObjectValue request) {
    if (!request.has("status") || outcome(request).equals("Failed")) {
      return "-";
    }
    return Long.toString(pools(request).stream().filter(p -> p.has("validationError")).count());
  }

  private static List<ObjectValue> pools(ObjectValue request) {
    return request.list("status", "pools").objects();
  }

  private static String outcome(ObjectValue request) {
    for (ObjectValue condition : request.list("status", "conditions").objects()) {
      String type = condition.string("type");
      if (condition.string("status").equals("True") && (type.equals("Complete") || type.equals("Failed"))) {
        return type;
      }
    }
    return "Pending";
  }

  private static String progress(ObjectValue request) {
    String outcome = outcome(request);
    long count = request.integer(0, "status", "poolCount");
    int told = pools(request).size();
    return outcome.equals("Complete") && count > told ? "Complete (" + told + "/" + count + " pools)" : outcome;
  }

  private static Value completed(ObjectValue request, Instant now) {
    for (ObjectValue condition : request.list("status", "conditions").objects()) {
      if (condition.string("type").equals("Complete") && condition.string("status").equals("True")) {
        return Cells.text(Cells.since(condition.string("lastTransitionTime"), now));
      }
    }
    return Cells.text(Cells.NONE);
  }
}
