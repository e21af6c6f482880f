package io.thyra.discovery;

import io.thyra.codec.JsonWriter;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.ResourceSchema;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The discovery documents of one moment. Immutable but for the encoded forms that documents keep.
/// Source: apiserver pkg/endpoints/discovery; kube-aggregator pkg/apiserver/handler_apis.go.
final class DiscoverySnapshot {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  /// A document of aggregated discovery with its quoted ETag.
  record Aggregated(Document document, String etag) {}

  private final long revision;
  private final List<ServedGroupVersion> groupVersions;
  private final Document api;
  private final Document apis;
  private final Map<String, Document> groups = new HashMap<>();
  private final Map<GroupVersion, Document> versions = new HashMap<>();
  private final Map<GroupVersion, ServedGroupVersion> served = new HashMap<>();
  private final Aggregated aggregatedApi;
  private final Aggregated aggregatedApis;

  /// @param externalAddress `host:port` that clients are told to use
  DiscoverySnapshot(long revision, List<ServedGroupVersion> groupVersions, String externalAddress) {
    this.revision = revision;
    this.groupVersions = List.copyOf(groupVersions);
    Map<String, List<ServedGroupVersion>> byGroup =
        groupVersions.stream().collect(Collectors.groupingBy(each -> each.groupVersion().group(), LinkedHashMap::new, Collectors.toList()));
    List<ServedGroupVersion> core = Optional.ofNullable(byGroup.remove("")).orElse(List.of());
    var listed = new ArrayList<Value>();
    byGroup.forEach(
        (name, each) -> {
          ObjectValue group = group(name, each);
          listed.add(group);
          groups.put(name, new Document(typed("APIGroup", true, group), META + "APIGroup"));
        });
    for (ServedGroupVersion each : groupVersions) {
      served.put(each.groupVersion(), each);
      versions.put(each.groupVersion(), new Document(resources(each), META + "APIResourceList"));
    }
    api = new Document(versionList(core, externalAddress), META + "APIVersions");
    apis = new Document(typed("APIGroupList", true, ObjectValue.of("groups", new ListValue(listed))), META + "APIGroupList");
    aggregatedApi = aggregated(Map.of("", core));
    aggregatedApis = aggregated(byGroup);
  }

  long revision() {
    return revision;
  }

  List<ServedGroupVersion> groupVersions() {
    return groupVersions;
  }

  Document api() {
    return api;
  }

  Document apis() {
    return apis;
  }

  Optional<Document> findGroup(String group) {
    return Optional.ofNullable(groups.get(group));
  }

  Optional<Document> findVersion(GroupVersion groupVersion) {
    return Optional.ofNullable(versions.get(groupVersion));
  }

  Optional<ServedGroupVersion> findServed(GroupVersion groupVersion) {
    return Optional.ofNullable(served.get(groupVersion));
  }

  Aggregated aggregatedApi() {
    return aggregatedApi;
  }

  Aggregated aggregatedApis() {
    return aggregatedApis;
  }

  private static ObjectValue typed(String kind, boolean versioned, ObjectValue rest) {
    var typed = ObjectValue.builder().put("kind", kind);
    if (versioned) {
      typed.put("apiVersion", "v1");
    }
    rest.forEach(typed::put);
    return typed.build();
  }

  private static ObjectValue versionList(List<ServedGroupVersion> core, String externalAddress) {
    ObjectValue address =
        ObjectValue.builder().put("clientCIDR", "0.0.0.0/0").put("serverAddress", externalAddress).build();
    ObjectValue rest =
        ObjectValue.of(
            "versions",
            ListValue.ofStrings(core.stream().map(each -> each.groupVersion().version()).toList()),
            "serverAddressByClientCIDRs",
            ListValue.of(address));
    return typed("APIVersions", false, rest);
  }

  private static ObjectValue group(String name, List<ServedGroupVersion> each) {
    var all = new ArrayList<Value>();
    for (ServedGroupVersion version : each) {
      all.add(
          ObjectValue.builder()
              .put("groupVersion", version.groupVersion().apiVersion())
              .put("version", version.groupVersion().version())
              .build());
    }
    return ObjectValue.builder()
        .put("name", name)
        .put("versions", new ListValue(all))
        .put("preferredVersion", all.getFirst())
        .build();
  }

  /// The list of the core group carries no apiVersion, for clients that predate it.
  private static ObjectValue resources(ServedGroupVersion version) {
    var all = new ArrayList<Value>();
    for (ServedResource each : version.resources()) {
      ResourceSchema schema = each.schema();
      all.add(resource(version.groupVersion(), each));
      for (ResourceSchema.Subresource sub : schema.subresources()) {
        all.add(subresource(version.groupVersion(), schema, sub));
      }
    }
    ObjectValue rest =
        ObjectValue.of("groupVersion", Value.of(version.groupVersion().apiVersion()), "resources", new ListValue(all));
    return typed("APIResourceList", !version.groupVersion().group().isEmpty(), rest);
  }

