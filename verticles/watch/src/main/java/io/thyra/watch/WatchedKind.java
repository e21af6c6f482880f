package io.thyra.watch;

import io.thyra.cache.CachedObject;
import io.thyra.codec.Canonical;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Forms;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;

/// The resource that is watched, in the version that the client named.
record WatchedKind(ResourceStore store, VersionedType version) {
  private static final String INITIAL_END = "k8s.io/initial-events-end";

  ResourceDefinition definition() {
    return store.definition();
  }

  Forms forms() {
    return store.forms();
  }

  /// An object with another resourceVersion than its own: that of its deletion, or of the change that hid it.
  ObjectValue tree(CachedObject object, long revision) {
    return forms().tree(object, version).withAt(Value.of(Long.toString(revision)), "metadata", "resourceVersion");
  }

  ObjectValue toHub(ObjectValue tree) {
    return version.kind().equals(definition().hub()) ? tree : forms().toHub(tree, version);
  }

  /// An object that is nothing but its type and a resourceVersion, with the zero values that its kind prints.
  ObjectValue bookmark(long revision, boolean initialEnd) {
    var metadata = ObjectValue.builder().put("resourceVersion", Long.toString(revision));
    if (initialEnd) {
      metadata.put("annotations", ObjectValue.builder().put(INITIAL_END, "true").build());
    }
    ObjectValue bare =
        ObjectValue.builder()
            .put("kind", version.kind().kind())
            .put("apiVersion", version.kind().apiVersion())
            .put("metadata", metadata.build())
            .build();
    if (holdsReplicas()) {
      bare = bare.with("spec", ObjectValue.builder().put("replicas", 0).build());
    }
    return definition().protobuf() ? Canonical.complete(bare, version.struct()) : forms().printed(bare);
  }

  /// Whether upstream's internal type, of which the zero is printed, has the wanted replicas by value where the versions have a
  /// pointer. Source: pkg/apis/apps/types.go.
  private boolean holdsReplicas() {
    FieldSchema spec = version.struct().field("spec");
    return version.kind().group().equals("apps") && spec != null && spec.shape() instanceof Struct type && type.field("replicas") != null;
  }
}
