package io.thyra.group;

import io.thyra.cache.CacheOptions;
import io.thyra.codec.JsonReader;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.Admission;
import io.thyra.registry.CreateAuthorization;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.Subresource;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.storage.testkit.ModelStorage;
import io.thyra.storage.testkit.TestClock;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;

/// Config maps and deployments, served over the model store without HTTP.
final class Served implements AutoCloseable {
  /// The answer to a request.
  record Answer(int code, String contentType, byte[] body, List<String> warnings) {
    ObjectValue json() {
      return (ObjectValue) JsonReader.read(body);
    }

    String message() {
      return json().string("message");
    }
  }

  final TestClock clock = new TestClock();
  final ModelStorage storage = new ModelStorage(clock);
  private final Registry registry =
      new Registry(
          storage, CacheOptions.DEFAULT, clock, (_, _) -> () -> {}, CreateAuthorization.ALLOWED, _ -> Admission.NONE);
  private final GroupRoutes routes = new GroupRoutes(registry);

  Served() {
    register(new GroupVersionKind("", "v1", "ConfigMap"), "configmaps");
    register(new GroupVersionKind("apps", "v1", "Deployment"), "deployments");
  }

  private void register(GroupVersionKind kind, String plural) {
    VersionedType version = VersionedType.same(kind, Schemas.builtin().findKind(kind).orElseThrow(), o -> o);
    registry
        .register(
            ResourceDefinition.builder(new GroupResource(kind.group(), plural))
                .storedUnder("/registry/" + plural + "/")
                .versions(kind, List.of(version))
                .subresource("status", new Subresource.Part(new ResourceStrategy() {}, true))
                .subresource(
                    "scale",
                    new Subresource.Scale(
                        new String[] {"spec", "replicas"}, new String[] {"status", "replicas"}, _ -> "app=d"))
                .columns(
                    new TableColumns(
                        List.of(new TableColumns.Column("Name", "string", "name", "The name", 0)),
                        (object, _) -> List.of(io.thyra.model.Value.of(object.string("metadata", "name")))))
                .build())
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /// A request in a namespace; the path is `apps/v1/deployments/name/subresource`, `v1/configmaps` for the core group.
  Answer ask(String verb, String path, String query, String accept, String contentType, String body) {
    return ask(verb, path, query, accept, contentType, Buffer.buffer(body));
  }

  Answer ask(String verb, String path, String query, String accept, String contentType, Buffer body) {
    String[] parts = path.split("/");
    int first = parts[0].equals("v1") ? 1 : 2;
    GroupVersion version = first == 1 ? new GroupVersion("", "v1") : new GroupVersion(parts[0], parts[1]);
    String name = parts.length > first + 1 ? parts[first + 1] : "";
    String subresource = parts.length > first + 2 ? parts[first + 2] : "";
    var info =
        new RequestInfo(
            true, "/" + path, verb, first == 1 ? "api" : "apis", version.group(), version.version(), "ns", parts[first], subresource, name);
    var user = new UserInfo("tester", "", List.of());
    Instant now = clock.instant();
    ApiResponse response =
        routes.handle(new ApiRequest(info, verb, query, accept, contentType, "tester/1", user, body, "", now, now.plusSeconds(30)));
    Buffer all = Buffer.buffer();
    response.pieces().forEach(all::appendBuffer);
    return new Answer(response.code(), response.contentType(), all.getBytes(), response.warnings());
  }

  Answer get(String path) {
    return ask("get", path, "", "", "", "");
  }

  Answer post(String path, String body) {
    return ask("create", path, "", "", "application/json", body);
  }

  Answer put(String path, String body) {
    return ask("update", path, "", "", "application/json", body);
  }

  Answer patch(String path, String kind, String body) {
    return ask("patch", path, kind.startsWith("apply") ? "fieldManager=tester" : "", "", "application/" + kind, body);
  }

  @Override
  public void close() {
    registry.close();
  }
}