  private static ObjectValue resource(GroupVersion groupVersion, ServedResource served) {
    ResourceSchema schema = served.schema();
    var resource =
        ObjectValue.builder()
            .put("name", schema.resource().resource())
            .put("singularName", schema.singular())
            .put("namespaced", schema.namespaced());
    putKind(resource, groupVersion, schema.kind());
    resource.put("verbs", ListValue.ofStrings(schema.verbs()));
    putNames(resource, schema);
    if (!served.storageVersionHash().isEmpty()) {
      resource.put("storageVersionHash", served.storageVersionHash());
    }
    return resource.build();
  }

  private static ObjectValue subresource(GroupVersion groupVersion, ResourceSchema schema, ResourceSchema.Subresource sub) {
    var resource =
        ObjectValue.builder()
            .put("name", schema.resource().resource() + "/" + sub.name())
            .put("singularName", "")
            .put("namespaced", schema.namespaced());
    putKind(resource, groupVersion, sub.kind());
    return resource.put("verbs", ListValue.ofStrings(sub.verbs())).build();
  }

  private static void putKind(ObjectValue.Builder resource, GroupVersion groupVersion, GroupVersionKind kind) {
    if (!kind.groupVersion().equals(groupVersion)) {
      resource.put("group", kind.group()).put("version", kind.version());
    }
    resource.put("kind", kind.kind());
  }

  private static void putNames(ObjectValue.Builder resource, ResourceSchema schema) {
    if (!schema.shortNames().isEmpty()) {
      resource.put("shortNames", ListValue.ofStrings(schema.shortNames()));
    }
    if (!schema.categories().isEmpty()) {
      resource.put("categories", ListValue.ofStrings(schema.categories()));
    }
  }

  private static Aggregated aggregated(Map<String, List<ServedGroupVersion>> byGroup) {
    var items = new ArrayList<Value>();
    byGroup.forEach(
        (name, each) -> {
          var metadata = name.isEmpty() ? ObjectValue.EMPTY : ObjectValue.of("name", Value.of(name));
          var all = new ArrayList<Value>();
          each.forEach(version -> all.add(aggregated(version)));
          items.add(ObjectValue.of("metadata", metadata, "versions", new ListValue(all)));
        });
    ObjectValue list =
        ObjectValue.builder()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", "apidiscovery.k8s.io/v2")
            .put("metadata", ObjectValue.EMPTY)
            .put("items", new ListValue(items))
            .build();
    return new Aggregated(new Document(list, "io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList"), '"' + sha512(JsonWriter.write(list)) + '"');
  }

  private static ObjectValue aggregated(ServedGroupVersion version) {
    if (version.origin() == ServedGroupVersion.Origin.REMOTE) {
      var remote = ObjectValue.builder().put("version", version.groupVersion().version());
      if (!version.remoteResources().isEmpty()) {
        remote.put("resources", version.remoteResources());
      }
      return remote.put("freshness", version.stale() ? "Stale" : "Current").build();
    }
    var resources = new ArrayList<Value>();
    for (ServedResource each : version.resources()) {
      ResourceSchema schema = each.schema();
      var resource =
          ObjectValue.builder()
              .put("resource", schema.resource().resource())
              .put("responseKind", responseKind(version, schema.kind()))
              .put("scope", schema.namespaced() ? "Namespaced" : "Cluster")
              .put("singularResource", schema.singular())
              .put("verbs", ListValue.ofStrings(schema.verbs()));
      putNames(resource, schema);
      if (!schema.subresources().isEmpty()) {
        var subresources = new ArrayList<Value>();
        for (ResourceSchema.Subresource sub : schema.subresources()) {
          subresources.add(
              ObjectValue.builder()
                  .put("subresource", sub.name())
                  .put("responseKind", responseKind(version, sub.kind()))
                  .put("verbs", ListValue.ofStrings(sub.verbs()))
                  .build());
        }
        resource.put("subresources", new ListValue(subresources));
      }
      resources.add(resource.build());
    }
    return ObjectValue.builder()
        .put("version", version.groupVersion().version())
        .put("resources", new ListValue(resources))
        .put("freshness", version.stale() ? "Stale" : "Current")
        .build();
  }

  /// Upstream leaves out what follows from the place, except for custom resources.
  private static ObjectValue responseKind(ServedGroupVersion version, GroupVersionKind kind) {
    boolean implied = version.origin() != ServedGroupVersion.Origin.CUSTOM && kind.groupVersion().equals(version.groupVersion());
    return ObjectValue.builder()
        .put("group", implied ? "" : kind.group())
        .put("version", implied ? "" : kind.version())
        .put("kind", kind.kind())
        .build();
  }

  static String sha512(byte[] bytes) {
    try {
      return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
