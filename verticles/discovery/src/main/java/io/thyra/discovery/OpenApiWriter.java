package io.thyra.discovery;

import io.thyra.codec.JsonWriter;
import io.thyra.discovery.Operation.Parameter;
import io.thyra.discovery.Operation.Response;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts operations and definitions together to a document of OpenAPI 2 or 3. Makes one document.
/// Source: kube-openapi pkg/builder, pkg/builder3.
final class OpenApiWriter {
  private static final Map<String, ObjectValue> SECURITY =
      Map.of(
          "BearerToken",
          ObjectValue.builder()
              .put("type", "apiKey")
              .put("description", "Bearer Token authentication")
              .put("name", "authorization")
              .put("in", "header")
              .build());
  private static final Comparator<Parameter> BY_NAME = Comparator.comparing(Parameter::name).thenComparing(Parameter::in);

  private final boolean v3;
  private final String version;
  private final Definitions definitions;

  /// @param version what `info.version` says
  /// @param only the group version that the document is about, null for all
  OpenApiWriter(boolean v3, String version, Schemas schemas, @Nullable GroupVersion only) {
    this.v3 = v3;
    this.version = version;
    this.definitions = new Definitions(v3, schemas, only);
  }

  /// @param others definitions that are no built-in types, all of which stand in the document
  ObjectValue write(Map<String, List<Operation>> operations, Map<String, ObjectValue> others) {
    others.keySet().forEach(definitions::reference);
    Map<String, ObjectValue> paths = paths(operations);
    ObjectValue info = ObjectValue.of("title", Value.of("Kubernetes"), "version", Value.of(version));
    return v3 ? v3(info, paths, components(others).put("securitySchemes", ObjectValue.of(SECURITY)).build()) : v2(info, paths, others);
  }

  /// The document of custom resources, which OpenAPI 3 tells under a title of its own.
  ObjectValue writeCustom(Map<String, List<Operation>> operations, Map<String, ObjectValue> others) {
    others.keySet().forEach(definitions::reference);
    Map<String, ObjectValue> paths = paths(operations);
    ObjectValue info = ObjectValue.of("title", Value.of("Kubernetes CRD Swagger"), "version", Value.of("v0.1.0"));
    return v3(info, paths, components(others).build());
  }

  private Map<String, ObjectValue> paths(Map<String, List<Operation>> operations) {
    var paths = new TreeMap<String, ObjectValue>();
    new TreeMap<>(operations).forEach((path, each) -> paths.put(path, item(each)));
    return paths;
  }

  private ObjectValue.Builder components(Map<String, ObjectValue> others) {
    var components = ObjectValue.builder();
    ObjectValue schemas = definitions.build(others);
    if (!schemas.isEmpty()) {
      components.put("schemas", schemas);
    }
    return components;
  }

  private ObjectValue v3(ObjectValue info, Map<String, ObjectValue> paths, ObjectValue components) {
    return ObjectValue.builder()
        .put("openapi", "3.0.0")
        .put("info", info)
        .put("paths", ObjectValue.of(paths))
        .put("components", components)
        .build();
  }

  private ObjectValue v2(ObjectValue info, Map<String, ObjectValue> paths, Map<String, ObjectValue> others) {
    var shared = new SharedParameters();
    paths.values().forEach(shared::collect);
    var referring = new LinkedHashMap<String, ObjectValue>();
    paths.forEach((path, item) -> referring.put(path, shared.replace(item)));
    return ObjectValue.builder()
        .put("swagger", "2.0")
        .put("info", info)
        .put("paths", ObjectValue.of(referring))
        .put("definitions", definitions.build(others))
        .put("parameters", ObjectValue.of(shared.named()))
        .put("securityDefinitions", ObjectValue.of(SECURITY))
        .put("security", ListValue.of(ObjectValue.of("BearerToken", ListValue.EMPTY)))
        .build();
  }

