package io.thyra.launcher;

import io.thyra.audit.AuditObjects;
import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.codec.YamlReader;
import io.thyra.model.ApiException;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.Value;
import io.thyra.registry.Registry;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads bodies for audit events by the types that the registry serves.
/// Source: apiserver pkg/audit/request.go, pkg/endpoints/handlers.
final class RegistryAuditObjects implements AuditObjects {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryAuditObjects.class);
  private static final GroupVersionKind DELETE_OPTIONS = new GroupVersionKind("", "v1", "DeleteOptions");

  private final Supplier<Registry> registry;

  RegistryAuditObjects(Supplier<Registry> registry) {
    this.registry = registry;
  }

  @Override
  public Optional<Value> request(RequestInfo info, String contentType, byte[] body) {
    return guarded(
        () -> {
          if (info.verb().equals("patch")) {
            return Optional.of(tree(contentType.contains("yaml") ? "application/yaml" : "application/json", body));
          }
          if (info.verb().startsWith("delete")) {
            // Upstream's decoder keeps the options in their internal version.
            return read(contentType, body, Optional.of(DELETE_OPTIONS)).map(options -> head(options, "DeleteOptions", "meta.k8s.io/__internal"));
          }
          Optional<VersionedType> version =
              registry.get().findStore(info.groupResource()).flatMap(store -> store.definition().findVersion(info.version()));
          Optional<GroupVersionKind> expected = info.subresource().isEmpty() ? version.map(VersionedType::kind) : Optional.empty();
          Optional<ObjectValue> object = read(contentType, body, expected);
          boolean own = object.isPresent() && version.isPresent() && kind(object.get()).equals(Optional.of(version.get().kind()));
          return own ? object.map(sent -> version.get().defaults().apply(sent)) : object.map(Value.class::cast);
        });
  }

  @Override
  public Optional<Value> response(RequestInfo info, String contentType, byte[] body) {
    String bare = contentType.split(";", 2)[0].strip();
    return switch (bare) {
      case "application/json", "application/yaml" -> guarded(() -> Optional.of(tree(bare, body)));
      case "application/vnd.kubernetes.protobuf" -> guarded(() -> read(bare, body, Optional.empty()).map(Value.class::cast));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> guarded(Supplier<Optional<Value>> reading) {
    try {
      return reading.get();
    } catch (DecodeException | ApiException _) {
      // What cannot be read was refused for it.
      return Optional.empty();
    } catch (RuntimeException bug) {
      LOG.warn("a body could not be read for its audit event", bug);
      return Optional.empty();
    }
  }

  private static Value tree(String contentType, byte[] body) {
    return contentType.equals("application/yaml") ? YamlReader.read(body).root() : JsonReader.read(body);
  }

  /// The object in the form of its type; as it is where the type is not built in.
  private static Optional<ObjectValue> read(String contentType, byte[] body, Optional<GroupVersionKind> expected) {
    if (ProtobufEnvelope.recognizes(body)) {
      ProtobufEnvelope envelope = ProtobufEnvelope.read(body);
      var kind = kind(envelope.apiVersion(), envelope.kind());
      return kind.or(() -> expected)
          .flatMap(known -> Schemas.builtin().findKind(known).map(type -> head(ProtobufReader.read(envelope, type), known.kind(), known.apiVersion())));
    }
    if (!(tree(contentType.contains("yaml") ? "application/yaml" : "application/json", body) instanceof ObjectValue object)) {
      return Optional.empty();
    }
    Optional<GroupVersionKind> kind = kind(object).or(() -> expected);
    Optional<Struct> type = kind.flatMap(known -> Schemas.builtin().findKind(known));
    if (type.isEmpty()) {
      return Optional.of(object);
    }
    return Optional.of(head(Canonical.decode(object, type.get()).object(), kind.get().kind(), kind.get().apiVersion()));
  }

  private static Optional<GroupVersionKind> kind(ObjectValue object) {
    return kind(object.string("apiVersion"), object.string("kind"));
  }

  private static Optional<GroupVersionKind> kind(String apiVersion, String kind) {
    if (kind.isEmpty() || apiVersion.isEmpty()) {
      return Optional.empty();
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return Optional.of(new GroupVersionKind(group, apiVersion.substring(slash + 1), kind));
  }

  private static ObjectValue head(ObjectValue object, String kind, String apiVersion) {
    var out = ObjectValue.builder().put("kind", kind).put("apiVersion", apiVersion);
    object.without("kind").without("apiVersion").forEach(out::put);
    return out.build();
  }
}
