package io.thyra.group;

import io.thyra.codec.Accepted;
import io.thyra.codec.Endpoint;
import io.thyra.codec.Negotiation;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.Query;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.Subresource;
import io.thyra.registry.VersionedType;
import io.thyra.schema.ResourceSchema;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what serves a request: the resource, its version, and the handler of the verb. Refusals become answers here, so that
/// the warnings of a refused request are sent along. Source: apiserver pkg/endpoints/installer.go.
public final class GroupRoutes {
  private static final List<String> SCALE_VERBS = List.of("get", "update", "patch");

  private static final ApiResponse NO_PAGE =
      new ApiResponse(
          404,
          "text/plain; charset=utf-8",
          List.of(Buffer.buffer("404 page not found\n")),
          List.of(),
          List.of("X-Content-Type-Options", "nosniff"));

  private static final Pattern REMOVED = Pattern.compile("unavailable in v(\\d+\\.\\d+)\\+");

  private final Registry registry;

  private final VerbHandler get = new GetHandler();
  private final VerbHandler list = new ListHandler();
  private final VerbHandler create = new CreateHandler();
  private final VerbHandler update = new UpdateHandler(GroupRoutes::strategy);
  private final VerbHandler patch = new PatchHandler(GroupRoutes::strategy);
  private final VerbHandler delete = new DeleteHandler();
  private final VerbHandler deleteCollection = new DeleteCollectionHandler();

  public GroupRoutes(Registry registry) {
    this.registry = registry;
  }

  /// Answers a request; never fails but for bugs. Runs on a thread that may wait.
  public ApiResponse handle(ApiRequest request) {
    Query query = Query.ofRequest(request.rawQuery());
    var wishes =
        new Negotiation.Wishes(request.accept(), query.has("pretty") ? query.first("pretty") : null, request.userAgent());
    var context =
        new RequestContext(request.info(), request.user(), request.userAgent(), false, registry.clock().instant());
    try {
      return dispatch(request, query, context, wishes).withAnnotations(context.annotations());
    } catch (ApiException refused) {
      return Answers.failure(refused.status(), Negotiation.error(wishes), context.warnings()).withAnnotations(context.annotations());
    }
  }

  private ApiResponse dispatch(ApiRequest request, Query query, RequestContext context, Negotiation.Wishes wishes) {
    RequestInfo info = request.info();
    if (isUnknownPage(info)) {
      return NO_PAGE;
    }
    ResourceStore store = registry.findStore(info.groupVersionResource()).orElseThrow(GroupRoutes::unknownPath);
    ResourceDefinition definition = store.definition();
    VersionedType version = definition.findVersion(info.groupVersion()).orElseThrow(GroupRoutes::unknownPath);
    if (!definition.protobuf() && info.name().isEmpty() && (info.verb().equals("update") || info.verb().equals("patch"))) {
      throw new Failure.BadRequest("name must be provided").toException();
    }
    VerbHandler handler = handler(request, definition);
    if (info.verb().equals("patch")) {
      // The router looks at the Content-Type before it looks at Accept.
      Negotiation.patch(request.contentType(), !definition.protobuf());
    }
    if (!version.warning().isEmpty()) {
      context.warn(version.warning());
      context.audit("k8s.io/deprecated", "true");
      removedRelease(version.warning()).ifPresent(release -> context.audit("k8s.io/removed-release", release));
    }
    Accepted accepted = Negotiation.answer(wishes, endpoint(info, definition));
    return handler.handle(new ResourceRequest(request, query, store, version, context, accepted));
  }

  /// The release without a version, as the warning about that version tells it.
  private static Optional<String> removedRelease(String warning) {
    Matcher told = REMOVED.matcher(warning);
    return told.find() ? Optional.of(told.group(1)) : Optional.empty();
  }

  /// Whether a path leads nowhere: custom resources have no router that would know better than to say so in plain text.
  /// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go, ServeHTTP.
  private boolean isUnknownPage(RequestInfo info) {
    ResourceDefinition definition = registry.findStore(info.groupVersionResource()).map(ResourceStore::definition).orElse(null);
    if (definition == null) {
      return registry.stores().stream()
          .map(ResourceStore::definition)
          .noneMatch(d -> d.protobuf() && d.versions().stream().anyMatch(v -> v.kind().group().equals(info.group())));
    }
    if (definition.protobuf()) {
      return false;
    }
    boolean namespace = !info.namespace().isEmpty();
    return definition.namespaced() ? !namespace && !info.verb().equals("list") && !info.verb().equals("watch") : namespace;
  }

  private static Endpoint endpoint(RequestInfo info, ResourceDefinition definition) {
    if (!definition.protobuf()) {
      return Endpoint.CUSTOM;
    }
    boolean acts =
        info.subresource().isEmpty()
            ? definition.action().isPresent()
            : definition.findSubresource(info.subresource()).orElse(null) instanceof Subresource.Action;
    if (acts) {
      return Endpoint.ACTION;
    }
    return info.verb().equals("list") ? Endpoint.LIST : Endpoint.OBJECT;
  }

