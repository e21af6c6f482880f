package io.thyra.registry;

import io.thyra.codec.Canonical;
import io.thyra.model.ObjectValue;

/// Brings objects of one kind from one of its versions into another, by way of the hub. Pure.
final class Conversion {
  private final ResourceDefinition definition;

  Conversion(ResourceDefinition definition) {
    this.definition = definition;
  }

  /// A hub tree in a served version.
  ObjectValue fromHub(ObjectValue hub, VersionedType version) {
    if (version.kind().equals(definition.hub())) {
      return hub;
    }
    ObjectValue converted = version.fromHub().apply(hub).with("apiVersion", version.kind().apiVersion());
    return definition.protobuf() ? canonical(converted, version) : definition.shaping().apply(converted, version);
  }

  /// The hub tree of an object in a served version; nothing is defaulted.
  ObjectValue toHub(ObjectValue object, VersionedType version) {
    if (version.kind().equals(definition.hub())) {
      return object;
    }
    return canonical(version.toHub().apply(object).with("apiVersion", definition.hub().apiVersion()), definition.hubVersion());
  }

  private ObjectValue canonical(ObjectValue converted, VersionedType version) {
    return definition.protobuf() ? Canonical.complete(converted, version.struct()) : converted;
  }

  /// A tree whose fields are in the order of their version again, after steps that set some without a thought for it.
  ///
  /// @param known the tree that it was made of, which is in order
  ObjectValue ordered(ObjectValue tree, VersionedType version, ObjectValue known) {
    return definition.protobuf() ? Canonical.complete(tree, version.struct(), known) : tree;
  }

  /// An object of one served version in another one, as the owners of fields compare them: what a custom version does not
  /// know is still there, for its type to complain about.
  ObjectValue between(ObjectValue object, VersionedType from, VersionedType to) {
    if (definition.protobuf()) {
      return fromHub(toHub(object, from), to);
    }
    ObjectValue hub = from.kind().equals(definition.hub()) ? object : from.toHub().apply(object);
    ObjectValue converted = to.kind().equals(definition.hub()) ? hub : to.fromHub().apply(hub);
    return converted.with("apiVersion", to.kind().apiVersion());
  }
}
