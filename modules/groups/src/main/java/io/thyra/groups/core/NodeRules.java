package io.thyra.groups.core;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Nodes. Source: pkg/registry/core/node/strategy.go, pkg/apis/core/validation/validation.go.
final class NodeRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final String TAINTS = "scheduler.alpha.kubernetes.io/taints";
  private static final String KEEPS = "node updates may not change ";
  private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final Pattern FEATURE = Pattern.compile("^[A-Z][a-zA-Z0-9]*(\\/[a-zA-Z][a-zA-Z0-9]*)*$");

  private static final String NAME_FORM =
      ": must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or"
          + " MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";

  private final Struct taint;
  private final Struct address;
  private final Struct configSource;

  private NodeRules(Struct node) {
    taint = GoStruct.at(node, "spec", "taints");
    address = GoStruct.at(node, "status", "addresses");
    configSource = GoStruct.at(node, "spec", "configSource");
  }

  static void declare(Group.Declaration r) {
    var rules = new NodeRules(r.struct());
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .resets("status")
        .onCreate((_, node) -> node.withoutAt("spec", "configSource").withoutAt("status", "config"))
        .onUpdate(
            (_, node, old) -> old.get("status") instanceof ObjectValue was ? node.with("status", was) : node.without("status"))
        .onUpdate((_, node, old) -> old.object("spec").has("configSource") ? node : node.withoutAt("spec", "configSource"))
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .rules(rules::node)
        .updateRules(rules::update)
        .warns((node, _) -> warnings(node));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .onUpdate((_, node, old) -> old.object("status").has("config") ? node : node.withoutAt("status", "config"))
        .updateRules(rules::update);
  }

  private static List<String> warnings(ObjectValue node) {
    var out = new ArrayList<String>();
    if (node.at("spec", "configSource") instanceof ObjectValue) {
      out.add("spec.configSource: the feature is removed");
    }
    if (!node.string("spec", "externalID").isEmpty()) {
      out.add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
    }
    List<String> ranges = node.list("spec", "podCIDRs").strings();
    for (int i = 0; i < ranges.size(); i++) {
      out.addAll(IpAddresses.cidrWarnings(SPEC.child("podCIDRs").index(i), ranges.get(i)));
    }
    return out;
  }

  private void node(ObjectValue node, @Nullable FieldPath root, List<FieldError> errors) {
    annotations(node, errors);
    taints(node.list("spec", "taints"), METADATA.child("taints"), errors);
    resources(node, errors);
    if (node.object("status", "nodeInfo", "swap").has("capacity") && node.integer(0, "status", "nodeInfo", "swap", "capacity") <= 0) {
      errors.add(
          FieldError.invalid(
              METADATA.child("nodeSwapStatus", "capacity"),
              node.integer(0, "status", "nodeInfo", "swap", "capacity"),
              "must be greater than zero"));
    }
    features(node, errors);
    List<String> ranges = node.list("spec", "podCIDRs").strings();
    FieldPath path = SPEC.child("podCIDRs");
    for (int i = 0; i < ranges.size(); i++) {
      errors.addAll(IpAddresses.validateLegacyCidr(path.index(i), ranges.get(i), true, List.of()));
    }
    if (ranges.size() > 1) {
      int broken = firstBroken(ranges);
      if (broken >= 0) {
        errors.add(
            FieldError.internal(
                path,
                "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR["
                    + broken
                    + "]: <nil> (invalid CIDR address: "
                    + ranges.get(broken)
                    + ")"));
      }
      boolean dual = ranges.stream().anyMatch(r -> r.contains(":")) && ranges.stream().anyMatch(r -> !r.contains(":"));
      if (broken >= 0 || !dual || ranges.size() > 2) {
        errors.add(
            FieldError.invalid(path, node.list("spec", "podCIDRs"), "may specify no more than one CIDR for each IP family"));
      }
    }
  }

  private static int firstBroken(List<String> ranges) {
    for (int i = 0; i < ranges.size(); i++) {
      if (!IpAddresses.validateLegacyCidr(null, ranges.get(i), false, List.of()).isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  private void annotations(ObjectValue node, List<FieldError> errors) {
    String json = node.object("metadata", "annotations").string(TAINTS);
    if (json.isEmpty()) {
      return;
    }
    FieldPath path = METADATA.child("annotations");
    try {
      if (JsonReader.read(json.getBytes(StandardCharsets.UTF_8)) instanceof ListValue list) {
        taints(list, path.child(TAINTS), errors);
      }
    } catch (DecodeException e) {
      errors.add(FieldError.invalid(path, TAINTS, String.valueOf(e.getMessage())));
    }
  }

  private void taints(ListValue taints, FieldPath path, List<FieldError> errors) {
    var seen = new HashSet<String>();
    for (int i = 0; i < taints.size(); i++) {
      ObjectValue one = taints.object(i);
      FieldPath at = path.index(i);
      String key = one.string("key");
      String effect = one.string("effect");
      Checks.format(key, Names.qualifiedName(key), at.child("key"), errors);
      List<String> complaints = Names.labelValue(one.string("value"));
      if (!complaints.isEmpty()) {
        errors.add(FieldError.invalid(at.child("value"), one.string("value"), String.join(";", complaints)));
      }
      Checks.required(effect, EFFECTS, at.child("effect"), errors);
      if (!seen.add(effect + " " + key)) {
        errors.add(
            new FieldError(
                FieldError.Type.DUPLICATE,
                at.toString(),
                GoText.json(GoStruct.of(taint, one)),
                "taints must be unique by key and effect pair"));
      }
    }
  }

  private static void resources(ObjectValue node, List<FieldError> errors) {
    for (String field : List.of("capacity", "allocatable")) {
      ObjectValue amounts = node.object("status", field);
      for (String name : amounts.names()) {
        ResourceNames.checkAmount(name, Quantities.of(amounts, name), STATUS.child(field, name), errors);
      }
    }
  }

  private static void features(ObjectValue node, List<FieldError> errors) {
    List<String> features = node.list("status", "declaredFeatures").strings();
    FieldPath path = STATUS.child("declaredFeatures");
    for (int i = 0; i < features.size(); i++) {
      String feature = features.get(i);
      if (!FEATURE.matcher(feature).matches()) {
        errors.add(
            FieldError.invalid(path.index(i), feature, "invalid feature name " + GoText.quote(feature) + NAME_FORM));
      }
      if (i + 1 < features.size()) {
        String next = features.get(i + 1);
        if (feature.equals(next)) {
          errors.add(FieldError.duplicate(path.index(i + 1), next));
        } else if (feature.compareTo(next) > 0) {
          errors.add(FieldError.invalid(path.index(i + 1), next, "list must be sorted alphabetically"));
        }
      }
    }
  }

  private void update(ObjectValue node, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    annotations(node, errors);
    resources(node, errors);
    features(node, errors);
    var seen = new HashSet<ObjectValue>();
    List<ObjectValue> addresses = node.list("status", "addresses").objects();
    for (int i = 0; i < addresses.size(); i++) {
      if (!seen.add(addresses.get(i))) {
        errors.add(
            FieldError.duplicatePrinted(
                STATUS.child("addresses").index(i), GoText.json(GoStruct.of(address, addresses.get(i)))));
      }
    }
    ranges(node.list("spec", "podCIDRs").strings(), old.list("spec", "podCIDRs").strings(), errors);
    String provider = old.string("spec", "providerID");
    if (!provider.isEmpty() && !provider.equals(node.string("spec", "providerID"))) {
      errors.add(FieldError.forbidden(SPEC.child("providerID"), KEEPS + "providerID except from \"\" to valid"));
    }
    if (node.at("spec", "configSource") instanceof ObjectValue source) {
      configSource(source, SPEC.child("configSource"), false, errors);
    }
    for (String field : List.of("assigned", "active", "lastKnownGood")) {
      if (node.at("status", "config", field) instanceof ObjectValue source) {
        configSource(source, STATUS.child("config", field), true, errors);
      }
    }
    taints(node.list("spec", "taints"), METADATA.child("taints"), errors);
    if (!node.string("spec", "externalID").equals(old.string("spec", "externalID"))) {
      errors.add(FieldError.forbidden(SPEC.child("externalID"), "may not be updated"));
    }
  }

  private static void ranges(List<String> now, List<String> before, List<FieldError> errors) {
    FieldError change = FieldError.forbidden(SPEC.child("podCIDRs"), KEEPS + "podCIDR except from \"\" to valid");
    if (before.isEmpty()) {
      return;
    }
    if (now.size() != before.size()) {
      errors.add(change);
      return;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).equals(before.get(i))) {
        errors.add(change);
      }
    }
  }

  private void configSource(ObjectValue source, FieldPath path, boolean status, List<FieldError> errors) {
    if (!(source.get("configMap") instanceof ObjectValue map)) {
      errors.add(
          FieldError.invalidPrinted(
              path, GoText.json(GoStruct.of(configSource, source)), "exactly one reference subfield must be non-nil"));
      return;
    }
    FieldPath at = path.child("configMap");
    for (String field : List.of("uid", "resourceVersion")) {
      if (status && map.string(field).isEmpty()) {
        errors.add(FieldError.required(at.child(field), ""));
      } else if (!status && !map.string(field).isEmpty()) {
        errors.add(FieldError.forbidden(at.child(field), field + " must not be set in spec"));
      }
    }
    for (String field : List.of("namespace", "name", "kubeletConfigKey")) {
      if (map.string(field).isEmpty()) {
        errors.add(FieldError.required(at.child(field), ""));
      }
    }
  }
}