  /// Parameters that all operations of a path have are told once, for the path.
  private ObjectValue item(List<Operation> operations) {
    var counts = new HashMap<Parameter, Integer>();
    operations.forEach(operation -> operation.parameters().forEach(parameter -> counts.merge(parameter, 1, Integer::sum)));
    List<Parameter> common =
        counts.entrySet().stream().filter(e -> e.getValue() == operations.size()).map(Map.Entry::getKey).sorted(BY_NAME).toList();
    var item = ObjectValue.builder();
    for (Operation operation : operations) {
      List<Parameter> own = operation.parameters().stream().filter(p -> !common.contains(p)).sorted(BY_NAME).toList();
      item.put(operation.method(), v3 ? v3(operation, own) : v2(operation, own));
    }
    if (!common.isEmpty()) {
      item.put("parameters", new ListValue(common.stream().map(p -> (Value) parameter(p)).toList()));
    }
    return item.build();
  }

  private ObjectValue v2(Operation operation, List<Parameter> own) {
    var built = ObjectValue.builder().put("description", operation.description());
    if (!operation.consumes().isEmpty()) {
      built.put("consumes", ListValue.ofStrings(operation.consumes()));
    }
    built.put("produces", ListValue.ofStrings(operation.produces()));
    built.put("schemes", ListValue.ofStrings(List.of("https")));
    putHead(built, operation);
    var parameters = new ArrayList<Value>();
    own.forEach(parameter -> parameters.add(parameter(parameter)));
    if (operation.body() != null) {
      var body = ObjectValue.builder().put("name", "body").put("in", "body");
      if (operation.bodyRequired()) {
        body.put("required", true);
      }
      int at = (int) own.stream().takeWhile(parameter -> parameter.name().compareTo("body") < 0).count();
      parameters.add(at, body.put("schema", definitions.reference(operation.body())).build());
    }
    if (!parameters.isEmpty()) {
      built.put("parameters", new ListValue(parameters));
    }
    var responses = ObjectValue.builder();
    for (Response response : operation.responses()) {
      responses.put(Integer.toString(response.code()), ObjectValue.of("description", Value.of(response.description()), "schema", type(response)));
    }
    built.put("responses", responses.put("401", unauthorized()).build());
    return putExtensions(built, operation);
  }

  private ObjectValue v3(Operation operation, List<Parameter> own) {
    var built = ObjectValue.builder();
    if (!operation.tag().isEmpty()) {
      built.put("tags", ListValue.ofStrings(List.of(operation.tag())));
    }
    built.put("description", operation.description()).put("operationId", operation.id());
    if (!own.isEmpty()) {
      built.put("parameters", new ListValue(own.stream().map(p -> (Value) parameter(p)).toList()));
    }
    if (operation.body() != null) {
      var body = ObjectValue.builder().put("content", content(operation.consumes(), definitions.reference(operation.body())));
      if (operation.bodyRequired()) {
        body.put("required", true);
      }
      built.put("requestBody", body.build());
    }
    var responses = ObjectValue.builder();
    for (Response response : operation.responses()) {
      responses.put(
          Integer.toString(response.code()),
          ObjectValue.of("description", Value.of(response.description()), "content", content(operation.produces(), type(response))));
    }
    built.put("responses", responses.put("401", unauthorized()).build());
    return putExtensions(built, operation);
  }

  private static void putHead(ObjectValue.Builder built, Operation operation) {
    if (!operation.tag().isEmpty()) {
      built.put("tags", ListValue.ofStrings(List.of(operation.tag())));
    }
    built.put("operationId", operation.id());
  }

  private static ObjectValue putExtensions(ObjectValue.Builder built, Operation operation) {
    if (!operation.action().isEmpty()) {
      built.put("x-kubernetes-action", operation.action());
    }
    if (operation.kind() != null) {
      built.put("x-kubernetes-group-version-kind", Definitions.kindValue(operation.kind()));
    }
    return built.build();
  }