  private VerbHandler handler(ApiRequest request, ResourceDefinition definition) {
    RequestInfo info = request.info();
    boolean misplaced = !definition.namespaced() && !info.namespace().isEmpty() && !info.resource().equals("namespaces");
    if (definition.protobuf() && (misplaced || !info.name().isEmpty() && !hasItems(info, definition))) {
      throw unknownPath();
    }
    if (!info.subresource().isEmpty()) {
      if (definition.protobuf() && request.method().equals("HEAD")) {
        throw notSupported(info, definition);
      }
      return ofSubresource(info, definition);
    }
    boolean inScope = !definition.namespaced() || !info.namespace().isEmpty() || info.verb().equals("list");
    if (!inScope && !info.name().isEmpty()) {
      throw unknownPath();
    }
    if (!inScope || !serves(definition, info) || definition.protobuf() && !routes(request.method(), info)) {
      throw notSupported(info, definition);
    }
    return switch (info.verb()) {
      case "get" -> computed(definition).orElse(get);
      case "list" -> computed(definition).orElse(list);
      case "create" -> definition.action().<VerbHandler>map(ActionHandler::new).orElse(create);
      case "update" -> update;
      case "patch" -> patch;
      case "delete" -> delete;
      case "deletecollection" -> deleteCollection;
      default -> throw notSupported(info, definition);
    };
  }

  /// Whether upstream's router has paths with a name: not for what is only asked, nor outside of a namespace.
  private static boolean hasItems(RequestInfo info, ResourceDefinition definition) {
    if (info.verb().equals("list") || info.verb().equals("watch")) {
      // The name is one that a selector asks for.
      return true;
    }
    return definition.action().isEmpty() && (!definition.namespaced() || !info.namespace().isEmpty());
  }

  /// Whether upstream's router has the method on the path: collections are created in, objects are replaced, HEAD is nowhere.
  private static boolean routes(String method, RequestInfo info) {
    return switch (method) {
      case "HEAD" -> false;
      case "POST" -> info.name().isEmpty();
      case "PUT", "PATCH" -> !info.name().isEmpty();
      default -> true;
    };
  }

  private static Optional<VerbHandler> computed(ResourceDefinition definition) {
    return definition.computed().map(objects -> new ComputedHandler(objects.get()));
  }

  /// Whether discovery lists the verb; a definition that says nothing of verbs serves them all.
  private static boolean serves(ResourceDefinition definition, RequestInfo info) {
    if (!definition.protobuf()) {
      // What discovery lists of a custom resource is no limit.
      return true;
    }
    Optional<ResourceSchema> schema =
        definition.schemas().stream().filter(s -> s.resource().groupVersion().equals(info.groupVersion())).findFirst();
    return schema.map(s -> s.verbs().contains(info.verb())).orElse(true);
  }

  private VerbHandler ofSubresource(RequestInfo info, ResourceDefinition definition) {
    VersionedType version = definition.findVersion(info.groupVersion()).orElseThrow(GroupRoutes::unknownPath);
    Subresource subresource =
        definition.findSubresource(info.subresource(), version).orElseThrow(() -> unknownSubresource(info, definition));
    return switch (subresource) {
      case Subresource.Part(ResourceStrategy _, boolean readable) -> ofPart(info, definition, readable);
      case Subresource.Scale scale when SCALE_VERBS.contains(info.verb()) -> new ScaleHandler(scale);
      case Subresource.Scale _ -> throw notSupported(info, definition);
      case Subresource.Action action when info.verb().equals("create") -> new ActionHandler(action);
      case Subresource.Action _ -> throw notSupported(info, definition);
    };
  }

  private VerbHandler ofPart(RequestInfo info, ResourceDefinition definition, boolean readable) {
    if (info.verb().equals("update")) {
      return update;
    }
    if (readable && info.verb().equals("get")) {
      return get;
    }
    if (readable && info.verb().equals("patch")) {
      return patch;
    }
    throw notSupported(info, definition);
  }

  private static ResourceStrategy strategy(ResourceRequest request) {
    ResourceDefinition definition = request.definition();
    return definition
        .findSubresource(request.request().info().subresource(), request.version())
        .map(s -> s instanceof Subresource.Part(ResourceStrategy rules, boolean _) ? rules : definition.strategy())
        .orElse(definition.strategy());
  }

  /// A custom object has no part that its definition does not give it; the answer names the object.
  private static ApiException unknownSubresource(RequestInfo info, ResourceDefinition definition) {
    return definition.protobuf() ? unknownPath() : new Failure.NotFound(info.groupResource(), info.name()).toException();
  }

  private static ApiException unknownPath() {
    return told(404, "NotFound", "the server could not find the requested resource");
  }

  /// Upstream's router answers methods that a path does not have; custom resources have no router in front.
  private static ApiException notSupported(RequestInfo info, ResourceDefinition definition) {
    if (!definition.protobuf()) {
      return new Failure.MethodNotSupported(info.groupResource(), info.verb()).toException();
    }
    return told(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  private static ApiException told(int code, String reason, String message) {
    return new Failure.Told(Status.failure(code, reason, message, new Status.Details("", "", "", "", List.of(), 0)))
        .toException();
  }
}
