package io.thyra.discovery;

import io.thyra.discovery.Operation.Parameter;
import io.thyra.discovery.Operation.Response;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.ResourceSchema;
import io.thyra.schema.Scalar;
import io.thyra.schema.Schemas;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The operations of built-in resources, as upstream's installer registers them.
/// Source: apiserver pkg/endpoints/installer.go, pkg/endpoints/openapi/openapi.go.
final class ResourceOperations {
  static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  static final List<String> TYPES = List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
  static final List<String> ANY = List.of("*/*");
  private static final List<String> STREAMS = List.of("application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch");
  private static final List<String> PATCHES =
      List.of("application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
          "application/apply-patch+yaml");
  private static final String WATCH_HINT = ". deprecated: use the 'watch' parameter with a list operation instead";
  static final Parameter NAMESPACE =
      new Parameter("namespace", "path", "string", "object name and auth scope, such as for teams and projects");
  private static final Parameter PATH = new Parameter("path", "path", "string", "path to the resource");
  static final Parameter PRETTY =
      new Parameter("pretty", "query", "string",
          "If 'true', then the output is pretty printed. Defaults to 'false' unless the user-agent indicates a browser or"
              + " command-line HTTP tool (curl and wget).");

  private final GroupVersion groupVersion;
  private final Schemas schemas;
  private final Map<String, List<Operation>> paths = new TreeMap<>();

  private ResourceOperations(GroupVersion groupVersion, Schemas schemas) {
    this.groupVersion = groupVersion;
    this.schemas = schemas;
  }

  /// By path, in the order of the alphabet.
  static Map<String, List<Operation>> of(ServedGroupVersion served, Schemas schemas) {
    var operations = new ResourceOperations(served.groupVersion(), schemas);
    operations.paths.put(
        operations.root() + "/",
        List.of(
            new Operation("get", operations.id("get", "APIResources"), operations.tag(), "get available resources", List.of(), null, false,
                TYPES, TYPES, List.of(new Response(200, "OK", META + "APIResourceList")), "", null)));
    served.resources().forEach(operations::add);
    return operations.paths;
  }

  private String root() {
    return (groupVersion.group().isEmpty() ? "/api/" : "/apis/") + groupVersion.apiVersion();
  }

  private String tag() {
    return word(groupName(groupVersion.group()), false) + "_" + word(groupVersion.version(), false);
  }

  private String id(String verb, String rest) {
    return verb + word(groupName(groupVersion.group()), true) + word(groupVersion.version(), true) + word(rest, true);
  }

  static String groupName(String group) {
    return group.isEmpty() ? "core" : group.endsWith(".k8s.io") ? group.substring(0, group.length() - 7) : group;
  }

