package io.thyra.discovery;

import io.thyra.discovery.Operation.Parameter;
import io.thyra.discovery.Operation.Response;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The operations of custom resources, which upstream describes by rules of their own: no watches, no protobuf, and
/// identifiers that differ in places from those of built-in resources.
/// Source: apiextensions-apiserver pkg/controller/openapi/builder/builder.go.
public final class CustomOperations {
  private static final String META = ResourceOperations.META;
  private static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";
  private static final List<String> TYPES = List.of("application/json", "application/yaml");
  private static final List<String> PATCHES =
      List.of("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml");

  /// A version of a custom resource.
  ///
  /// @param definition the OpenAPI name of the kind
  /// @param listDefinition the OpenAPI name of its list
  public record Resource(
      GroupVersionKind kind, String plural, boolean namespaced, String definition, String listDefinition, boolean status, boolean scale) {}

  private final Resource resource;
  private final Schemas schemas;
  private final Map<String, List<Operation>> paths = new TreeMap<>();

  private CustomOperations(Resource resource, Schemas schemas) {
    this.resource = resource;
    this.schemas = schemas;
  }

  /// By path.
  public static Map<String, List<Operation>> of(Resource resource) {
    var operations = new CustomOperations(resource, Schemas.builtin());
    operations.describe();
    return operations.paths;
  }

  private void describe() {
    String root = "/apis/" + resource.kind.groupVersion().apiVersion();
    String collection = root + (resource.namespaced ? "/namespaces/{namespace}/" : "/") + resource.plural;
    if (resource.namespaced) {
      String path = root + "/" + resource.plural;
      paths.put(path, List.of(list(path, id("list", "", resource.kind.kind() + "ForAllNamespaces"))));
    }
    String kind = scoped() + resource.kind.kind();
    Response status = new Response(200, "OK", META + "Status");
    List<Response> created =
        List.of(
            new Response(200, "OK", resource.definition),
            new Response(201, "Created", resource.definition),
            new Response(202, "Accepted", resource.definition));
    paths.put(
        collection,
        List.of(
            list(collection, id("list", "", kind)),
            operation("post", id("create", "", kind), "create " + article(), collection, "CreateOptions", resource.definition, created, "post"),
            plain("delete", id("delete", "Collection", kind), "delete collection of " + resource.kind.kind(), collection, "ListOptions",
                List.of(status), "deletecollection")));
    String item = collection + "/{name}";
    var operations = new ArrayList<>(parts(item, "", resource.definition));
    operations.add(
        new Operation("delete", id("delete", "", kind), tag(), "delete " + article(), parameters(item, "DeleteOptions"), META + "DeleteOptions",
            false, TYPES, TYPES, List.of(status, new Response(202, "Accepted", META + "Status")), "delete", resource.kind));
    paths.put(item, operations);
    if (resource.status) {
      paths.put(item + "/status", parts(item + "/status", "status", resource.definition));
    }
    if (resource.scale) {
      paths.put(item + "/scale", parts(item + "/scale", "scale", SCALE));
    }
  }

  private String scoped() {
    return resource.namespaced ? "Namespaced" : "";
  }

  private String article() {
    return ResourceOperations.article(resource.kind.kind());
  }

  private Operation list(String path, String id) {
    return plain("get", id, "list objects of kind " + resource.kind.kind(), path, "ListOptions",
        List.of(new Response(200, "OK", resource.listDefinition)), "list");
  }

  /// Reading, replacing and patching an object or a part of it.
  private List<Operation> parts(String path, String subresource, String type) {
    String kind =
        scoped() + resource.kind.kind()
            + (subresource.isEmpty() ? "" : subresource.substring(0, 1).toUpperCase(Locale.ROOT) + subresource.substring(1));
    String of = (subresource.isEmpty() ? "" : subresource + " of ") + "the specified " + resource.kind.kind();
    var ok = new Response(200, "OK", type);
    return List.of(
        plain("get", id("read", "", kind), "read " + of, path, "GetOptions", List.of(ok), "get"),
        operation("put", id("replace", "", kind), "replace " + of, path, "UpdateOptions", type, List.of(ok, new Response(201, "Created", type)), "put"),
        new Operation("patch", id("patch", "", kind), tag(), "partially update " + of, parameters(path, "PatchOptions"), META + "Patch", true,
            PATCHES, TYPES, List.of(ok), "patch", resource.kind));
  }

  private Operation plain(
      String method, String id, String description, String path, String options, List<Response> responses, String action) {
    return operation(method, id, description, path, options, null, responses, action);
  }

  private Operation operation(
      String method, String id, String description, String path, String options, @Nullable String body, List<Response> responses,
      String action) {
    return new Operation(
        method, id, tag(), description, parameters(path, options), body, body != null, TYPES, TYPES, responses, action, resource.kind);
  }

  private List<Parameter> parameters(String path, String options) {
    var parameters = new ArrayList<Parameter>();
    if (path.contains("{name}")) {
      parameters.add(new Parameter("name", "path", "string", "name of the " + resource.kind.kind()));
    }
    if (path.contains("{namespace}")) {
      parameters.add(ResourceOperations.NAMESPACE);
    }
    parameters.add(ResourceOperations.PRETTY);
    parameters.addAll(ResourceOperations.queryOf(schemas.findType(META + options).orElseThrow()));
    return parameters;
  }

  private String tag() {
    GroupVersion groupVersion = resource.kind.groupVersion();
    return ResourceOperations.word(ResourceOperations.groupName(groupVersion.group()), false)
        + "_" + ResourceOperations.word(groupVersion.version(), false);
  }

  private String id(String verb, String middle, String kind) {
    GroupVersion groupVersion = resource.kind.groupVersion();
    return verb
        + ResourceOperations.word(ResourceOperations.groupName(groupVersion.group()), true)
        + ResourceOperations.word(groupVersion.version(), true)
        + middle
        + ResourceOperations.word(kind, true);
  }
}
