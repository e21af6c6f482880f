package io.thyra.groups.core;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.SelectableFields;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// The fields that selectors on core kinds may name. Source: pkg/apis/core/v1/conversion.go, pkg/registry/core/*/strategy.go.
public final class CoreFields {
  static final SelectableFields POD =
      new SelectableFields(
          Map.ofEntries(
              Map.entry("spec.nodeName", at("spec", "nodeName")),
              Map.entry("spec.restartPolicy", at("spec", "restartPolicy")),
              Map.entry("spec.schedulerName", at("spec", "schedulerName")),
              Map.entry("spec.serviceAccountName", at("spec", "serviceAccountName")),
              Map.entry("spec.hostNetwork", flag("spec", "hostNetwork")),
              Map.entry("status.phase", at("status", "phase")),
              Map.entry("status.podIP", pod -> address(pod.list("status", "podIPs"))),
              // Known to the API but never computed: it matches nothing.
              Map.entry("status.podIPs", _ -> ""),
              Map.entry("status.nominatedNodeName", at("status", "nominatedNodeName"))),
          Map.of("spec.host", "spec.nodeName"),
          label -> "field label not supported: " + label);

  static final SelectableFields NODE = SelectableFields.of(Map.of("spec.unschedulable", flag("spec", "unschedulable")));
  static final SelectableFields NAMESPACE = SelectableFields.of(Map.of("status.phase", at("status", "phase")));
  static final SelectableFields SECRET = SelectableFields.of(Map.of("type", at("type")));
  static final SelectableFields SERVICE =
      SelectableFields.of(Map.of("spec.clusterIP", at("spec", "clusterIP"), "spec.type", at("spec", "type")));
  static final SelectableFields CONTROLLER = SelectableFields.of(Map.of("status.replicas", number("status", "replicas")));
  public static final SelectableFields EVENT = events();

  private CoreFields() {}

  /// The fields of events under the names of the core group; the selectors of the newer group are translated.
  private static SelectableFields events() {
    var fields = new HashMap<String, Function<ObjectValue, String>>();
    for (String name : new String[] {"kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"}) {
      fields.put("involvedObject." + name, at("involvedObject", name));
    }
    fields.put("reason", at("reason"));
    fields.put("type", at("type"));
    fields.put("reportingComponent", at("reportingComponent"));
    fields.put("source", CoreFields::source);
    return SelectableFields.of(fields);
  }

  private static String source(ObjectValue event) {
    String source = event.string("source", "component");
    return source.isEmpty() ? event.string("reportingComponent") : source;
  }

  private static String address(ListValue addresses) {
    return addresses.isEmpty() ? "" : addresses.object(0).string("ip");
  }

  public static Function<ObjectValue, String> at(String... path) {
    return object -> object.string(path);
  }

  public static Function<ObjectValue, String> number(String... path) {
    return object -> Long.toString(object.integer(0, path));
  }

  public static Function<ObjectValue, String> flag(String... path) {
    return object -> Boolean.toString(object.bool(path));
  }

}
