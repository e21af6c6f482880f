package io.thyra.nodes;

import io.thyra.model.ApiException;
import io.thyra.model.Authorizer;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Failure;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import io.thyra.wire.Routes.Streamed;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One subresource whose requests are passed on: they are prepared on a virtual thread each, where admission and look-ups may
/// wait, and go on at their event loop. Stateless. Source: apiserver pkg/endpoints/handlers/rest.go ConnectResource.
abstract class NodeAccess implements Streamed {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAccess.class);

  final Vertx vertx;
  private final Registry registry;
  private final Set<String> methods;
  private final boolean paths;

  /// @param paths whether paths go on behind the subresource
  NodeAccess(Vertx vertx, Registry registry, Set<String> methods, boolean paths) {
    this.vertx = vertx;
    this.registry = registry;
    this.methods = Set.copyOf(methods);
    this.paths = paths;
  }

  @Override
  public final boolean allows(String method) {
    return methods.contains(method);
  }

  @Override
  public final boolean takesPaths() {
    return paths;
  }

  /// What is to be done for a request, as far as that takes time.
  ///
  /// @return the rest, for the event loop
  /// @throws ApiException to refuse it
  abstract Runnable prepare(Asked asked);

  @Override
  public final void handle(HttpServerRequest request, RequestInfo info, UserInfo user, Outcome outcome) {
    Context loop = vertx.getOrCreateContext();
    Asked asked = Asked.of(request, info, user, outcome);
    Thread.ofVirtual()
        .name("nodes-" + info.subresource())
        .start(
            () -> {
              Runnable rest = prepared(asked);
              loop.runOnContext(_ -> rest.run());
            });
  }

  private Runnable prepared(Asked asked) {
    try {
      return prepare(asked);
    } catch (ApiException e) {
      return () -> asked.outcome().fail(e.failure());
    } catch (RuntimeException e) {
      LOG.error("a request failed, path={}", asked.info().path(), e);
      return () -> asked.outcome().fail(new Failure.Internal(String.valueOf(e.getMessage())));
    }
  }

  static void refuseDryRun(Asked asked) {
    if (asked.query().has("dryRun")) {
      throw new Failure.BadRequest("dryRun is not supported").toException();
    }
  }

  /// Asks admission about a connection.
  ///
  /// @return the options as the plugins leave them
  ObjectValue admit(Asked asked, ObjectValue options) {
    RequestInfo info = asked.info();
    var context = new RequestContext(info, asked.user(), asked.header("User-Agent"), false, registry.clock().instant());
    var attributes =
        new AdmissionAttributes(
            AdmissionAttributes.Operation.CONNECT,
            new GroupVersionKind("", "v1", options.string("kind")),
            info.groupVersionResource(),
            info.subresource(),
            info.namespace(),
            info.name(),
            Optional.of(options),
            Optional.empty(),
            Optional.empty(),
            context);
    ObjectValue changed = registry.admission().mutate(attributes);
    registry.admission().validate(attributes.withObject(changed));
    return changed;
  }

  /// Refuses those who may not do what another verb than that of the request stands for.
  static void authorize(Asked asked, Authorizer authorizer, String verb) {
    RequestInfo info = asked.info();
    if (info.verb().equals(verb)) {
      return;
    }
    Authorizer.Decision decision =
        authorizer.authorize(
            new AuthorizationAttributes(
                asked.user(),
                verb,
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                info.name(),
                info.path(),
                true,
                java.util.List.of(),
                java.util.List.of()));
    if (!decision.allowed()) {
      throw new Failure.Forbidden(info.groupResource(), info.name(), decision.reason()).toException();
    }
  }
}