  /// Letters and digits, a capital after each that was something else.
  static String word(String text, boolean capital) {
    var word = new StringBuilder(text.length());
    boolean next = capital;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetter(c) || c == '_' || i != 0 && Character.isDigit(c)) {
        word.append(next ? Character.toUpperCase(c) : c);
        next = false;
      } else {
        next = true;
      }
    }
    return word.toString();
  }

  private void add(ServedResource served) {
    ResourceSchema schema = served.schema();
    String plural = schema.resource().resource();
    String scope = schema.namespaced() ? "/namespaces/{namespace}" : "";
    String collection = root() + scope + "/" + plural;
    var target = new Target(schema, schema.kind(), "", collection, served.showsDeleted());
    collection(target, schema.verbs(), collection, "");
    item(target, schema.verbs(), collection + "/{name}", root() + "/watch" + scope + "/" + plural + "/{name}");
    if (schema.verbs().contains("watch")) {
      put(root() + "/watch" + scope + "/" + plural, List.of(watchList(target, "")));
    }
    if (schema.namespaced() && schema.verbs().contains("list")) {
      var everywhere = new Target(schema, schema.kind(), "", root() + "/" + plural, served.showsDeleted());
      collection(everywhere, List.of("list", schema.verbs().contains("watch") ? "watch" : ""), root() + "/" + plural, "ForAllNamespaces");
      if (schema.verbs().contains("watch")) {
        put(root() + "/watch/" + plural, List.of(watchList(everywhere, "ForAllNamespaces")));
      }
    }
    for (ResourceSchema.Subresource sub : schema.subresources()) {
      subresource(new Target(schema, sub.kind(), sub.name(), collection, false), sub, collection + "/{name}/" + sub.name());
    }
  }

  /// @param kind of the body, which the name's description and the operation's kind speak of
  private record Target(ResourceSchema schema, GroupVersionKind kind, String subresource, String collection, boolean showsDeleted) {
    String owner() {
      return schema.kind().kind();
    }

    /// `Namespaced`, the kind and the subresource, as operations are called.
    String name(String suffix) {
      String scope = schema.namespaced() && !suffix.equals("ForAllNamespaces") ? "Namespaced" : "";
      String sub = subresource.isEmpty() ? "" : subresource.substring(0, 1).toUpperCase(Locale.ROOT) + subresource.substring(1);
      return scope + owner() + sub;
    }

    List<Parameter> named(String path) {
      var parameters = new ArrayList<Parameter>();
      if (path.contains("/{name}")) {
        parameters.add(new Parameter("name", "path", "string", "name of the " + kind.kind()));
      }
      if (path.contains("{namespace}")) {
        parameters.add(NAMESPACE);
      }
      return parameters;
    }
  }

  private void put(String path, List<Operation> operations) {
    if (!operations.isEmpty()) {
      paths.put(path, operations);
    }
  }

  private void collection(Target target, List<String> verbs, String path, String suffix) {
    var operations = new ArrayList<Operation>();
    String owner = target.owner();
    if (verbs.contains("list")) {
      boolean watches = verbs.contains("watch");
      String description = (watches ? "list or watch objects of kind " : "list objects of kind ") + owner;
      String list = type(new GroupVersionKind(target.kind.group(), target.kind.version(), owner + "List"));
      operations.add(
          operation("get", id("list", target.name(suffix) + suffix), description, parameters(target, path, "ListOptions"), null, false,
              ANY, with(TYPES, STREAMS), List.of(new Response(200, "OK", list)), "list", target.kind));
    }
    if (verbs.contains("create")) {
      operations.add(create(target, path));
    }
    if (verbs.contains("deletecollection")) {
      List<Parameter> parameters = parameters(target, path, "ListOptions", "DeleteOptions");
      parameters.removeIf(each -> each.name().equals("watch") || each.name().equals("allowWatchBookmarks"));
      operations.add(
          operation("delete", id("delete", "Collection" + target.name(suffix)), "delete collection of " + owner, parameters,
              META + "DeleteOptions", false, ANY, TYPES, List.of(new Response(200, "OK", META + "Status")), "deletecollection",
              target.kind));
    }
    put(path, operations);
  }

  private void item(Target target, List<String> verbs, String path, String watchPath) {
    put(path, parts(target, verbs, path));
    if (verbs.contains("watch")) {
      String description =
          "watch changes to an object of kind " + target.owner() + WATCH_HINT
              + ", filtered to a single item with the 'fieldSelector' parameter.";
      put(watchPath,
          List.of(
              operation("get", id("watch", target.name("")), description, parameters(target, watchPath, "ListOptions"), null, false, ANY,
                  with(TYPES, STREAMS), List.of(new Response(200, "OK", META + "WatchEvent")), "watch", target.kind)));
    }
  }

  private Operation watchList(Target target, String suffix) {
    String path = suffix.isEmpty() ? target.collection : "";
    String description = "watch individual changes to a list of " + target.owner() + WATCH_HINT + ".";
    return operation("get", id("watch", target.name(suffix) + "List" + suffix), description, parameters(target, path, "ListOptions"), null,
        false, ANY, with(TYPES, STREAMS), List.of(new Response(200, "OK", META + "WatchEvent")), "watchlist", target.kind);
  }

  private void subresource(Target target, ResourceSchema.Subresource sub, String path) {
    // Options in the place of a body: the connection itself is handed over.
    if (sub.kind().kind().endsWith("Options")) {
      boolean proxy = sub.verbs().contains("delete");
      connect(target, proxy, path, "");
      if (proxy) {
        connect(target, true, path + "/{path}", "WithPath");
      }
      return;
    }
    put(path, parts(target, sub.verbs(), path));
  }

  private void connect(Target target, boolean proxy, String path, String suffix) {
    var operations = new ArrayList<Operation>();
    List<String> methods =
        proxy ? List.of("get", "post", "put", "delete", "patch", "head", "options") : List.of("get", "post");
    for (String method : methods) {
      List<Parameter> parameters = target.named(path);
      if (!suffix.isEmpty()) {
        parameters.add(PATH);
      }
      schemas.findKind(target.kind).ifPresent(options -> parameters.addAll(queryOf(options)));
      String title = method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1);
      operations.add(
          operation(method, id("connect", title + target.name("") + suffix),
              "connect " + method.toUpperCase(Locale.ROOT) + " requests to " + target.subresource + " of " + target.owner(), parameters,
              null, false, ANY, ANY, List.of(new Response(200, "OK", "")), "connect", target.kind));
    }
    put(path, operations);
  }

  private List<Operation> parts(Target target, List<String> verbs, String path) {
    var operations = new ArrayList<Operation>();
    String type = type(target.kind);
    String of = target.subresource.isEmpty() ? "the specified " : target.subresource + " of the specified ";
    var ok = new Response(200, "OK", type);
    var created = new Response(201, "Created", type);
    if (verbs.contains("get")) {
      boolean log = target.subresource.equals("log");
      List<Parameter> parameters = parameters(target, path);
      if (log) {
        schemas.findType("io.k8s.api.core.v1.PodLogOptions").ifPresent(options -> parameters.addAll(queryOf(options)));
      }
      operations.add(
          operation("get", id("read", target.name("")), "read " + of + target.owner(), parameters, null, false, ANY,
              log ? with(List.of("text/plain"), TYPES) : TYPES, List.of(log ? new Response(200, "OK", "") : ok), "get", target.kind));
    }
    if (verbs.contains("update")) {
      operations.add(
          operation("put", id("replace", target.name("")), "replace " + of + target.owner(), parameters(target, path, "UpdateOptions"), type,
              true, ANY, TYPES, List.of(ok, created), "put", target.kind));
    }
    if (verbs.contains("patch")) {
      operations.add(
          operation("patch", id("patch", target.name("")), "partially update " + of + target.owner(),
              parameters(target, path, "PatchOptions"), META + "Patch", true, PATCHES, TYPES, List.of(ok, created), "patch", target.kind));
    }
    if (verbs.contains("create") && path.contains("/{name}") && !target.subresource.isEmpty()) {
      operations.add(create(target, path));
    }
    if (verbs.contains("delete")) {
      String answer = target.showsDeleted ? type : META + "Status";
      operations.add(
          operation("delete", id("delete", target.name("")), "delete " + article(target.owner()), parameters(target, path, "DeleteOptions"),
              META + "DeleteOptions", false, ANY, TYPES, List.of(new Response(200, "OK", answer), new Response(202, "Accepted", answer)),
              "delete", target.kind));
    }
    return operations;
  }

  private Operation create(Target target, String path) {
    String type = type(target.kind);
    String description = "create " + (target.subresource.isEmpty() ? "" : target.subresource + " of ") + article(target.owner());
    return operation("post", id("create", target.name("")), description, parameters(target, path, "CreateOptions"), type, true, ANY, TYPES,
        List.of(new Response(200, "OK", type), new Response(201, "Created", type), new Response(202, "Accepted", type)), "post",
        target.kind);
  }

  private Operation operation(
      String method, String id, String description, List<Parameter> parameters, @Nullable String body, boolean bodyRequired,
      List<String> consumes, List<String> produces, List<Response> responses, String action, GroupVersionKind kind) {
    return new Operation(method, id, tag(), description, parameters, body, bodyRequired, consumes, produces, responses, action, kind);
  }

  /// Plurals go without.
  static String article(String noun) {
    if (noun.endsWith("s") && !noun.endsWith("ss")) {
      return noun;
    }
    return ("AEIOU".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  private List<Parameter> parameters(Target target, String path, String... options) {
    List<Parameter> parameters = target.named(path);
    parameters.add(PRETTY);
    for (String each : options) {
      for (Parameter parameter : queryOf(schemas.findType(META + each).orElseThrow())) {
        if (parameters.stream().noneMatch(known -> known.name().equals(parameter.name()))) {
          parameters.add(parameter);
        }
      }
    }
    return parameters;
  }

  /// The fields of an options kind that a query can say. Source: apiserver pkg/endpoints/installer.go, AddObjectParams.
  static List<Parameter> queryOf(Struct options) {
    var parameters = new ArrayList<Parameter>();
    for (FieldSchema field : options.fields()) {
      String type = queryType(field.shape(), field.name());
      if (!field.inline() && type != null) {
        parameters.add(new Parameter(field.name(), "query", type, Descriptions.of(options.name() + "#" + field.name(), field.description())));
      }
    }
    return parameters;
  }

  private static final Set<String> TYPE_META = Set.of("kind", "apiVersion");

  private static @Nullable String queryType(Shape shape, String name) {
    if (TYPE_META.contains(name)) {
      return null;
    }
    return switch (shape) {
      case Scalar.BOOLEAN -> "boolean";
      case Scalar.INT32, Scalar.INT64 -> "integer";
      case Scalar.DOUBLE -> "number";
      case Scalar.TIME, Scalar.MICRO_TIME -> null;
      case Scalar _ -> "string";
      case ListOf(Scalar item, _, _, _) -> item == Scalar.STRING ? "string" : "integer";
      default -> null;
    };
  }

  private String type(GroupVersionKind kind) {
    return schemas.findKind(kind).map(Struct::name).orElseThrow(() -> new IllegalStateException("no type of " + kind));
  }

  private static List<String> with(List<String> first, List<String> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