  private ObjectValue type(Response response) {
    return response.type().isEmpty() ? ObjectValue.of("type", Value.of("string")) : definitions.reference(response.type());
  }

  private static ObjectValue unauthorized() {
    return ObjectValue.of("description", Value.of("Unauthorized"));
  }

  private static ObjectValue content(List<String> types, ObjectValue schema) {
    var content = new TreeMap<String, ObjectValue>();
    types.forEach(type -> content.put(type, ObjectValue.of("schema", schema)));
    return ObjectValue.of(content);
  }

  /// In the order in which Go prints it, which the names of shared parameters depend on.
  private ObjectValue parameter(Parameter parameter) {
    var built = ObjectValue.builder();
    if (!v3) {
      built.put("uniqueItems", true).put("type", parameter.type());
      if (!parameter.description().isEmpty()) {
        built.put("description", parameter.description());
      }
      built.put("name", parameter.name()).put("in", parameter.in());
      return (parameter.in().equals("path") ? built.put("required", true) : built).build();
    }
    built.put("name", parameter.name()).put("in", parameter.in());
    if (!parameter.description().isEmpty()) {
      built.put("description", parameter.description());
    }
    if (parameter.in().equals("path")) {
      built.put("required", true);
    }
    return built.put("schema", ObjectValue.of("type", Value.of(parameter.type()), "uniqueItems", Value.of(true))).build();
  }

  /// Parameters that stand in the document once, under a name made of a hash of their text; some that old clients look for
  /// in the operations stay there. Source: kube-openapi pkg/builder/parameters.go.
  private static final class SharedParameters {
    private final Map<ObjectValue, String> names = new LinkedHashMap<>();

    void collect(ObjectValue item) {
      parameters(item.list("parameters"));
      item.forEach(
          (_, value) -> {
            if (value instanceof ObjectValue operation) {
              parameters(operation.list("parameters"));
            }
          });
    }

    private void parameters(ListValue list) {
      for (ObjectValue parameter : list.objects()) {
        if (shareable(parameter)) {
          names.computeIfAbsent(parameter, p -> p.string("name") + "-" + hash(JsonWriter.write(p)));
        }
      }
    }

    private static boolean shareable(ObjectValue parameter) {
      String name = parameter.string("name");
      return switch (parameter.string("in")) {
        case "body" -> parameter.string("schema", "$ref").startsWith("#/definitions/io.k8s.apimachinery");
        case "query" -> !name.equals("name") && !name.equals("fieldValidation") && !name.equals("dryRun");
        default -> !name.equals("name");
      };
    }

    ObjectValue replace(ObjectValue item) {
      ObjectValue replaced = item.has("parameters") ? item.with("parameters", replace(item.list("parameters"))) : item;
      for (String method : item.names()) {
        if (item.get(method) instanceof ObjectValue operation && operation.has("parameters")) {
          replaced = replaced.with(method, operation.with("parameters", replace(operation.list("parameters"))));
        }
      }
      return replaced;
    }

    private ListValue replace(ListValue list) {
      return list.mapObjects(
          parameter -> {
            String name = names.get(parameter);
            return name == null ? parameter : ObjectValue.of("$ref", Value.of("#/parameters/" + name));
          });
    }

    Map<String, ObjectValue> named() {
      var named = new TreeMap<String, ObjectValue>();
      names.forEach((parameter, name) -> named.put(name, parameter));
      return named;
    }

    /// FNV-1 of 64 bits, the first eight letters of its base 64.
    private static String hash(byte[] text) {
      long hash = 0xcbf29ce484222325L;
      for (byte b : text) {
        hash *= 0x100000001b3L;
        hash ^= b & 0xff;
      }
      byte[] bytes = ByteBuffer.allocate(8).putLong(hash).array();
      return Base64.getUrlEncoder().encodeToString(bytes).substring(0, 8);
    }
  }
}
