package io.thyra.aggregation;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the resources that an extension server tells of into the form of aggregated discovery.
/// Source: apiserver pkg/endpoints/installer.go ConvertGroupVersionIntoToDiscovery; api apidiscovery/v2.
final class ResourceListings {
  private static final ObjectValue NO_KIND = kind("", "", "");

  private ResourceListings() {}

  /// Of a document that has that form, with exactly the fields that are known.
  static ListValue ofAggregated(List<ObjectValue> resources) {
    var all = new ArrayList<Value>();
    for (ObjectValue each : resources) {
      var subresources = new ArrayList<Value>();
      for (ObjectValue sub : each.list("subresources").objects()) {
        var built = ObjectValue.builder().put("subresource", sub.string("subresource")).put("responseKind", responseKind(sub));
        var accepted = new ArrayList<Value>();
        sub.list("acceptedTypes").objects().forEach(type -> accepted.add(kindOf(type)));
        if (!accepted.isEmpty()) {
          built.put("acceptedTypes", new ListValue(accepted));
        }
        subresources.add(built.put("verbs", verbs(sub)).build());
      }
      all.add(resource(each.string("resource"), responseKind(each), each.string("scope"), each.string("singularResource"), each, subresources));
    }
    return new ListValue(all);
  }

  private static ObjectValue responseKind(ObjectValue holder) {
    return holder.get("responseKind") instanceof ObjectValue kind ? kindOf(kind) : NO_KIND;
  }

  private static ObjectValue kindOf(ObjectValue value) {
    return kind(value.string("group"), value.string("version"), value.string("kind"));
  }

  /// Of an APIResourceList; empty where a subresource and its resource contradict each other.
  static Optional<ListValue> ofPlain(List<ObjectValue> resources) {
    record Parent(String scope, ObjectValue resource, List<Value> subresources) {}
    Map<String, Parent> parents = new LinkedHashMap<>();
    for (ObjectValue each : resources) {
      if (each.string("name").indexOf('/') < 0) {
        parents.put(each.string("name"), new Parent(scope(each), each, new ArrayList<>()));
      }
    }
    for (ObjectValue each : resources) {
      int slash = each.string("name").indexOf('/');
      if (slash < 0) {
        continue;
      }
      String name = each.string("name").substring(0, slash);
      Parent parent = parents.computeIfAbsent(name, _ -> new Parent(scope(each), ObjectValue.EMPTY, new ArrayList<>()));
      if (!parent.scope().equals(scope(each))) {
        return Optional.empty();
      }
      parent
          .subresources()
          .add(
              ObjectValue.builder()
                  .put("subresource", each.string("name").substring(slash + 1))
                  .put("responseKind", each.string("kind").isEmpty() ? NO_KIND : kindOf(each))
                  .put("verbs", verbs(each))
                  .build());
    }
    var all = new ArrayList<Value>();
    parents.forEach(
        (name, parent) ->
            all.add(
                resource(
                    name,
                    kindOf(parent.resource()),
                    parent.scope(),
                    parent.resource().string("singularName"),
                    parent.resource(),
                    parent.subresources())));
    return Optional.of(new ListValue(all));
  }

  private static String scope(ObjectValue resource) {
    return resource.bool("namespaced") ? "Namespaced" : "Cluster";
  }

  private static ObjectValue resource(
      String name, ObjectValue kind, String scope, String singular, ObjectValue more, List<Value> subresources) {
    var built =
        ObjectValue.builder()
            .put("resource", name)
            .put("responseKind", kind)
            .put("scope", scope)
            .put("singularResource", singular)
            .put("verbs", verbs(more));
    for (String field : List.of("shortNames", "categories")) {
      if (!more.list(field).isEmpty()) {
        built.put(field, ListValue.ofStrings(more.list(field).strings()));
      }
    }
    if (!subresources.isEmpty()) {
      built.put("subresources", new ListValue(subresources));
    }
    return built.build();
  }

  private static Value verbs(ObjectValue holder) {
    return holder.get("verbs") instanceof ListValue verbs ? verbs : NullValue.NULL;
  }

  private static ObjectValue kind(String group, String version, String kind) {
    return ObjectValue.builder().put("group", group).put("version", version).put("kind", kind).build();
  }
}
