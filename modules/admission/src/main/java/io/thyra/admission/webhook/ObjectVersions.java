package io.thyra.admission.webhook;

import io.thyra.admission.RuleMatcher.Match;
import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.codec.JsonDocument;
import io.thyra.model.GoText;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.Optional;

/// Brings objects under admission into the version that a webhook asks for, and back.
public final class ObjectVersions {
  private final Registry registry;

  public ObjectVersions(Registry registry) {
    this.registry = registry;
  }

  /// The request with its objects in a version.
  public VersionedRequest of(AdmissionAttributes attributes, Match match) {
    return new VersionedRequest(
        attributes, match, attributes.object().map(o -> in(match, o)), attributes.oldObject().map(o -> in(match, o)));
  }

  private ObjectValue in(Match match, ObjectValue hub) {
    Optional<ResourceStore> store = registry.findStore(match.resource());
    Optional<VersionedType> version = store.flatMap(s -> version(s.definition(), match.kind()));
    if (store.isEmpty() || version.isEmpty()) {
      // The body of a subresource is in the one version that it has.
      ObjectValue typed = hub.with("kind", match.kind().kind()).with("apiVersion", match.kind().apiVersion());
      return Schemas.builtin().findKind(match.kind()).map(struct -> Canonical.complete(typed, struct)).orElse(typed);
    }
    ResourceDefinition definition = store.get().definition();
    ObjectValue whole = definition.protobuf() ? Canonical.complete(hub, definition.hubVersion().struct()) : hub;
    ObjectValue typed = whole.with("kind", definition.hub().kind()).with("apiVersion", definition.hub().apiVersion());
    return store.get().forms().printed(store.get().forms().fromHub(typed, version.get()));
  }

  private static Optional<VersionedType> version(ResourceDefinition definition, GroupVersionKind kind) {
    return definition.versions().stream().filter(version -> version.kind().equals(kind)).findFirst();
  }

  /// The hub tree of a patched object, defaults applied.
  ///
  /// @throws DecodeException when it is not of its kind any more
  public ObjectValue back(Match match, Value patched) {
    Optional<ResourceStore> store = registry.findStore(match.resource());
    Optional<VersionedType> version = store.flatMap(s -> version(s.definition(), match.kind()));
    if (store.isEmpty() || store.get().definition().protobuf()) {
      requireKind(match.kind(), patched);
    }
    if (store.isEmpty() || version.isEmpty()) {
      return Schemas.builtin()
          .findKind(match.kind())
          .map(struct -> named(Canonical.decode(patched, struct), match.kind()))
          .orElseGet(() -> patched instanceof ObjectValue object ? object : ObjectValue.EMPTY);
    }
    ResourceDefinition definition = store.get().definition();
    Decoded decoded =
        definition.protobuf()
            ? Canonical.decode(patched, version.get().struct())
            : definition.decoding().decode(JsonDocument.of(patched), version.get(), false);
    return store.get().forms().toHub(named(decoded, match.kind()), version.get());
  }

  /// A patch that makes another kind of an object is found out by reading it as that.
  private static void requireKind(GroupVersionKind kind, Value patched) {
    if (!(patched instanceof ObjectValue object)) {
      return;
    }
    GroupVersion version = GroupVersion.parse(object.string("apiVersion"));
    var told = new GroupVersionKind(version.group(), version.version(), object.string("kind"));
    if (told.equals(kind)) {
      return;
    }
    Struct struct =
        Schemas.builtin()
            .findKind(told)
            .orElseThrow(
                () ->
                    new DecodeException(
                        "no kind "
                            + GoText.quote(told.kind())
                            + " is registered for version "
                            + GoText.quote(told.apiVersion())
                            + " in scheme \"pkg/runtime/scheme.go:111\""));
    Canonical.decode(patched, struct);
    throw new DecodeException("converting (" + told.version() + "." + told.kind() + ") to (" + kind.kind() + "): unknown conversion");
  }

  private static ObjectValue named(Decoded decoded, GroupVersionKind kind) {
    return decoded.object().with("kind", kind.kind()).with("apiVersion", kind.apiVersion());
  }
}
